// One worker, registered once. A new one waits until the member says so; never in a game.
const notice = document.getElementById("update");
let isAsked = false;

function offer(worker) {
  if (!notice) return;
  const toast = notice.content.firstElementChild.cloneNode(true);
  toast.querySelector("[data-reload]").addEventListener("click", () => {
    isAsked = true;
    worker.postMessage({ type: "take-over" });
  });
  document.dispatchEvent(new CustomEvent("setia:toast", { detail: toast }));
}

function watch(registration) {
  const ready = (worker) => navigator.serviceWorker.controller && worker && offer(worker);
  ready(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker.addEventListener("statechange", () => worker.state === "installed" && ready(worker));
  });
}

async function start() {
  try {
    watch(await navigator.serviceWorker.register("/service-worker.js", { updateViaCache: "none" }));
  } catch {
    // Without a worker the app is a web page, which is fine.
  }
}

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (isAsked) location.reload();
  });
  addEventListener("load", start);
}
