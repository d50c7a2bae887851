// Who else reads this conversation and who writes in it: beside the composer and in the rows. Told every few seconds, and
// forgotten by itself.

const BEAT = 5000;
const STILL_WRITES = 4000;
const OFTEN = 2000; // a key press tells at most this often
const find = (selector, root = document) => root.querySelector(selector);
const tab = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const people = new Map();
let opened = () => "";
let at = "";
let lastKey = 0;
let lastTold = 0;
let timer = 0;
let drawing = 0;

export function begin(which) {
  opened = which;
  const desk = find("#meja");
  if (!desk) return;
  new MutationObserver(() => {
    if (opened() !== at) look();
    soon();
  }).observe(desk, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-conversation"] });
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? look() : leave()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => event.persisted && look());
  setInterval(() => people.size && draw(), 1000);
  look();
}

/** One officer in one tab, as the stream tells it. */
export function heard(one) {
  note(one);
  soon();
}

/** Whoever is here, asked anew: after a cut nobody knows what was missed. */
export async function ask() {
  if (!find("#meja")) return;
  const answer = await fetch("/live/hadir", { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.ok) all(await answer.json());
}

/** A key was pressed in the composer. */
export function typed() {
  const fresh = Date.now() - lastKey > STILL_WRITES;
  lastKey = Date.now();
  if (fresh || Date.now() - lastTold > OFTEN) look();
}

function look() {
  clearTimeout(timer);
  if (document.visibilityState !== "visible") return;
  if (at && at !== opened()) leave();
  timer = setTimeout(look, BEAT);
  if (!opened()) return;
  if (!find("#jawab")) return void ask(); // Who only looks on is nobody to wait for.
  at = opened();
  lastTold = Date.now();
  tell(at, Date.now() - lastKey < STILL_WRITES && find("#tulis")?.value.trim() ? "tulis" : "baca");
}

function leave() {
  clearTimeout(timer);
  if (at) tell(at, "pergi");
  at = "";
  lastKey = 0;
}

async function tell(conversation, doing) {
  const headers = { "HX-Request": "true", "X-CSRF-Token": document.body.dataset.csrf };
  const body = new URLSearchParams({ percakapan: conversation, tab, sedang: doing });
  const options = { method: "POST", headers, body, keepalive: doing === "pergi" };
  const answer = await fetch("/live/hadir", options).catch(() => null);
  if (answer?.ok && doing !== "pergi") all(await answer.json());
}

function all({ here }) {
  people.clear();
  here.forEach(note);
  soon();
}

function note(one) {
  const key = `${one.id}.${one.tab}`;
  if (one.for > 0) people.set(key, { ...one, until: Date.now() + one.for });
  else if (people.get(key)?.conversation === one.conversation) people.delete(key);
}

function soon() {
  if (!drawing) drawing = requestAnimationFrame(draw);
}

/** The others at each conversation, each once; whoever writes in one of their tabs writes. */
function others() {
  const found = new Map();
  for (const [key, one] of people) {
    if (one.until < Date.now()) people.delete(key);
    else if (String(one.id) !== document.body.dataset.staff) {
      const there = found.get(String(one.conversation)) || new Map();
      there.set(one.id, { ...one, writing: one.writing || there.get(one.id)?.writing || false });
      found.set(String(one.conversation), there);
    }
  }
  return found;
}

function draw() {
  cancelAnimationFrame(drawing);
  drawing = 0;
  const found = others();
  const here = new Map(); // whoever stands at a thread that is shown as one with this
  for (const one of (find("#lewat")?.dataset.joined || opened()).split(" ")) {
    for (const [id, person] of found.get(one) || []) here.set(id, { ...person, writing: person.writing || here.get(id)?.writing || false });
  }
  strip([...here.values()]);
  for (const row of document.querySelectorAll("#baris .row")) mark(row, [...(found.get(row.dataset.key)?.values() || [])]);
}

function strip(there) {
  const place = find("#hadir");
  if (!place) return;
  const words = find(".words", place);
  const writers = there.filter((one) => one.writing);
  const named = (list) => list.map((one) => one.name).join(place.dataset.and);
  const said = [
    writers.length ? place.dataset.writes.replace("{nama}", named(writers)) : "",
    writers.length < there.length ? place.dataset.reads.replace("{nama}", named(there.filter((one) => !one.writing))) : "",
  ];
  const clash = writers.length && find("#tulis")?.value.trim() ? place.dataset.warns : "";
  const text = [...said, clash].filter(Boolean).join(" ");
  place.classList.toggle("writing", writers.length > 0);
  if (words.textContent === text) return;
  words.textContent = text;
  find(".people", place).replaceChildren(...there.map(badge));
  place.classList.toggle("empty", !there.length);
}

function badge(one) {
  const sign = document.createElement("span");
  sign.className = "person";
  sign.title = one.name;
  sign.setAttribute("aria-hidden", "true");
  sign.textContent = one.name.trim().slice(0, 1).toUpperCase();
  return sign;
}

/** In a row of the list: the first who is there, and how many more. */
function mark(row, there) {
  const known = find("[data-live]", row);
  const writer = there.find((one) => one.writing);
  const first = writer || there[0];
  const list = find("#baris").dataset;
  const text = first ? (writer ? list.writes : list.reads).replace("{nama}", first.name) + (there[1] ? ` +${there.length - 1}` : "") : "";
  if ((known?.textContent || "") === text) return;
  known?.remove();
  if (!first) return;
  const sign = document.createElement("span");
  sign.dataset.live = "";
  sign.className = writer ? "here writing" : "here";
  sign.textContent = text;
  find(".facts", row)?.prepend(sign);
}

/** Whether news of that thread are news of the one that stands open: they are shown as one. */
export function joined(conversation) {
  return (find("#lewat")?.dataset.joined || "").split(" ").includes(String(conversation));
}
