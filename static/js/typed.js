// Another language, the same page: what was typed, and the place on the page, are put back after
// the switch. Passwords are kept nowhere.
const KEY = "typed";
const isTick = (one) => one.type === "checkbox" || one.type === "radio";

function fields() {
  const all = document.querySelectorAll("main form:not(.tongues) :is(input, select, textarea)[name]");
  return [...all].filter((one) => !["password", "hidden"].includes(one.type));
}

function keep() {
  const values = fields().map((one) => [one.name, isTick(one) ? one.checked : one.value]);
  sessionStorage.setItem(KEY, JSON.stringify({ path: location.pathname, top: scrollY, values }));
}

function putBack() {
  const kept = JSON.parse(sessionStorage.getItem(KEY));
  sessionStorage.removeItem(KEY);
  if (kept?.path !== location.pathname) return;
  fields().forEach((one, place) => {
    const [name, value] = kept.values[place] || [];
    if (name === one.name) one[isTick(one) ? "checked" : "value"] = value;
  });
  scrollTo(0, kept.top);
}

if (document.querySelector(".tongues")) {
  document.addEventListener("submit", (event) => event.target.matches(".tongues") && keep());
  try {
    putBack();
  } catch {
    // Private windows may refuse to keep; then the form is empty, as before.
  }
}
