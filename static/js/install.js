// Installing is offered after a first success (a page with [data-success], or the event
// setia:success), never on arrival; once a fortnight at most.
const PAUSE_MS = 14 * 24 * 3600 * 1000;
const standalone = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
const isIos = /iPhone|iPad/.test(navigator.userAgent) && !("onbeforeinstallprompt" in window);
let held = null;

const last = () => Number(localStorage.getItem("install-offered") || 0);
const mayOffer = () => !standalone && Date.now() - last() > PAUSE_MS;

function offer() {
  if (!mayOffer()) return;
  if (held) offerHeld();
  else if (isIos) offerIos();
}

function offerHeld() {
  const template = document.getElementById("install");
  if (!template) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("[data-install-now]").addEventListener("click", async () => {
    toast.remove();
    await held.prompt();
    held = null;
  });
  localStorage.setItem("install-offered", Date.now());
  document.dispatchEvent(new CustomEvent("setia:toast", { detail: toast }));
}

function offerIos() {
  const template = document.getElementById("install-ios");
  if (!template) return;
  const sheet = template.content.firstElementChild.cloneNode(true);
  document.body.append(sheet);
  localStorage.setItem("install-offered", Date.now());
  sheet.showModal();
}

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  held = event;
  if (document.querySelector("[data-success]")) offer();
});
addEventListener("appinstalled", () => {
  const key = localStorage.getItem("installed") || crypto.randomUUID();
  localStorage.setItem("installed", key);
  const token = document.querySelector('meta[name="csrf-token"]')?.content || "";
  fetch("/installs", { method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams({ key }), keepalive: true }).catch(() => {});
});
document.addEventListener("setia:success", offer);
if (document.querySelector("[data-success]") && isIos) offer();
