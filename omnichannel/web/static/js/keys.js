// The desk by keyboard: j k Enter r n e a c / ? and Esc. Never while somebody writes, never with Ctrl, Alt or Meta.

import * as bulk from "./bulk.js";
import * as composer from "./composer.js";
import * as labels from "./labels.js";
import * as palette from "./palette.js";
import * as replies from "./replies.js";
import * as undo from "./undo.js";

const find = (selector) => document.querySelector(selector);

export function listen({ open }) {
  palette.begin({ openTalk: open, acts, keys });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      return palette.open();
    }
    if (undo.key(event)) return event.preventDefault();
    const area = event.target.closest?.("#tulis");
    if (area && replies.key(event)) return;
    if (area && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      area.form.requestSubmit();
      return;
    }
    if (event.key === "Escape") return event.target.closest?.("dialog[open]") ? undefined : escape(event);
    if (event.ctrlKey || event.altKey || event.metaKey || writing(event.target)) return;
    const act = acts[event.key];
    if (act && act(open, event) !== false) event.preventDefault();
  });
}

function writing(target) {
  return target.closest?.("input, textarea, select, [contenteditable], dialog[open]") !== null;
}

const acts = {
  j: () => step(1),
  k: () => step(-1),
  Enter: (open, event) => {
    const row = find("#baris .row.at .hit");
    if (!row || event.target.closest("a, button, summary")) return false;
    open(row.getAttribute("href"));
    return true;
  },
  r: () => write("to-private", "to-public"),
  n: () => write("to-note"),
  e: () => press('.talk [data-key="e"]'),
  d: () => press('.glance [data-key="d"]'),
  b: () => press('.glance [data-key="b"]'),
  a: () => {
    const choice = find("#tugaskan");
    if (!choice) return false;
    choice.closest("details").open = true;
    choice.focus();
    return true;
  },
  c: () => {
    const mend = find("#perbaiki");
    if (!mend) return false;
    mend.open = true;
    if (find("#tentang") && getComputedStyle(find("#tentang")).visibility === "hidden") location.hash = "tentang";
    find("#jenis").focus();
    return true;
  },
  "/": () => {
    const search = find("#cari");
    if (!search) return false;
    search.focus();
    search.select();
    return true;
  },
  l: () => labels.open(),
  x: () => bulk.pick(false),
  X: () => bulk.pick(true),
  z: () => bulk.undo(),
  "?": () => keys(),
};

export function keys() {
  find("#tombol")?.showModal();
  return true;
}

function step(by) {
  const rows = [...document.querySelectorAll("#baris .row")];
  if (!rows.length) return false;
  const now = rows.findIndex((row) => row.classList.contains("at") || row.contains(document.activeElement));
  const start = now >= 0 ? now : rows.findIndex((row) => row.classList.contains("on"));
  const next = rows[Math.max(0, Math.min(rows.length - 1, start < 0 ? 0 : start + by))];
  rows.forEach((row) => row.classList.toggle("at", row === next));
  const hit = next.querySelector(".hit");
  hit.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function write(...ids) {
  const choice = ids.map((id) => document.getElementById(id)).find((one) => one && !one.disabled);
  if (!choice) return false;
  choice.checked = true;
  find("#tulis").focus();
  composer.count();
  return true;
}

function press(selector) {
  const button = find(selector);
  if (!button) return false;
  button.click();
  return true;
}

function escape(event) {
  const open = [...document.querySelectorAll("details.filter[open]")].pop();
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (bulk.unpick()) {
    find("#baris .row.at .hit, #baris .row.on .hit")?.focus({ preventScroll: true });
  } else if (location.hash === "#tentang") {
    location.hash = "percakapan";
  } else if (event.target.closest("#tulis, #cari")) {
    event.target.blur();
  } else {
    find("#baris .row.on .hit")?.focus({ preventScroll: true });
  }
}
