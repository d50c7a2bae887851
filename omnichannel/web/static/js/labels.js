// Labels of the open conversation: l opens them, typing finds one, Enter puts it on or takes it off.

const find = (selector, root = document) => root.querySelector(selector);
const form = () => find("#melabel");
const boxes = () => [...document.querySelectorAll("#melabel [name=label]")];
const nameOf = (box) => box.closest("label").textContent.trim();

/** l: the menu of the conversation, with the caret in the field of its labels. */
export function open() {
  const field = find("#label-cari");
  if (!field) return false;
  field.closest("details").open = true;
  field.value = "";
  narrow();
  field.focus();
  field.scrollIntoView({ block: "nearest" });
  return true;
}

export const there = () => Boolean(find("#label-cari"));

/** One command of the palette a label: to be put on, or to be taken off. */
export function commands(group) {
  return boxes().map((box) => ({ group, word: `${box.checked ? form().dataset.take : form().dataset.put}: ${nameOf(box)}`, run: () => toggle(box) }));
}

function toggle(box) {
  box.checked = !box.checked;
  box.form.requestSubmit();
}

function shown() {
  return boxes().filter((box) => !box.closest("li").hidden);
}

function narrow() {
  const words = find("#label-cari").value.trim().toLowerCase();
  for (const box of boxes()) box.closest("li").hidden = !nameOf(box).toLowerCase().includes(words);
  const first = words ? shown()[0] : null;
  for (const box of boxes()) box.closest("li").classList.toggle("at", box === first);
}

document.addEventListener("input", (event) => event.target.id === "label-cari" && narrow());
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "label-cari" || event.isComposing) return;
  if (event.key === "ArrowDown") event.preventDefault(), shown()[0]?.focus();
  if (event.key !== "Enter") return;
  event.preventDefault();
  const first = event.target.value.trim() ? shown()[0] : null;
  if (first) toggle(first);
  else event.target.form.requestSubmit();
});
