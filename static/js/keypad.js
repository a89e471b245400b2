// The till's keys type into the amount, which stays a plain field for forms and screen readers.
// Rupiah; more on one receipt is a slip of the finger.
const MOST = 99_999_999;

const plain = (text) => text.replace(/\D/g, "").replace(/^0+(?=\d)/, "");
const dotted = (text) => plain(text).replace(/\B(?=(\d{3})+$)/g, ".");

function write(input, text) {
  if (Number(plain(text)) > MOST) return;
  input.value = text ? dotted(text) : "";
  input.dataset.len = Math.max(1, input.value.length);
}

// A PIN keeps its zeros, and its last digit sends it.
function pressPin(input, key) {
  const digits = Number(input.dataset.pin);
  input.value = key === "back" ? input.value.slice(0, -1) : (input.value + key).slice(0, digits);
  if (input.value.length === digits) input.form.requestSubmit();
}

function press(input, key) {
  if (input.dataset.pin) return pressPin(input, key);
  const before = plain(input.value);
  write(input, key === "back" ? before.slice(0, -1) : before + key);
  return input.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const pad of document.querySelectorAll("[data-keypad]")) {
  const input = document.getElementById(pad.dataset.keypad);
  pad.hidden = false;
  // Our keys, not the phone's; but a hardware keyboard still types.
  if (matchMedia("(pointer: coarse)").matches) input.inputMode = "none";
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    if (key) press(input, key.dataset.key);
  });
}

for (const input of document.querySelectorAll("[data-pin]")) {
  input.addEventListener("input", () => input.value.length === Number(input.dataset.pin) && input.form.requestSubmit());
}

for (const input of document.querySelectorAll("[data-amount]")) {
  input.addEventListener("input", () => write(input, input.value));
  input.form?.addEventListener("formdata", (event) => {
    event.formData.set(input.name, plain(input.value));
  });
}
