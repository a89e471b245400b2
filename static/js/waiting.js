// A slow network: the tab that was pressed lights up at once, and half a second later the page
// shows the bones of the next one. A page that is come back to as it was left begins anew.
const bones = document.getElementById("bones");
let pressed = null;

function wait() {
  const main = document.getElementById("isi");
  main.ariaBusy = "true";
  main.append(bones.content.cloneNode(true));
}

document.querySelector(".tabbar")?.addEventListener("click", (event) => {
  pressed = event.target.closest("a");
  if (!bones || !pressed || event.ctrlKey || event.metaKey) return;
  document.querySelector(".tabbar [aria-current]")?.removeAttribute("aria-current");
  pressed.setAttribute("aria-current", "page");
  setTimeout(wait, 500);
});

addEventListener("pageshow", () => pressed && location.reload());
