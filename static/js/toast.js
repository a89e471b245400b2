// Toasts come up over the thumb row, one line each, and leave by themselves.
// A toast with a button stays until it is answered. None comes in the middle of a game.
const tray = document.querySelector("[data-toasts]");
const waiting = [];

const leave = (toast) => toast.remove();

function show(toast) {
  if (document.documentElement.dataset.busy === "game") {
    waiting.push(toast);
    return;
  }
  tray.append(toast);
  if (!toast.querySelector("button")) setTimeout(leave, 7000, toast);
}

function line(text) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.append(Object.assign(document.createElement("span"), { textContent: text }));
  return toast;
}

if (tray) {
  for (const toast of tray.querySelectorAll("[data-toast]")) setTimeout(leave, 7000, toast);
  document.addEventListener("setia:tell", (event) => show(line(event.detail)));
  document.addEventListener("setia:toast", (event) => show(event.detail));
  document.addEventListener("setia:idle", () => waiting.splice(0).forEach(show));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) leave(event.target.closest(".toast"));
  });
}
