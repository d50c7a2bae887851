// Many rows at once: picked with x, the box, or Shift and a click; one request; and ten seconds to think again.

import { announce, complain } from "./panes.js";
import { send } from "./post.js";
import { refreshList } from "./rows.js";

const find = (selector, root = document) => root.querySelector(selector);
const rows = () => [...document.querySelectorAll("#baris .row")];
const picked = new Set();
let anchor = "";
let asked = "";
let timer = 0;

const keyOf = (row) => row.dataset.key;
const here = () => rows().find((row) => row.contains(document.activeElement) || row.classList.contains("at")) || find("#baris .row.on");

/** Boxes and bar as the picked rows are. What has left the list is no longer picked: nobody acts on what they cannot see. */
function draw() {
  const bar = find("#massal");
  if (!bar) return;
  const shown = find("#baris")?.dataset.url || "";
  if (shown !== asked) picked.clear();
  asked = shown;
  const there = new Set(rows().map(keyOf));
  for (const key of picked) if (!there.has(key)) picked.delete(key);
  for (const row of rows()) {
    const box = find(".pick", row);
    if (box) box.checked = picked.has(keyOf(row));
    row.classList.toggle("picked", picked.has(keyOf(row)));
  }
  const all = bar.elements.semua.checked;
  if (!picked.size) bar.elements.semua.checked = false;
  find(".list").classList.toggle("picking", picked.size > 0);
  const words = all ? find(".all", bar).textContent.trim() : bar.dataset.word.replace("{n}", picked.size);
  if (find("[data-n]", bar).textContent !== words) find("[data-n]", bar).textContent = words;
}

function choose(row, { range = false, on = !picked.has(keyOf(row)) } = {}) {
  const all = rows();
  const from = range ? all.findIndex((one) => keyOf(one) === anchor) : -1;
  const to = all.indexOf(row);
  const wanted = from < 0 ? [row] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const one of wanted) if (find(".pick", one)) on || range ? picked.add(keyOf(one)) : picked.delete(keyOf(one));
  anchor = keyOf(row);
  draw();
  announce(find("#massal [data-n]")?.textContent || "");
}

/** x: the row under the cursor; with Shift, all from the last one picked to here. */
export function pick(range) {
  const row = here();
  if (!row || !find(".pick", row)) return false;
  choose(row, { range });
  return true;
}

/** True when there was something to let go of. */
export function unpick() {
  const had = picked.size > 0;
  picked.clear();
  draw();
  return had;
}

export function undo() {
  const button = find("#sekaligus [data-undo]");
  button?.click();
  return Boolean(button);
}

function off() {
  clearTimeout(timer);
  find("#sekaligus")?.replaceChildren();
}

function show(doc) {
  const toast = find(".toast", doc);
  const place = find("#sekaligus");
  if (!toast || !place) return;
  off();
  place.append(toast);
  const leave = () => {
    clearTimeout(timer);
    // Refusals stay until they were read; and nothing goes away under a pointer or a focused button.
    if (!toast.classList.contains("warn")) timer = setTimeout(() => toast.matches(":hover, :focus-within") ? leave() : off(), Number(toast.dataset.seconds) * 1000);
  };
  leave();
}

async function submit(form, submitter) {
  const at = rows().findIndex((row) => picked.has(keyOf(row)));
  const within = form.contains(document.activeElement);
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  try {
    const { doc } = await send(form, submitter);
    find("details[open]", form)?.removeAttribute("open");
    unpick();
    show(doc);
    await refreshList();
    const next = rows()[Math.max(0, Math.min(at, rows().length - 1))];
    if (within) (find(".hit", next || document.body) || find("#percakapan")).focus({ preventScroll: true });
  } catch (problem) {
    complain(problem, form.isConnected ? form : null);
  } finally {
    delete form.dataset.busy;
  }
}

export function begin() {
  const list = find(".desk");
  if (!list) return;
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("#baris .row");
    if (event.target.matches?.("#baris .pick")) return choose(row, { range: event.shiftKey, on: event.target.checked });
    if (row && event.shiftKey && event.button === 0 && find(".pick", row)) {
      event.preventDefault();
      return choose(row, { range: true, on: true });
    }
    const button = event.target.closest?.('[data-do="unpick"], [data-do="toast-off"]');
    if (button) button.dataset.do === "unpick" ? unpick() : off();
    return undefined;
  });
  document.addEventListener("change", (event) => event.target.closest?.("#massal .all") && draw());
  document.addEventListener("submit", (event) => {
    if (!("bulk" in event.target.dataset)) return;
    event.preventDefault();
    submit(event.target, event.submitter);
  });
  // Rows come and go: with news, with the next page, with another list.
  const ofList = ({ target }) => target === list || target.closest?.(".list");
  new MutationObserver((all) => all.some(ofList) && draw()).observe(list, { childList: true, subtree: true });
  draw();
}
