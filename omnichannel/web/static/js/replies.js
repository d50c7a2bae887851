// Replies ready to use: a listbox above the composer, filtered by what stands behind the slash.

import * as moves from "./moves.js";
import { json } from "./post.js";

let shown = null;
let cache = { conversation: "", replies: null };
let at = 0;
let choose = null;

async function known(conversation) {
  if (cache.conversation !== conversation || !cache.replies) {
    const told = await json(`/balasan?percakapan=${conversation}`);
    const ready = await moves.known(conversation).catch(() => []);
    const named = ready.map((move) => ({ key: move.name, title: "", text: move.steps.map((one) => one.words).join(" · "), move }));
    cache = { conversation, replies: [...told.replies, ...named] };
  }
  return cache.replies;
}

export async function open(form, typed, use) {
  const replies = await known(form.dataset.conversation).catch(() => []);
  if (!form.isConnected) return;
  const wanted = typed.toLowerCase();
  const found = replies.filter((one) => `${one.key} ${one.title}`.toLowerCase().includes(wanted));
  choose = (one) => (one.move ? picked(form, one.move) : use(one.text));
  at = 0;
  draw(form, found, typed);
}

function picked(form, move) {
  close();
  const area = form.querySelector("#tulis");
  if (area.value.startsWith("/")) {
    area.value = "";
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  moves.show(form.dataset.conversation, move);
}

/** What stands now may be another thing than what was asked for a moment ago. */
export function forget() {
  cache = { conversation: "", replies: null };
}

function draw(form, found, typed) {
  close();
  shown = document.createElement("div");
  shown.className = "menu";
  shown.id = "balasan";
  shown.setAttribute("role", "listbox");
  shown.setAttribute("aria-label", form.querySelector('[data-do="replies"]').textContent.trim());
  for (const [n, reply] of found.slice(0, 12).entries()) shown.append(option(reply, n));
  if (!found.length) {
    const none = document.createElement("p");
    none.className = "none";
    none.textContent = `/${typed} –`;
    shown.append(none);
  }
  form.prepend(shown);
  const area = form.querySelector("#tulis");
  area.setAttribute("aria-controls", "balasan");
  mark();
}

function option(reply, n) {
  const row = document.createElement("div");
  row.setAttribute("role", "option");
  row.id = `balasan-${n}`;
  row.reply = reply;
  const key = document.createElement("b");
  key.textContent = reply.move ? `▸ ${reply.key}` : `/${reply.key}`;
  const words = document.createElement("span");
  words.className = "cut";
  words.textContent = reply.text;
  row.append(key, words);
  row.addEventListener("mousedown", (event) => {
    event.preventDefault();
    choose(reply);
  });
  return row;
}

function mark() {
  const rows = [...shown.querySelectorAll("[role=option]")];
  rows.forEach((row, n) => row.setAttribute("aria-selected", String(n === at)));
  const area = shown.parentElement.querySelector("#tulis");
  if (rows[at]) {
    area.setAttribute("aria-activedescendant", rows[at].id);
    rows[at].scrollIntoView({ block: "nearest" });
  }
}

export function close() {
  if (!shown) return;
  const area = shown.parentElement?.querySelector("#tulis");
  area?.removeAttribute("aria-activedescendant");
  area?.removeAttribute("aria-controls");
  shown.remove();
  shown = null;
}

/** Keys while the list is open; true when the key was ours. */
export function key(event) {
  if (!shown) return false;
  const rows = [...shown.querySelectorAll("[role=option]")];
  if (event.key === "ArrowDown") at = Math.min(rows.length - 1, at + 1);
  else if (event.key === "ArrowUp") at = Math.max(0, at - 1);
  else if (event.key === "Enter" && rows[at] && !event.ctrlKey && !event.metaKey) choose(rows[at].reply);
  else if (event.key === "Escape") close();
  else return false;
  if (shown) mark();
  event.preventDefault();
  return true;
}
