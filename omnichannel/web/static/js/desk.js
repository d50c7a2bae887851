// Every staff page begins here. Without this file each link and form works all the same.

import * as ahead from "./ahead.js";
import * as bulk from "./bulk.js";
import { begin } from "./live.js";
import { copy } from "./copy.js";
import * as installed from "./installed.js";
import * as sound from "./sound.js";
import "./dip.js";
import * as composer from "./composer.js";
import * as relogin from "./relogin.js";
import * as undo from "./undo.js";
import * as moves from "./moves.js";
import * as aids from "./aids.js";
import { forget as forgetReplies } from "./replies.js";
import * as draft from "./draft.js";
import * as keys from "./keys.js";
import * as palette from "./palette.js";
import * as panes from "./panes.js";
import { json, page, piece, unheard, Refusal } from "./post.js";
import * as rows from "./rows.js";
import * as viewer from "./viewer.js";
import * as voice from "./voice.js";
import * as presence from "./presence.js";
import * as together from "./together.js";

const find = (selector) => document.querySelector(selector);
const body = document.body;
const SOON = 250;
const FETCH_AGAIN = 4000;
const LIST_PAUSE = 900; // a busy hour must not redraw the list more often than a person can read it
const STILL = 2500; // the pointer has rested this long: nobody is about to click
let lastMove = 0;

// ── Waiting a little, and never twice at once ──
function gathered(work, pause) {
  let timer = 0;
  let running = false;
  let again = false;
  const run = async () => {
    timer = 0;
    if (running) return void (again = true);
    running = true;
    try {
      await work();
    } catch (problem) {
      if (problem instanceof Refusal && problem.status === 401) over();
      // What was told and could not be fetched is asked for again, or a message would be missing until the next one comes.
      else if (!(problem instanceof Refusal) || problem.status >= 500) setTimeout(ask, FETCH_AGAIN);
    } finally {
      running = false;
      if (again) {
        again = false;
        ask();
      }
    }
    return undefined;
  };
  const ask = () => {
    if (!timer) timer = setTimeout(run, pause);
  };
  return ask;
}

const list = gathered(async () => {
  while (overList() && Date.now() - lastMove < STILL) await new Promise((go) => setTimeout(go, 300));
  await rows.refreshList();
}, LIST_PAUSE);
const stream = gathered(panes.refreshStream, SOON);
const about = gathered(async () => {
  await panes.refreshHead();
  await panes.refreshAbout();
}, SOON);
const answer = gathered(panes.refreshComposer, SOON);
const ruled = gathered(panes.refreshRuled, SOON);
const numbers = gathered(async () => count(await json("/hitung")), LIST_PAUSE);
const alarm = gathered(async () => {
  const band = await piece("/alarm/pita");
  const have = find("#alarm");
  const ids = (root) => [...root.querySelectorAll("[data-alarm]")].map((one) => one.dataset.alarm).join();
  // An alarm that already stands is not read out again.
  if (ids(have) === ids(band)) return;
  const shown = have.querySelector("details[open]");
  have.replaceChildren(band);
  if (shown) have.querySelector("details")?.setAttribute("open", "");
}, SOON);
const trouble = gathered(async () => {
  const band = await piece("/kanal/gangguan");
  const have = find("#gangguan");
  // What already stands is not read out again.
  const said = (root) => root.textContent.replace(/\s+/g, " ").trim();
  if (have && said(have) !== said(band)) have.replaceChildren(band);
}, SOON);
const board = gathered(redraw, LIST_PAUSE);
const read = gathered(async () => {
  const headers = { "HX-Request": "true", "X-CSRF-Token": body.dataset.csrf };
  await fetch(`/percakapan/${panes.opened()}/baca`, { method: "POST", headers });
}, 1200);

function overList() {
  return find("#baris")?.matches(":hover");
}

function count({ counts, shown }) {
  together.counted(counts);
  for (const place of document.querySelectorAll("[data-count]")) {
    const n = counts[place.dataset.count] || 0;
    place.textContent = shown[place.dataset.count] || "0";
    place.hidden = !n;
    if ("hot" in place.dataset) place.classList.toggle("hot", n > 0);
  }
  const unread = counts["perlu-dibaca"] || 0;
  if (find("#meja")) document.title = (unread ? `(${unread}) ` : "") + document.title.replace(/^\(\d+\) /, "");
}

/** A page that is a list of its own (register, board, channels): drawn anew where nobody is writing. */
async function redraw() {
  const main = find("#isi");
  if (!main || panes.dirty(main) || main.querySelector("details[open], .done, textarea:focus")) return;
  const { doc } = await page(panes.here());
  const fresh = doc.querySelector("#isi");
  if (!fresh || panes.dirty(main)) return;
  const box = main.querySelector(".tablebox, .board");
  const at = [main.scrollTop, box?.scrollTop || 0, box?.scrollLeft || 0];
  main.replaceChildren(...fresh.childNodes);
  main.scrollTop = at[0];
  const next = main.querySelector(".tablebox, .board");
  if (next) [next.scrollTop, next.scrollLeft] = [at[1], at[2]];
}

// ── What the stream says ──
const live = begin(Number(body.dataset.last), hear, body.dataset.stream);

function hear({ change, stale, state, here }) {
  if (here) return presence.heard(here);
  if (state) return connection(state);
  if (change?.verb === "wrote") sound.wrote();
  ahead.forget(stale ? undefined : change.conversation);
  if (change?.verb === "read" && (change.thing === "conversation" || String(change.conversation) !== panes.opened())) return list(), numbers();
  list();
  numbers();
  if (change?.verb === "wrote" && String(change.conversation) !== panes.opened()) voice.elsewhere();
  if (stale || change.thing === "alarm") alarm();
  if ((stale || change.thing === "account") && find("[data-accounts]")) trouble();
  if (stale || String(change.conversation) === panes.opened() || presence.joined(change.conversation)) talk(change);
  if (!find("#meja") && (stale || ["case", "account", "conversation"].includes(change.thing))) board();
  return undefined;
}

function talk(change) {
  if (!panes.opened()) return;
  stream();
  about();
  // A rule speaks for itself; a band that stands may end with whatever happened.
  if (!change || change.verb?.startsWith("rule_") || find("#aturan-di-sini .ruled")) ruled();
  if (change?.verb === "wrote") {
    answer();
    if (document.hasFocus()) read();
  }
}

function connection(state) {
  const bar = find("#terputus");
  const lamp = find("#langsung");
  if (lamp) {
    lamp.classList.toggle("on", state === "on");
    lamp.classList.toggle("off", state === "off");
    lamp.firstElementChild.textContent = lamp.dataset[state];
  }
  if (state === "on") {
    bar.hidden = true;
    presence.ask();
    composer.resume();
  }
  // A short cut (a restart, a tunnel) needs no words.
  if (state === "off") setTimeout(() => lampOff(), 2500);
  return undefined;
}

async function lampOff() {
  const lamp = find("#langsung");
  if (lamp && !lamp.classList.contains("off")) return;
  try {
    await json("/sesi");
    if (!lamp || lamp.classList.contains("off")) say("away");
  } catch (problem) {
    if (problem instanceof Refusal && problem.status === 401) over();
    else say("unheard");
  }
}

function say(what) {
  const bar = find("#terputus");
  const words = bar.querySelector("[data-says]");
  const ended = what === "out";
  words.textContent = what === "unheard" ? unheard() : words.dataset[what];
  bar.querySelector('[data-do="reconnect"]').hidden = ended;
  const login = bar.querySelector('[data-do="login"]');
  login.hidden = !ended;
  login.href = `/login?next=${encodeURIComponent(panes.here())}`;
  bar.hidden = false;
}

function over() {
  composer.leave();
  say("out");
}

// ── Clicks and forms ──
const does = {
  keys: keys.keys,
  palette: palette.open,
  replies: composer.ready,
  aside: composer.aside,
  login: relogin.open,
  back: (link) => panes.back(link),
  undo: undo.pressed,
  foresee: aids.preview,
  suggest: (link) => aids.suggest(link, composer.add),
  reconnect: () => live.again(),
  print: () => window.print(),
  newest: (button) => {
    button.hidden = true;
    find("#aliran").scrollTop = 0;
  },
};

document.addEventListener("click", (event) => {
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  const off = event.target.closest("[data-off]");
  if (off) return composer.detach(off);
  const button = event.target.closest("[data-do], [data-copy]");
  if (button?.dataset.copy) return copy(button);
  if (button && does[button.dataset.do]) {
    event.preventDefault();
    return does[button.dataset.do](button);
  }
  for (const menu of document.querySelectorAll("details.filter[open]")) if (!menu.contains(event.target)) menu.open = false;
  const link = event.target.closest("a");
  if (!link || !plain || !find("#meja")) return undefined;
  if (link.matches("#baris .hit, [data-jump], [data-open]")) event.preventDefault(), panes.open(link.getAttribute("href"));
  if (link.matches("[data-more]")) event.preventDefault(), rows.more(link).catch(panes.complain);
  if (link.matches("[data-older]")) event.preventDefault(), panes.older(link).catch(panes.complain);
  return undefined;
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id === "jawab") event.preventDefault(), composer.submit(form, event.submitter);
  else if ("unplan" in form.dataset) event.preventDefault(), undo.take(form);
  else if ("rival" in form.dataset) event.preventDefault(), composer.rival(form, event.submitter);
  else if (form.dataset.quiet) event.preventDefault(), panes.quiet(form, event.submitter);
});

document.addEventListener("input", (event) => {
  if (event.target.id === "tulis") composer.typed(), aids.typed(event.target.form), presence.typed();
  if (event.target.dataset.place) preview(event.target);
});

/** A template as the citizen will read it, while its places are being filled. */
function preview(input) {
  const form = input.form;
  for (const place of form.querySelectorAll(`[data-fills="${CSS.escape(input.dataset.place)}"]`)) {
    const value = input.value.trim();
    place.textContent = value || place.dataset.empty;
    place.classList.toggle("full", Boolean(value));
  }
}

document.addEventListener("change", (event) => {
  if (event.target.name === "ke") composer.typed();
  if (event.target.id === "lampiran") composer.attached();
  if ("submit" in event.target.dataset) event.target.form.requestSubmit();
});

// ── Files dragged over the composer, or pasted into it ──
const files = (event) => event.dataTransfer || event.clipboardData;
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const box = composer.takesFiles(event.target);
    if (!box || ![...files(event).types].includes("Files")) return;
    event.preventDefault();
    box.classList.toggle("over", kind === "dragover");
    if (kind === "drop") composer.attached(files(event).files);
  });
}
document.addEventListener("paste", (event) => {
  const held = files(event)?.files;
  if (!held?.length || !composer.takesFiles(event.target)) return;
  event.preventDefault();
  composer.attached(held);
});

document.addEventListener("pointermove", () => (lastMove = Date.now()), { passive: true });
document.addEventListener("session-over", over);
document.addEventListener("seen", () => read());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return composer.away();
  alarm();
  return composer.looked();
});
document.addEventListener("draft-marked", list);
addEventListener("pagehide", composer.away);
// The browser knows of its own network before the stream does.
addEventListener("offline", () => say("unheard"));
addEventListener("online", () => {
  find("#terputus").hidden = true;
  live.again();
  composer.resume();
});
addEventListener("popstate", () => (find("#meja") && !location.hash ? panes.open(panes.here(), { push: false }) : undefined));

relogin.begin((run) => {
  find("#terputus").hidden = true;
  live.again();
  composer.resume();
  // What was told while nobody was in could not be fetched, and is not told again.
  hear({ stale: true });
  run?.();
});
moves.begin();
moves.onRun((conversation) => {
  forgetReplies();
  ahead.forget(conversation);
  if (conversation === panes.opened()) panes.open(panes.here(), { push: false });
  list();
});
undo.onBack(async (told) => {
  if (String(told.conversation) !== panes.opened()) await panes.open(`/kotak/semua/${told.conversation}`);
  if (!told.move) await composer.back(told);
  stream();
});
composer.onSent(() => {
  stream();
  list();
  about();
});
keys.listen({ open: panes.open });
bulk.begin();
viewer.begin();
rows.begin();
draft.tidy();
composer.enter();
undo.offer(document);
panes.jump();
presence.begin(panes.opened);
together.begin();
installed.begin((address) => (find("#meja") ? panes.open(address) : location.assign(address)));
setInterval(() => {
  if (composer.tick()) answer();
  if (document.visibilityState === "visible") alarm();
}, 30000);
