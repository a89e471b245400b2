// The quiz's clock and its steps. Both only show: the server keeps the time and marks the answer,
// and without this script there is a plain page with selects.
const SOON_S = 5;
// The server forgives two seconds; then it says that time is over.
const GRACE_MS = 2500;

let ticking = 0;

// Counts down by the page's own clock, from what was left when the server sent it.
function count(clock) {
  const left = Number(clock.dataset.clock);
  const ends = performance.now() + left * 1000;
  const bar = clock.querySelector("progress");
  const seconds = clock.querySelector("[data-seconds]");
  const said = clock.querySelector("[data-said]");
  clearInterval(ticking);
  const show = () => {
    const rest = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
    if (!clock.isConnected) return clearInterval(ticking);
    if (String(rest) === seconds.textContent) return;
    seconds.textContent = rest;
    bar.value = rest;
    clock.classList.toggle("is-soon", rest <= SOON_S);
    if (rest === SOON_S) said.textContent = clock.dataset.soon;
    if (rest > 0) return;
    clearInterval(ticking);
    said.textContent = clock.dataset.over;
    setTimeout(() => clock.isConnected && location.reload(), GRACE_MS);
  };
  ticking = setInterval(show, 200);
  show();
}

// Puts buttons that move a step in place of the selects that need no script.
function order(list) {
  const form = list.closest("form");
  for (const plain of form.querySelectorAll("[data-plain]")) plain.remove();
  for (const input of list.querySelectorAll("input")) input.disabled = false;
  list.hidden = false;
}

function move(button) {
  const step = button.closest("li");
  const list = step.parentElement;
  const other = button.dataset.move === "1" ? step.nextElementSibling : step.previousElementSibling;
  if (!other) return;
  if (button.dataset.move === "1") other.after(step);
  else other.before(step);
  const steps = [...list.children];
  steps.forEach((one, n) => (one.querySelector("[data-n]").textContent = n + 1));
  // The end of the list has no way further: the focus goes to the button that is left.
  const stays = getComputedStyle(button).visibility === "hidden";
  (stays ? step.querySelector(`[data-move="${-button.dataset.move}"]`) : button).focus();
  const told = list.parentElement.querySelector("[data-told]");
  const words = { step: step.querySelector("[data-step]").textContent, n: steps.indexOf(step) + 1 };
  told.textContent = list.dataset.moved.replace(/{(\w+)}/g, (_, name) => words[name]);
}

// What is chosen and not yet answered stays on this phone through a reload, and an answer that a
// lost signal held up goes when it is back. The server keeps the time; one question, one answer.
const form = () => document.querySelector("#jawab");
const draft = () => `${form().action}#${form().elements.question.value}`;
const note = () => sessionStorage.setItem(draft(), new FormData(form()).getAll("answer"));

function begin() {
  const clock = document.querySelector("[data-clock]");
  const list = document.querySelector("[data-steps][hidden]");
  if (clock && !clock.dataset.runs) {
    clock.dataset.runs = "1";
    count(clock);
  }
  if (list) order(list);
  for (const one of form()?.answer || []) one.checked = sessionStorage.getItem(draft())?.includes(one.value);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (button) move(button);
});
document.addEventListener("change", () => form() && note());
document.addEventListener("htmx:sendError", () => form()?.setAttribute("data-held", ""));
addEventListener("online", () => form()?.matches("[data-held]") && form().requestSubmit());
// htmx swaps the whole question; a page that comes back from the cache has lost time.
document.addEventListener("htmx:afterSwap", begin);
addEventListener("pageshow", (event) => event.persisted && location.reload());
begin();
