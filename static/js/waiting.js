// A slow network: the tab that was pressed lights up at once, and half a second later the page
// shows the bones of the next one. A page that is come back to is as it was.
const SLOW_MS = 500;
const main = document.getElementById("isi");
const bones = document.getElementById("bones");
const bar = document.querySelector(".tabbar");

function light(now, before) {
  before?.removeAttribute("aria-current");
  now?.setAttribute("aria-current", "page");
}

function wait() {
  main.ariaBusy = "true";
  main.append(bones.content.cloneNode(true));
  scrollTo(0, 0);
}

bar?.addEventListener("click", (event) => {
  const pressed = event.target.closest("a");
  if (!pressed || !bones || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const before = bar.querySelector("[aria-current]");
  light(pressed, before);
  const slow = setTimeout(wait, SLOW_MS);
  addEventListener("pagehide", () => {
    clearTimeout(slow);
    light(before, pressed);
    if (main.ariaBusy) main.lastElementChild.remove();
    main.ariaBusy = null;
  }, { once: true });
});
