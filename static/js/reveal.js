// The eye in a password field, and buttons that open a sheet.
function ready(root) {
  for (const button of root.querySelectorAll("[data-reveal][hidden]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const eye = event.target.closest("[data-reveal]");
  if (eye) {
    const input = document.getElementById(eye.dataset.reveal);
    const isShown = input.type === "password";
    input.type = isShown ? "text" : "password";
    eye.setAttribute("aria-pressed", String(isShown));
    input.focus();
  }
  const opener = event.target.closest("[data-opens]");
  if (opener) document.querySelector(opener.dataset.opens)?.showModal();
  // A tap beside the sheet closes it.
  if (event.target.matches("dialog.sheet")) event.target.close();
});

document.addEventListener("htmx:load", (event) => ready(event.target));
ready(document);
