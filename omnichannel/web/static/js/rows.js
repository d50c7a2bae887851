// The rows of the work list: kept fresh without a jump, longer as one scrolls, and found again where one left them.

import { merge } from "./merge.js";
import { piece } from "./post.js";

const find = (selector, root = document) => root.querySelector(selector);
const PLACE = "daftar";
const MOST = 300; // rows that the server draws anew in one go
const SPARE = 10; // more rows than stand here: as many may have arrived
const AHEAD = "600px 0px"; // the next page is asked for before its place is seen
const REMEMBERED = 30 * 60 * 1000;
const opened = () => find("#meja")?.dataset.conversation || "";
const joined = (address, more) => `${address}${address.includes("?") ? "&" : "?"}${more}`;

/** Where the rows on screen stand: [[element, its top]]. */
function seen(list) {
  const box = list.getBoundingClientRect();
  const all = [...list.children].map((one) => [one, one.getBoundingClientRect()]);
  return all.filter(([, at]) => at.bottom > box.top && at.top < box.bottom).map(([one, at]) => [one.dataset.key, at.top]);
}

/** Scroll by as much as most of what was on screen has moved: one row that went to the top must not take the rest along. */
function steady(list, before) {
  if (list.scrollTop < 1) return;
  const votes = new Map();
  for (const [key, top] of before) {
    const row = find(`:scope > [data-key="${CSS.escape(key)}"]`, list);
    if (!row || row.classList.contains("group")) continue;
    const by = Math.round(row.getBoundingClientRect().top - top);
    votes.set(by, (votes.get(by) || 0) + 1);
  }
  const [by] = [...votes].sort((a, b) => b[1] - a[1] || Math.abs(a[0]) - Math.abs(b[0]))[0] || [0];
  if (by) list.scrollTop += by;
}

/** The list anew, as long as it was, each row where it belongs. */
export async function refreshList() {
  const list = find("#baris");
  // What a search has found stays as it was read.
  if (!list || "still" in list.dataset) return;
  const url = list.dataset.url;
  const rows = list.querySelectorAll(".row").length;
  const fresh = await piece(joined(url, `banyak=${Math.min(MOST, Math.max(50, rows + SPARE))}&pilih=${opened()}`));
  if (!list.isConnected || list.dataset.url !== url) return;
  const before = seen(list);
  merge(list, fresh, beyond(list, fresh));
  steady(list, before);
}

/** What arrives on top must not push out what stands at the end: where the fresh rows end before ours do, ours stay, and
 * so does the way further down. Changes `fresh`; returns which of ours are kept. */
function beyond(list, fresh) {
  const cut = find('[data-key="lagi"]', fresh);
  const ours = [...list.children];
  const way = find(':scope > [data-key="lagi"]', list);
  const mine = new Set(ours.map((one) => one.dataset.key));
  const theirs = [...fresh.children].filter((one) => one !== cut);
  const known = theirs.findLastIndex((one) => one.matches(".row") && mine.has(one.dataset.key));
  if (!cut || known < 0) return undefined;
  const named = new Set(theirs.map((one) => one.dataset.key));
  const last = ours.findLastIndex((one) => one !== way && named.has(one.dataset.key));
  const kept = ours.slice(last + 1).filter((one) => one !== way);
  if (way) theirs.slice(known + 1).forEach((one) => one.remove());
  if (way || kept.length) cut.remove();
  return (one) => one === way || kept.includes(one);
}

/** The next page of rows, in place of the button that asked for it. */
export async function more(link, { focus = true } = {}) {
  const place = link.closest("li");
  if (place.dataset.busy) return;
  place.dataset.busy = "1";
  try {
    const fresh = await piece(link.dataset.more);
    if (!place.isConnected) return;
    const have = new Set([...find("#baris").children].map((one) => one.dataset.key));
    fresh.querySelectorAll("li").forEach((one) => have.has(one.dataset.key) && one.dataset.key !== "lagi" && one.remove());
    const first = find(".hit", fresh);
    const held = place.contains(document.activeElement);
    place.replaceWith(fresh);
    select();
    watch();
    if (focus || held) first?.focus({ preventScroll: true });
  } finally {
    delete place.dataset.busy;
  }
}

/** Mark the open row in the list that stands. */
export function select() {
  const chosen = opened();
  for (const row of document.querySelectorAll("#baris .row")) {
    const on = row.dataset.key === chosen;
    row.classList.toggle("on", on);
    if (on) row.classList.remove("unread");
    const hit = find(".hit", row);
    if (on) hit.setAttribute("aria-current", "true");
    else hit.removeAttribute("aria-current");
  }
}

// ── Further down ──
let watcher = null;

export function watch() {
  watcher?.disconnect();
  const list = find("#baris");
  const link = list && find("[data-more]", list);
  if (!link) return;
  watcher = new IntersectionObserver(
    (found) => found.some((one) => one.isIntersecting) && more(link, { focus: false }).catch(() => watcher.disconnect()),
    { root: list, rootMargin: AHEAD },
  );
  watcher.observe(link);
}

// ── Back where one was ──
function leave() {
  const list = find("#baris");
  if (!list) return;
  const place = { url: list.dataset.url, rows: list.querySelectorAll(".row").length, top: list.scrollTop, at: Date.now() };
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(place));
  } catch {
    // A browser that keeps nothing begins at the top.
  }
}

async function back() {
  const list = find("#baris");
  const [way] = performance.getEntriesByType("navigation");
  if (!list || !["back_forward", "reload"].includes(way?.type)) return;
  let place = null;
  try {
    place = JSON.parse(sessionStorage.getItem(PLACE) || "null");
  } catch {
    return;
  }
  if (!place || place.url !== list.dataset.url || Date.now() - place.at > REMEMBERED || place.top < 1) return;
  if (place.rows > list.querySelectorAll(".row").length && !("still" in list.dataset)) {
    list.replaceChildren(await piece(joined(place.url, `banyak=${Math.min(MOST, place.rows)}&pilih=${opened()}`)));
  }
  list.scrollTop = place.top;
}

// ── One line a row, or two ──
function density(form) {
  const button = find("button", form);
  const compact = button.value === "padat";
  if (compact) document.documentElement.dataset.density = "compact";
  else delete document.documentElement.dataset.density;
  button.setAttribute("aria-pressed", String(compact));
  const body = new URLSearchParams([...new FormData(form, button)]);
  button.value = compact ? "nyaman" : "padat";
  return fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "manual" });
}

export function begin() {
  if (!find("#baris")) return;
  back().catch(() => {}).finally(watch);
  addEventListener("pagehide", leave);
  document.addEventListener("submit", (event) => {
    if (!("densityForm" in event.target.dataset)) return;
    event.preventDefault();
    density(event.target).catch(() => {});
  });
  new MutationObserver(watch).observe(find("#meja"), { childList: true });
}
