// A form on its way: its button shows petals, and a second press sends nothing.
const petals = document.getElementById("words")?.content.querySelector(".btn__dots");
const sending = new WeakSet();

function begin(button) {
  button.setAttribute("aria-busy", "true");
  if (petals && !button.querySelector(".btn__dots")) button.append(petals.cloneNode(true));
}

function end(form) {
  sending.delete(form);
  for (const button of form.querySelectorAll('[aria-busy="true"]')) {
    button.removeAttribute("aria-busy");
    button.querySelector(".btn__dots")?.remove();
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (sending.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  sending.add(form);
  const button = event.submitter?.matches(".btn") ? event.submitter : form.querySelector(".btn");
  if (button && form.method === "post") begin(button);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) end(form);
});

// Back to a page that was kept as it was left.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form").forEach(end);
});

document.addEventListener("setia:failed", (event) => end(event.target));
