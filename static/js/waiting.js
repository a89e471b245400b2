// A slow network: the tab that was pressed lights up at once, and the page shows the bones of the
// next one. Before half a second there is nothing to wait for, and nothing flickers.
const SLOW_MS = 500;
const GIVEN_UP_MS = 15000;
const main = document.getElementById("isi");
const bones = document.getElementById("bones");
let tab = null;

function light(pressed) {
  tab = document.querySelector(".tabbar [aria-current]");
  tab?.removeAttribute("aria-current");
  pressed.setAttribute("aria-current", "page");
}

function wait() {
  main.setAttribute("aria-busy", "true");
  main.append(bones.content.cloneNode(true));
  scrollTo(0, 0);
}

function back(pressed) {
  if (main.hasAttribute("aria-busy")) main.lastElementChild.remove();
  main.removeAttribute("aria-busy");
  pressed.removeAttribute("aria-current");
  tab?.setAttribute("aria-current", "page");
}

document.querySelector(".tabbar")?.addEventListener("click", (event) => {
  const pressed = event.target.closest("a");
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button;
  if (!pressed || !bones || elsewhere || event.defaultPrevented) return;
  light(pressed);
  const slow = setTimeout(wait, SLOW_MS);
  const given = setTimeout(() => back(pressed), GIVEN_UP_MS);
  const left = () => {
    clearTimeout(slow);
    clearTimeout(given);
    back(pressed);
  };
  addEventListener("pagehide", left, { once: true });
});
