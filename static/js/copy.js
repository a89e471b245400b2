// [data-copy="text"] copies; [data-share="text" data-url="..."] shares, or copies where it can't.
const done = () => {
  const text = document.getElementById("words")?.dataset.copied;
  document.dispatchEvent(new CustomEvent("setia:tell", { detail: text }));
};

async function share(button) {
  const parcel = { text: button.dataset.share, url: new URL(button.dataset.url || "/", location).href };
  if (!navigator.share) return copy(`${parcel.text} ${parcel.url}`);
  try {
    await navigator.share(parcel);
  } catch {
    // Closing the share sheet is an answer too.
  }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    done();
  } catch {
    // Without the permission the text is still there to be read.
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-share]");
  if (!button) return;
  if (button.dataset.share) share(button);
  else copy(button.dataset.copy);
});
