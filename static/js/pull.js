// Pull to refresh where the browser has none: an app on an iPhone's home screen.
const FAR = 84;
let from = null;
let sign = null;

function pulled(event) {
  return from === null ? 0 : Math.max(0, event.changedTouches[0].clientY - from) / 2;
}

function begin(event) {
  const free = scrollY <= 0 && !document.documentElement.dataset.busy && !document.querySelector("dialog[open]");
  from = free && event.touches.length === 1 ? event.touches[0].clientY : null;
}

function move(event) {
  const far = pulled(event);
  if (far < 8) return;
  if (!sign) {
    sign = Object.assign(document.createElement("div"), { className: "pull", ariaHidden: "true" });
    sign.append(document.getElementById("words").content.querySelector(".btn__dots").cloneNode(true));
    document.body.append(sign);
  }
  sign.style.translate = `-50% ${Math.min(far, FAR)}px`;
  sign.dataset.state = far >= FAR ? "ready" : "pull";
}

function end(event) {
  if (sign && pulled(event) >= FAR && event.type === "touchend") {
    sign.dataset.state = "going";
    location.reload();
  } else {
    sign?.remove();
    sign = null;
  }
  from = null;
}

if (navigator.standalone === true) {
  addEventListener("touchstart", begin, { passive: true });
  addEventListener("touchmove", move, { passive: true });
  addEventListener("touchend", end);
  addEventListener("touchcancel", end);
}
