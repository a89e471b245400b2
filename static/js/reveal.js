// The eye in a password field, and buttons that open a sheet or a code as large as the screen.
function ready(root) {
  for (const button of root.querySelectorAll("[data-reveal][hidden], [data-opens][hidden]")) button.hidden = false;
}

// What is held up to a scanner stays lit until it is put away.
async function open(dialog) {
  dialog.showModal();
  if (!("awake" in dialog.dataset)) return;
  const lamp = await navigator.wakeLock?.request("screen").catch(() => {});
  dialog.addEventListener("close", () => lamp?.release(), { once: true });
}

document.addEventListener("click", (event) => {
  const eye = event.target.closest("[data-reveal]");
  if (eye) {
    const input = document.getElementById(eye.dataset.reveal);
    const isShown = input.type === "password";
    input.type = isShown ? "text" : "password";
    eye.setAttribute("aria-pressed", String(isShown));
    input.focus();
  }
  const opener = event.target.closest("[data-opens]");
  if (opener) open(document.querySelector(opener.dataset.opens));
  // A tap beside the sheet closes it.
  if (event.target.matches("dialog.sheet, dialog.full")) event.target.close();
});

document.addEventListener("htmx:load", (event) => ready(event.target));
ready(document);
