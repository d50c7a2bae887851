// The command palette, Ctrl+K: pages, conversations, what can be done to the open one, replies. A combobox with a listbox.
// It offers only what the page itself has: a button that is not there for this person is no command either.

import * as composer from "./composer.js";
import * as labels from "./labels.js";
import * as moves from "./moves.js";
import { json } from "./post.js";

const find = (selector, root = document) => root.querySelector(selector);
const box = () => find("#palet");
const opened = () => find("#meja")?.dataset.conversation || "";
const PAUSE = 160;
let go = (address) => location.assign(address);
let does = {};
let items = [];
let talks = [];
let replies = [];
let ready = [];
let at = 0;
let timer = 0;
let turn = 0;

/** `openTalk(address)` shows a conversation in the panes that stand; `acts` are the desk's own keys. */
export function begin({ openTalk, acts, keys }) {
  go = (address) => (find("#meja") && address.startsWith("/kotak/") && /\/\d+$/.test(address) ? openTalk(address) : location.assign(address));
  does = { assign: acts.a, resolve: acts.e, reply: acts.r, note: acts.n, classify: acts.c, label: acts.l, take, snooze, link, keys };
  const field = find("#palet-cari");
  if (!field) return;
  field.addEventListener("input", () => typed(field.value.trim()));
  field.addEventListener("keydown", key);
  box().addEventListener("click", (event) => event.target === box() && box().close());
}

export function open() {
  if (!box() || find("dialog[open]")) return;
  find("#palet-cari").value = "";
  talks = [];
  box().showModal();
  typed("");
  load();
}

async function load() {
  const conversation = opened();
  replies = ready = [];
  if (!conversation || !find("#tulis")) return;
  ready = await moves.known(conversation).catch(() => []);
  replies = (await json(`/balasan?percakapan=${conversation}`).catch(() => ({ replies: [] }))).replies;
  draw();
}

function typed(words) {
  at = 0;
  clearTimeout(timer);
  const mine = ++turn;
  if (words.length < 2) talks = [];
  else timer = setTimeout(async () => {
    const answer = await json(`/palet?cari=${encodeURIComponent(words)}`).catch(() => ({ items: [] }));
    if (mine !== turn) return;
    talks = answer.items;
    draw();
  }, PAUSE);
  draw();
}

// ── What there is ──
const take = () => press('#kepala .acts > form[action$="/tugaskan"] button');
const snooze = () => unfold("select[name=sampai]");

function press(selector) {
  find(selector)?.click();
}

function unfold(selector) {
  const choice = find(`#lainnya ${selector}`);
  if (!choice) return;
  choice.closest("details").open = true;
  choice.focus();
}

async function link() {
  const address = `${location.origin}/kotak/semua/${opened()}`;
  const done = await navigator.clipboard?.writeText(address).then(() => true, () => false);
  find("#kabar").textContent = done ? box().dataset.copied : address;
}

const there = {
  take: () => find('#kepala .acts > form[action$="/tugaskan"]'),
  assign: () => find("#tugaskan"),
  resolve: () => find('.talk [data-key="e"]'),
  snooze: () => find("#lainnya select[name=sampai]"),
  reply: () => find("#to-private:not(:disabled), #to-public:not(:disabled)"),
  note: () => find("#to-note"),
  classify: () => find("#perbaiki"),
  label: labels.there,
  link: opened,
  keys: () => true,
};

function offered(words) {
  const { go: to, talks: people, acts, replies: canned, find: search, all } = box().dataset;
  const fits = (item) => words.toLowerCase().split(/\s+/).every((one) => `${item.word} ${item.more || ""}`.toLowerCase().includes(one));
  const actions = [...document.querySelectorAll("#palet-tindakan li")]
    .filter((one) => there[one.dataset.act]())
    .map((one) => ({ group: acts, word: one.textContent, key: one.dataset.key, run: does[one.dataset.act] }));
  const pages = [...document.querySelectorAll(".rail a.go, .rail .me-row")].map((one) => ({
    group: to,
    word: (find("span b", one) || find("span", one) || one).textContent.trim(),
    run: () => go(one.getAttribute("href")),
  }));
  const answers = replies.map((one) => ({ group: canned, word: `/${one.key}`, more: one.title, run: () => composer.use(one.text) }));
  const named = ready.map((one) => ({ group: acts, word: `▸ ${one.name}`, more: one.why || one.steps.map((step) => step.words).join(" · "), run: () => moves.show(opened(), one) }));
  const found = talks.map((one) => ({ ...one, group: people, run: () => go(one.href) }));
  const marked = words ? labels.commands(acts) : [];
  const local = words ? [...actions, ...marked, ...named, ...pages, ...answers].filter(fits) : [...actions, ...named, ...pages];
  const wide = words ? [{ group: search, word: all.replace("{q}", words), run: () => location.assign(`/kotak/semua?cari=${encodeURIComponent(words)}`) }] : [];
  return [...local.slice(0, 40), ...found, ...wide];
}

// ── The list ──
function draw() {
  const place = find("#palet-daftar");
  items = offered(find("#palet-cari").value.trim());
  at = Math.max(0, Math.min(at, items.length - 1));
  place.replaceChildren();
  let group = null;
  items.forEach((item, n) => {
    if (group?.getAttribute("aria-label") !== item.group) place.append((group = section(item.group)));
    group.append(option(item, n));
  });
  const { choices, none } = box().dataset;
  find("#palet-kabar").textContent = items.length ? choices.replace("{jumlah}", items.length) : none;
  mark();
}

function section(name) {
  const group = document.createElement("div");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", name);
  const title = document.createElement("p");
  title.textContent = name;
  title.setAttribute("aria-hidden", "true");
  group.append(title);
  return group;
}

function option(item, n) {
  const row = document.createElement("div");
  row.setAttribute("role", "option");
  row.id = `palet-${n}`;
  for (const [tag, text] of [["b", item.word], ["span", item.more], ["kbd", item.key]]) {
    if (!text) continue;
    const part = document.createElement(tag);
    part.textContent = text;
    row.append(part, " ");
  }
  row.addEventListener("mousedown", (event) => event.preventDefault());
  row.addEventListener("click", () => choose(n));
  return row;
}

function mark() {
  const field = find("#palet-cari");
  document.querySelectorAll("#palet-daftar [role=option]").forEach((row, n) => row.setAttribute("aria-selected", String(n === at)));
  const row = document.getElementById(`palet-${at}`);
  if (!row) return field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-activedescendant", row.id);
  return row.scrollIntoView({ block: "nearest" });
}

function choose(n) {
  const item = items[n];
  box().close();
  item?.run();
}

function key(event) {
  const last = items.length - 1;
  const moves = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last, PageDown: Math.min(last, at + 8), PageUp: Math.max(0, at - 8) };
  if (event.isComposing) return;
  if (event.key in moves) at = moves[event.key];
  else if (event.key === "Enter") choose(at);
  else return;
  event.preventDefault();
  event.stopPropagation();
  if (box().open) mark();
}
