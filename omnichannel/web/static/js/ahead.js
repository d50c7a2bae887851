// The next conversation before it is asked for: fetched while the pointer rests on its row, the keys stop there, or the
// button goes down. What is fetched so changes nothing on the server, is used once, and is thrown away when news arrive.
// Only one look ahead is under way, and it is stopped by the next: who has moved on waits behind nothing that they passed.

import { piece } from "./post.js";

const find = (selector) => document.querySelector(selector);
const FRESH = 10000; // ms; older than this it is asked for again
const MOST = 6;
const REST = { pointerover: 65, focusin: 120, pointerdown: 0 }; // ms; a pointer that only crosses the list asks nothing
const kept = new Map();
let timer = 0;

/** The address of the panes alone, where the list of this address is the one that stands; else null. */
export function panelOf(address) {
  const list = find("#baris")?.dataset.url;
  const wanted = new URL(address, location.origin);
  const found = /^(\/kotak\/[a-z-]+)\/(\d{1,18})$/.exec(wanted.pathname);
  if (!list || !found) return null;
  const said = (one) => ["cari", "urut"].map((name) => one.searchParams.get(name) || "").join("\n");
  const standing = new URL(list, location.origin);
  if (standing.pathname !== `${found[1]}/baris` || said(standing) !== said(wanted)) return null;
  for (const name of wanted.searchParams.keys()) if (!["cari", "urut", "pesan", "kabar"].includes(name)) return null;
  return `${wanted.pathname}/panel${wanted.search}`;
}

let guessed = null; // what stops the look ahead that is under way
let wanted = null; // the conversation that is being opened: nothing but another one that is opened stops it

/** The panes of a conversation: those that are on their way already, or asked for now. */
export function take(address) {
  if (wanted?.address === address) return wanted.coming;
  const held = kept.get(address);
  kept.delete(address);
  const fresh = held && Date.now() - held.at < FRESH;
  const stop = fresh ? held.stop : new AbortController();
  if (guessed !== stop) guessed?.abort();
  guessed = null;
  wanted?.stop.abort();
  const mine = { address, stop, coming: fresh ? held.coming : piece(address, stop.signal) };
  const done = () => wanted === mine && (wanted = null);
  mine.coming.then(done, done);
  wanted = mine;
  return mine.coming;
}

/** What was fetched before this happened is old. */
export function forget(conversation) {
  if (conversation === undefined) return kept.clear();
  for (const address of kept.keys()) if (address.includes(`/${conversation}/panel`)) kept.delete(address);
  return undefined;
}

function look(hit) {
  const address = panelOf(hit.getAttribute("href"));
  if (!address || hit.closest(".row.on") || navigator.connection?.saveData) return;
  const held = kept.get(address);
  if (held && Date.now() - held.at < FRESH) return;
  const stop = new AbortController();
  guessed?.abort();
  guessed = stop;
  const coming = piece(address, stop.signal);
  const over = () => kept.get(address)?.stop === stop && kept.delete(address);
  stop.signal.addEventListener("abort", over);
  coming.then(() => guessed === stop && (guessed = null), over);
  kept.set(address, { coming, stop, at: Date.now() });
  if (kept.size > MOST) kept.delete(kept.keys().next().value);
}

function meant(event) {
  const hit = event.target.closest?.("#baris .hit");
  clearTimeout(timer);
  if (hit && !REST[event.type]) look(hit);
  else if (hit) timer = setTimeout(() => hit.isConnected && look(hit), REST[event.type]);
}

for (const kind of Object.keys(REST)) document.addEventListener(kind, meant, { passive: true });
