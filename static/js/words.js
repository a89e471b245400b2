// What goes wrong between us and the server is said in the member's language, by a toast.
const words = document.getElementById("words")?.dataset || {};
const tell = (text) => document.dispatchEvent(new CustomEvent("setia:tell", { detail: text }));

document.addEventListener("htmx:sendError", () => tell(words.lost));
document.addEventListener("htmx:timeout", () => tell(words.lost));
document.addEventListener("htmx:responseError", () => tell(words.broken));
