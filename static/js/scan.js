// The camera as a keyboard: what it reads goes into the field, and the form is sent.
// BarcodeDetector where there is one, else qr-scanner, loaded when first needed; else typing.
const WIDE = { facingMode: "environment", width: { ideal: 1280 } };

async function reader(box) {
  if ("BarcodeDetector" in window) {
    const formats = await BarcodeDetector.getSupportedFormats();
    if (formats.includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      return async (video) => (await detector.detect(video))[0]?.rawValue;
    }
  }
  const { default: QrScanner } = await import(box.dataset.scanner);
  const qrEngine = await QrScanner.createQrEngine();
  return (video) => QrScanner.scanImage(video, { qrEngine, returnDetailedScanResult: true }).then(
    (found) => found.data,
    // Nothing in this picture.
    () => undefined,
  );
}

async function run(box, video, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: WIDE });
  video.srcObject = stream;
  await video.play();
  const read = await reader(box);
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  addEventListener("pagehide", stop, { once: true });
  const look = async () => {
    const text = video.readyState >= 2 && (await read(video).catch(() => undefined));
    if (!text) return setTimeout(look, 120);
    stop();
    return found(text);
  };
  look();
}

async function start(box) {
  const input = document.getElementById(box.dataset.scan);
  const say = box.querySelector("[data-scan-say]");
  box.hidden = false;
  try {
    await run(box, box.querySelector("video"), (text) => {
      input.value = text;
      navigator.vibrate?.(40);
      input.form.requestSubmit();
    });
  } catch {
    box.classList.add("is-off");
    say.textContent = box.dataset.denied;
    input.focus();
  }
}

for (const box of document.querySelectorAll("[data-scan]")) {
  const button = document.querySelector("[data-scan-start]");
  if (!navigator.mediaDevices?.getUserMedia) continue;
  if (button) button.addEventListener("click", () => start(box), { once: true });
  else start(box);
}
