// The three panes without a page load: opening a conversation, sending the small forms, and putting fresh pieces in place.

import { merge } from "./merge.js";
import { page, piece, send, here, unheard, Refusal } from "./post.js";
import { refreshList, select } from "./rows.js";
import { keep } from "./unfold.js";
import { heard, say } from "./voice.js";
import * as ahead from "./ahead.js";
import * as composer from "./composer.js";

const find = (selector, root = document) => root.querySelector(selector);
export const desk = () => find("#meja");
export const opened = () => desk()?.dataset.conversation || "";

export const announce = say;

/** Say why not: at the control that was used where there is one, else beside the composer. */
export function complain(problem, at = null) {
  if (problem instanceof Refusal && problem.status === 401) return document.dispatchEvent(new Event("session-over"));
  const words = (problem instanceof Refusal && problem.message) || unheard();
  if (at?.isConnected && at.id !== "jawab") return refused(at, words);
  const form = find("#jawab");
  if (form) composer.fault(form, words);
  else announce(words);
  return undefined;
}

/** The reason as the last line of the form; "" takes it away. */
function refused(form, words) {
  let line = find(".error-line", form);
  if (!line && !words) return;
  if (!line) {
    line = document.createElement("p");
    line.className = "error-line wide";
    line.setAttribute("role", "alert");
    form.append(line);
  }
  line.hidden = !words;
  line.textContent = words;
  if (words) line.scrollIntoView({ block: "nearest" });
}

let turn = 0;

/** Show the conversation of `address` in the panes that are already here. Of two clicks the later one wins. */
export async function open(address, { push = true, focus = true } = {}) {
  const mine = ++turn;
  const talk = find("#percakapan");
  const slow = setTimeout(() => talk.setAttribute("aria-busy", "true"), 300);
  try {
    const panel = ahead.panelOf(address);
    if (panel) {
      const fresh = await ahead.take(panel);
      if (mine !== turn) return undefined;
      if (push) history.pushState({}, "", address);
      put(fresh, panel);
    } else {
      const { url, doc } = await page(address);
      if (mine !== turn) return undefined;
      if (!find("#meja", doc)) return location.assign(address);
      if (push) history.pushState({}, "", new URL(url).pathname + new URL(url).search);
      show(doc);
    }
    if (focus) find("#percakapan").focus({ preventScroll: true });
  } catch (problem) {
    if (mine !== turn) return undefined;
    if (problem instanceof Refusal) complain(problem);
    else location.assign(address);
  } finally {
    clearTimeout(slow);
    find("#percakapan").removeAttribute("aria-busy");
  }
  return undefined;
}

/** On a phone the list gives way to the conversation: back to it is back to the place where one was. */
let place = 0;

function keepPlace() {
  const list = find("#baris");
  if (list?.offsetParent) place = list.scrollTop;
}

function comeBack() {
  const list = find("#baris");
  if (!list?.offsetParent || opened()) return;
  list.scrollTop = place;
}

/** From the conversation to the list, with the row that was open under the keys. */
export async function back(link) {
  const was = opened();
  await open(link.getAttribute("href"), { focus: false });
  find(`#baris .row[data-key="${CSS.escape(was)}"] .hit`)?.focus({ preventScroll: true });
}

/** Two panes alone: the list and the rail stand as they are. */
function put(fresh, panel) {
  const mine = desk();
  composer.leave();
  keepPlace();
  mine.classList.replace("no-talk", "has-talk");
  mine.dataset.conversation = /\/(\d+)\/panel/.exec(panel)[1];
  const talk = find("#percakapan", fresh);
  document.title = document.title.replace(/^(\(\d+\) )?.*$/, (_, unread) => (unread || "") + talk.dataset.title);
  select();
  enter(talk, find("#tentang", fresh));
  if ("unread" in talk.dataset) document.dispatchEvent(new Event("seen"));
}

function show(doc) {
  const [mine, fresh] = [desk(), find("#meja", doc)];
  composer.leave();
  keepPlace();
  mine.className = fresh.className;
  const searched = (root) => find("#baris", root)?.dataset.url;
  const sameList = mine.dataset.view === fresh.dataset.view && searched(mine) === searched(fresh);
  mine.dataset.view = fresh.dataset.view;
  mine.dataset.conversation = fresh.dataset.conversation;
  if (sameList) select();
  else mine.querySelector(".list").replaceWith(fresh.querySelector(".list"));
  mine.querySelector(".rail").replaceWith(fresh.querySelector(".rail"));
  document.title = doc.title;
  if (sameList) comeBack();
  enter(find("#percakapan", doc), find("#tentang", doc));
}

function enter(talk, about) {
  find("#percakapan").replaceWith(talk);
  find("#tentang")?.remove();
  if (about) desk().insertBefore(about, find(".mobile-tabs", desk()));
  composer.enter();
  jump();
  announce(find(".talk h2")?.textContent || "");
}

/** The message that a search has found, in the middle of the stream. */
export function jump() {
  find("#aliran .found")?.scrollIntoView({ block: "center" });
}

export async function older(link) {
  const stream = find("#aliran");
  const list = stream.querySelector("ol");
  const fresh = await piece(link.dataset.older);
  const from = stream.scrollHeight;
  link.closest("li").remove();
  for (const event of fresh.querySelectorAll(".event")) if (find(`[data-key="${event.dataset.key}"]`, list)) event.remove();
  list.prepend(fresh);
  // The stream is turned upside down: what is added on top moves nothing. Browsers that count from the top are put back.
  if (stream.scrollTop > 0) stream.scrollTop += stream.scrollHeight - from;
}

export async function refreshStream() {
  const stream = find("#aliran");
  if (!stream || "still" in stream.dataset) return;
  const list = stream.querySelector("ol");
  const atEnd = Math.abs(stream.scrollTop) < 48;
  const anchor = atEnd ? null : firstSeen(stream, list);
  const fresh = await piece(stream.dataset.url);
  const oldest = [...fresh.children].find((one) => one.dataset.key && one.dataset.key !== "lama")?.dataset.key;
  const known = oldest && find(`[data-key="${oldest}"]`, list);
  // What stands above the oldest message of the fresh piece was fetched by hand, and stays.
  const above = known ? [...list.children].slice(0, [...list.children].indexOf(known)) : [];
  if (above.length) find('[data-key="lama"]', fresh)?.remove();
  const arrived = merge(list, fresh, (one) => above.includes(one));
  if (anchor && anchor.element.isConnected) stream.scrollTop += anchor.element.getBoundingClientRect().top - anchor.top;
  const newer = find('[data-do="newest"]');
  const said = arrived.filter((key) => /^[mt]/.test(key));
  if (newer && said.length && !atEnd) newer.hidden = false;
  heard(said.map((key) => find(`[data-key="${CSS.escape(key)}"]`, list)).filter(Boolean));
}

function firstSeen(stream, list) {
  const top = stream.getBoundingClientRect().top;
  const element = [...list.children].find((one) => one.getBoundingClientRect().bottom > top + 4);
  return element ? { element, top: element.getBoundingClientRect().top } : null;
}

export async function refreshAbout() {
  const about = find("#tentang");
  if (!about || dirty(about)) return;
  const fresh = await piece(`/percakapan/${opened()}/tentang`);
  if (!find("#tentang") || dirty(about)) return;
  const at = about.scrollTop;
  const shown = [...about.querySelectorAll("details")].map((one) => one.open);
  const within = about.contains(document.activeElement) ? document.activeElement.id : "";
  keep(about, fresh);
  about.replaceChildren(fresh);
  about.querySelectorAll("details").forEach((one, n) => (one.open = shown[n] ?? one.open));
  about.scrollTop = at;
  if (within) document.getElementById(within)?.focus({ preventScroll: true });
}

export async function refreshHead() {
  const head = find("#kepala");
  if (!head || head.querySelector("details[open]")) return;
  const fresh = await piece(`/percakapan/${opened()}/kepala`);
  const back = head.contains(document.activeElement) ? [...head.querySelectorAll("a, button, summary")].indexOf(document.activeElement) : -1;
  head.replaceChildren(fresh);
  if (back >= 0) head.querySelectorAll("a, button, summary")[back]?.focus({ preventScroll: true });
}

/** What rules did here. A rule acts seconds after the message that set it off: the open page must not wait for the next visit. */
export async function refreshRuled() {
  const band = find("#aturan-di-sini");
  if (!band) return;
  const said = (root) => root.textContent.replace(/\s+/g, " ").trim();
  const fresh = await piece(`/percakapan/${opened()}/aturan`);
  if (!band.isConnected || said(band) === said(fresh)) return; // what stands already keeps its place and its focus
  const held = band.contains(document.activeElement);
  const before = [...band.querySelectorAll(".ruled")].map(said);
  band.replaceChildren(fresh);
  if (held) (band.querySelector("a, button") || find("#tulis") || find("#aliran"))?.focus({ preventScroll: true });
  for (const one of band.querySelectorAll(".ruled")) if (!before.includes(said(one))) announce(said(one.querySelector("p")));
}

export async function refreshComposer() {
  const form = find("#jawab");
  if (!form) return;
  const doc = await piece(`/percakapan/${opened()}/jawab`);
  const fresh = doc.querySelector("#jawab");
  if (!fresh || find("#jawab") !== form) return;
  composer.renew(form, fresh);
  renewTemplates(doc);
}

/** Fresh templates; where somebody fills one in they stay, unless the window has opened and none is needed. */
function renewTemplates(doc) {
  const [old, fresh] = [find("#templat"), doc.querySelector("#templat")];
  if (!old || !fresh) return;
  const written = [...old.querySelectorAll("[data-place]")].some((one) => one.value.trim());
  if (written && fresh.querySelector("details")) return;
  const shown = find("#templat-kotak", old)?.open;
  old.replaceWith(fresh);
  if (shown && find("#templat-kotak", fresh)) find("#templat-kotak", fresh).open = true;
}

/** Somebody is choosing or writing here: leave it alone. */
export function dirty(root) {
  if (root.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) return true;
  // A menu in which nothing is marked begins with its first option.
  const begins = (menu) => ([...menu.options].find((one) => one.defaultSelected) || menu.options[0])?.value;
  return [...root.querySelectorAll("select")].some((one) => one.value !== begins(one));
}

/** A small form: sent, and the panes it changes drawn from the answer. */
export async function quiet(form, submitter) {
  if (submitter?.dataset.confirm && !confirm(submitter.dataset.confirm)) return;
  refused(form, "");
  try {
    const asking = send(form, submitter);
    if (submitter) submitter.disabled = true; // once its own name and value are on their way
    const { doc } = await asking;
    const alarm = find("#alarm", doc);
    if (alarm) find("#alarm").replaceChildren(...alarm.childNodes);
    if (form.dataset.quiet !== "talk" || !find("#meja", doc)) return;
    form.closest("details.filter")?.removeAttribute("open");
    const was = { text: find("#tulis")?.value };
    find(".talk > header").replaceWith(find(".talk > header", doc));
    if (form.id) document.getElementById(form.id)?.closest("details")?.querySelector("summary").focus({ preventScroll: true });
    find("#tentang")?.replaceChildren(...(find("#tentang", doc)?.childNodes || []));
    for (const part of ["#pesan-serah", "#aturan-di-sini"]) find(part)?.replaceWith(find(part, doc) || "");
    if (was.text !== undefined && find("#jawab", doc)) composer.renew(find("#jawab"), find("#jawab", doc));
    if ("template" in form.dataset) find("#templat").replaceWith(find("#templat", doc));
    else renewTemplates(doc);
    const said = find("#percakapan .said-in > .notice[role=status]", doc);
    if (said) announce(said.textContent.trim());
    await Promise.all([refreshStream(), refreshList()]);
  } catch (problem) {
    // The header is drawn anew at once: what somebody else was faster with there is said where it stays.
    if (problem.status === 409 && form.closest("#kepala")) document.dispatchEvent(new CustomEvent("clash", { detail: problem.message }));
    else complain(problem, form);
  } finally {
    if (submitter?.isConnected) submitter.disabled = false;
  }
}

export { here };
