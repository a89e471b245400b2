// A press asks the server, which decides and records; only then does the disc go, to where it said.
// While the answer is on its way the disc leans back, so that a slow line feels like taking a swing.
// The script only turns one composited layer; without it the form shows the stopped wheel.
const TURNS = 7;
const form = document.querySelector("[data-spin]");
const wheel = document.querySelector(".wheel");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const root = document.documentElement;

const disc = wheel?.querySelector(".wheel__disc");
const pin = wheel?.querySelector(".wheel__pin");
const gap = Number(wheel?.dataset.gap);

function angle() {
  const turn = new DOMMatrixReadOnly(getComputedStyle(disc).transform);
  return (Math.atan2(turn.b, turn.a) * 180) / Math.PI;
}

// Each peg lifts the pin as it passes, and lets it fall.
function tick(lift = 0) {
  if (wheel.dataset.state !== "spin") {
    pin.style.transform = "";
    return;
  }
  const phase = ((((angle() + gap / 2) % gap) + gap) % gap) / gap;
  const next = Math.max(lift * 0.72, phase > 0.45 ? (phase - 0.45) / 0.55 : 0);
  pin.style.transform = `rotate(${-24 * next}deg)`;
  requestAnimationFrame(() => tick(next));
}

async function ask() {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json", "X-Requested-With": "fetch" },
  });
  return { isOk: answer.ok, body: await answer.json() };
}

function turn(result) {
  return new Promise((stopped) => {
    const to = TURNS * 360 - (result.slice * 360) / Number(wheel.dataset.count);
    disc.style.transform = `rotate(${still.matches ? to % 360 : to}deg)`;
    if (still.matches) return stopped();
    wheel.dataset.state = "spin";
    disc.addEventListener("transitionend", stopped, { once: true });
    // A page in the background may never finish its transition.
    setTimeout(stopped, 7000);
    return tick();
  });
}

function stop(result) {
  wheel.dataset.state = "done";
  wheel.querySelectorAll(".wheel__slice")[result.slice]?.classList.add("is-won");
  navigator.vibrate?.(40);
  form.querySelector("[data-say]").textContent = result.say || result.label;
  const button = form.querySelector(".btn");
  button.textContent = form.dataset.spent;
  for (const place of document.querySelectorAll("[data-balance]")) {
    place.textContent = new Intl.NumberFormat(root.lang).format(result.balance);
  }
}

// Half a second to read the slice, then the sheet blooms and takes the focus.
function reveal(result) {
  const sheet = document.getElementById("hasil");
  const body = sheet?.querySelector("[data-result]");
  if (!sheet) return location.reload();
  if (result.html && body) body.innerHTML = result.html;
  else for (const slot of sheet.querySelectorAll("[data-slot]")) slot.textContent = result[slot.dataset.slot] ?? "";
  sheet.showModal();
  sheet.querySelector("h2")?.focus();
  delete root.dataset.busy;
  document.dispatchEvent(new Event("setia:idle"));
  return sheet.addEventListener("close", () => document.dispatchEvent(new Event("setia:success")), { once: true });
}

function refuse(title, advice = "") {
  const place = form.querySelector("[data-refusal]");
  place.replaceChildren(Object.assign(document.createElement("b"), { textContent: title }), ` ${advice}`);
  place.hidden = false;
  wheel.dataset.state = "ready";
  disc.style.transform = "";
  const button = form.querySelector(".btn");
  button.disabled = false;
  button.textContent = form.dataset.again;
  delete root.dataset.busy;
  document.dispatchEvent(new Event("setia:idle"));
}

async function spin(event) {
  event.preventDefault();
  const button = form.querySelector(".btn");
  if (button.disabled) return;
  form.dataset.again = button.textContent;
  button.disabled = true;
  button.textContent = form.dataset.turning;
  form.querySelector("[data-refusal]").hidden = true;
  root.dataset.busy = "game";
  if (!still.matches) wheel.dataset.state = "wait";
  let answer;
  try {
    answer = await ask();
  } catch {
    refuse(document.getElementById("words").dataset.spinLost);
    return;
  }
  if (!answer.isOk) {
    refuse(answer.body.title || "", answer.body.advice);
    return;
  }
  // A reload from here on shows this very result.
  if (answer.body.url) history.replaceState(null, "", answer.body.url);
  await turn(answer.body);
  stop(answer.body);
  setTimeout(reveal, still.matches ? 0 : 500, answer.body);
}

if (form && wheel && wheel.dataset.state === "ready") form.addEventListener("submit", spin);
