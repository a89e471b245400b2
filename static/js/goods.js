// The goods of a purchase, tapped together: the amount follows them until it is typed by hand.
const list = document.querySelector("[data-goods]");
const form = list.closest("form");
const amount = form.querySelector("[data-amount]");
const figures = () => [...list.querySelectorAll("input[name]")];
const worth = (input) => Number(input.value.replace(/\D/g, "")) * Number(input.dataset.price);
let told = "";

function tell() {
  const sum = figures().reduce((all, input) => all + worth(input), 0);
  list.querySelector("[data-count]").textContent = figures().filter(worth).length || "";
  if (amount.value && amount.value !== told) return form.dispatchEvent(new Event("change"));
  amount.value = sum || "";
  amount.dispatchEvent(new Event("input", { bubbles: true }));
  return (told = amount.value); // as the keypad wrote it, with its dots
}

list.addEventListener("click", (event) => {
  const by = Number(event.target.closest("[data-by]")?.dataset.by);
  if (!by) return;
  const input = event.target.closest(".good").querySelector("input");
  input.value = Math.min(99, Math.max(0, Number(input.value) + by)) || "";
  tell();
});

list.addEventListener("input", (event) => {
  if (event.target.name) tell();
  const asked = list.querySelector("[type=search]").value.trim().toLowerCase();
  for (const good of list.querySelectorAll(".good")) good.hidden = !good.textContent.toLowerCase().includes(asked);
});

form.addEventListener("formdata", ({ formData }) => {
  for (const input of figures()) if (!worth(input)) formData.delete(input.name);
});
