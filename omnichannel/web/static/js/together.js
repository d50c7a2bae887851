// News for this officer: said in passing when they come, read when the conversation stands open. And what was decided by
// somebody else a moment ago.

import * as composer from "./composer.js";
import * as mention from "./mention.js";
import * as panes from "./panes.js";
import { json } from "./post.js";

const STAYS = 9000;
const find = (selector, root = document) => root.querySelector(selector);
const told = new Set();
let known = null;
let at = "";

export function begin() {
  mention.begin();
  known = Number(find('[data-count="kabar"]')?.textContent || 0);
  at = panes.opened();
  if (known) latest(); // what waited already is not said in passing
  const desk = find("#meja");
  if (desk) {
    const opened = () => {
      if (panes.opened() !== at && (at = panes.opened()) && known) read();
    };
    new MutationObserver(opened).observe(desk, { attributes: true, attributeFilter: ["data-conversation"] });
  }
  // Somebody was faster: the words stay in sight while the panes are drawn anew.
  document.addEventListener("clash", ({ detail }) => {
    toast(detail, "", "warn");
    panes.refreshHead();
  });
  document.addEventListener("composer-stale", async ({ detail }) => {
    await Promise.all([panes.refreshComposer(), panes.refreshStream()]);
    composer.fault(find("#jawab"), detail);
  });
}

/** The rail's numbers were asked anew. */
export async function counted(counts) {
  const many = counts.kabar || 0;
  const same = many === known;
  known = many;
  if (same || !many) return;
  for (const one of await latest()) {
    if (String(one.conversation) === panes.opened() && document.hasFocus()) await read();
    if (String(one.conversation) !== panes.opened() || one.kind !== "follow") toast(`${one.words} · ${one.citizen}`, one.href, "", one.said);
  }
}

/** What is unread and was not said yet. */
async function latest() {
  const { news } = await json("/kabar/terbaru").catch(() => ({ news: [] }));
  const key = (one) => `${one.id || one.at} ${one.kind} ${one.conversation}`;
  const fresh = news.filter((one) => !told.has(key(one)));
  fresh.forEach((one) => told.add(key(one)));
  return fresh;
}

/** What stands open is known. */
async function read() {
  known = null; // the next number is compared with nothing
  const headers = { "HX-Request": "true", "X-CSRF-Token": document.body.dataset.csrf };
  await fetch(`/percakapan/${panes.opened()}/kabar`, { method: "POST", headers }).catch(() => null);
}

export function toast(words, href = "", tone = "", said = "") {
  const place = find("#toast") || document.body.appendChild(Object.assign(document.createElement("div"), { id: "toast", role: "status" }));
  const box = document.createElement(href ? "a" : "div");
  box.className = `toast ${tone}`.trim();
  if (href) {
    box.href = href;
    if (find("#meja")) box.dataset.open = "";
  }
  const title = document.createElement("b");
  title.textContent = words;
  box.append(title);
  if (said) box.append(Object.assign(document.createElement("span"), { textContent: said, className: "cut" }));
  place.append(box);
  const go = () => box.remove();
  box.addEventListener("click", () => setTimeout(go));
  let timer = setTimeout(go, STAYS);
  for (const kind of ["pointerenter", "focus"]) box.addEventListener(kind, () => clearTimeout(timer));
  for (const kind of ["pointerleave", "blur"]) box.addEventListener(kind, () => (timer = setTimeout(go, STAYS / 3)));
}
