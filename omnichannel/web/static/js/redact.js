// Rectangles over the pages of a document. The form's rows are the truth; what is drawn only shows and changes them.

const form = document.getElementById("hitamkan");
const rows = form.querySelector(".boxes");
const NAMES = ["hal", "kiri", "atas", "kanan", "bawah"];
const LEAST = 0.6; // percent; a smaller drag was a click
const blank = rows.querySelector(".boxrow:not(.heads)").cloneNode(true);
const shown = new Map(); // row -> its box

form.querySelector("[data-add]").hidden = false;
form.querySelector("[data-add]").addEventListener("click", () => add(1, 10, 10, 40, 15).focus());
for (const row of [...rows.querySelectorAll(".boxrow:not(.heads)")]) {
  if (values(row).slice(1).some(Number.isFinite)) wire(row);
  else row.remove();
}
for (const page of form.querySelectorAll(".leaf")) listen(page);

function values(row) {
  return NAMES.map((name) => parseFloat(row.querySelector(`[name=${name}]`).value.replace(",", ".")));
}

function write(row, numbers) {
  NAMES.forEach((name, n) => {
    const limited = n === 0 ? numbers[0] : Math.min(100, Math.max(0, numbers[n]));
    row.querySelector(`[name=${name}]`).value = n === 0 ? String(limited) : limited.toFixed(1);
  });
  place(row);
}

function add(...numbers) {
  const row = blank.cloneNode(true);
  rows.append(row);
  wire(row);
  write(row, numbers);
  return shown.get(row) || row.querySelector("input");
}

function wire(row) {
  const drop = row.querySelector("[data-drop]");
  drop.hidden = false;
  drop.addEventListener("click", () => remove(row));
  row.addEventListener("input", () => place(row));
  place(row);
}

function remove(row) {
  const box = shown.get(row);
  if (box) box.remove();
  shown.delete(row);
  const next = row.nextElementSibling || row.previousElementSibling;
  row.remove();
  const field = next && next.querySelector("input");
  if (field) field.focus();
}

function place(row) {
  const [page, left, top, right, bottom] = values(row);
  const canvas = form.querySelector(`.leaf[data-page="${page}"] .canvas`);
  let box = shown.get(row);
  if (!canvas || ![left, top, right, bottom].every(Number.isFinite)) {
    if (box) box.remove();
    shown.delete(row);
    return;
  }
  if (!box) {
    box = document.createElement("button");
    box.type = "button";
    box.className = "box";
    box.addEventListener("keydown", (event) => keyed(event, row));
    shown.set(row, box);
  }
  if (box.parentNode !== canvas) canvas.append(box);
  box.setAttribute("aria-label", NAMES.map((name) => row.querySelector(`[name=${name}]`).value).join(", "));
  box.style.left = `${Math.min(left, right)}%`;
  box.style.top = `${Math.min(top, bottom)}%`;
  box.style.width = `${Math.abs(right - left)}%`;
  box.style.height = `${Math.abs(bottom - top)}%`;
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function keyed(event, row) {
  if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    remove(row);
    return;
  }
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  const [page, left, top, right, bottom] = values(row);
  const by = event.ctrlKey ? 0.2 : 1;
  const [x, y] = step.map((one) => one * by);
  if (event.shiftKey) write(row, [page, left, top, right + x, bottom + y]);
  else write(row, [page, left + x, top + y, right + x, bottom + y]);
}

function listen(page) {
  const canvas = page.querySelector(".canvas");
  let from = null;
  let row = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.classList.contains("box")) return;
    event.preventDefault();
    from = at(canvas, event);
    row = null;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!from) return;
    const to = at(canvas, event);
    const numbers = [
      Number(page.dataset.page),
      Math.min(from[0], to[0]),
      Math.min(from[1], to[1]),
      Math.max(from[0], to[0]),
      Math.max(from[1], to[1]),
    ];
    if (numbers[3] - numbers[1] < LEAST || numbers[4] - numbers[2] < LEAST) return;
    if (!row) {
      add(...numbers);
      row = rows.lastElementChild;
    } else write(row, numbers);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      if (row && shown.get(row)) shown.get(row).focus();
      from = row = null;
    });
  }
}

function at(canvas, event) {
  const area = canvas.getBoundingClientRect();
  const share = (value, start, length) => Math.min(100, Math.max(0, (100 * (value - start)) / length));
  return [share(event.clientX, area.left, area.width), share(event.clientY, area.top, area.height)];
}
