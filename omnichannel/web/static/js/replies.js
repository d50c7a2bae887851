// Replies ready to use: a listbox above the composer, filtered by what stands behind the slash.

import { json } from "./post.js";

let shown = null;
let cache = { conversation: "", replies: null };
let at = 0;
let choose = null;

async function known(conversation) {
  if (cache.conversation !== conversation || !cache.replies) {
    const told = await json(`/balasan?percakapan=${conversation}`);
    cache = { conversation, replies: told.replies, lacking: told.lacking };
  }
  return cache.replies;
}

export async function open(form, typed, use) {
  const replies = await known(form.dataset.conversation).catch(() => []);
  if (!form.isConnected) return;
  const wanted = typed.toLowerCase();
  const found = replies.filter((one) => `${one.key} ${one.title}`.toLowerCase().includes(wanted));
  choose = use;
  at = 0;
  draw(form, found, typed);
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
  row.dataset.text = reply.text;
  const key = document.createElement("b");
  key.textContent = `/${reply.key}`;
  const words = document.createElement("span");
  words.className = "cut";
  words.textContent = reply.text;
  row.append(key, words);
  row.addEventListener("mousedown", (event) => {
    event.preventDefault();
    choose(reply.text);
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
  else if (event.key === "Enter" && rows[at] && !event.ctrlKey && !event.metaKey) choose(rows[at].dataset.text);
  else if (event.key === "Escape") close();
  else return false;
  if (shown) mark();
  event.preventDefault();
  return true;
}
