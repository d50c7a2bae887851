// The composer: draft kept as it is written, letters counted, the channel's window counting down, replies ready with "/".

import * as ahead from "./ahead.js";
import * as attach from "./attach.js";
import * as draft from "./draft.js";
import * as undo from "./undo.js";
import * as rivals from "./rivals.js";
import { after } from "./relogin.js";
import { length } from "./length.js";
import { send, unheard } from "./post.js";
import * as menu from "./replies.js";

const find = (selector, root = document) => root.querySelector(selector);
const form = () => find("#jawab");
const field = () => find("#tulis");
let timer = 0;
let sent = () => {};
let version = 0; // of the server's draft that this page knows
let known = ""; // what was last kept or heard of

export function onSent(hears) {
  sent = hears;
}

export function enter() {
  const box = form();
  if (!box) return;
  const { conversation } = box.dataset;
  const server = JSON.parse(box.dataset.draft || "{}");
  version = server.version || 0;
  find("[name=tab]", box).value = draft.TAB;
  if (field().value === server.text && server.text) {
    choose(server.to);
    saved("kept");
  }
  const left = draft.unsaved(conversation);
  const untouched = !field().value.trim() || field().value === server.text;
  if (left.length && untouched) {
    field().value = left.at(-1).text;
    choose(left.at(-1).to);
    saved("word");
  }
  // What was typed before this file had loaded is new.
  known = JSON.stringify({ ...state(), text: left.length ? field().value : field().defaultValue });
  if (left.length) draft.resume(conversation);
  // This page was drawn before its last words had arrived.
  else if (draft.ahead(conversation, version)) looked();
  count();
  tick();
}

function choose(to) {
  const choice = to && find(to.startsWith("to-") ? `#${CSS.escape(to)}` : `[name=ke][value="${CSS.escape(to)}"]`, form());
  if (choice && !choice.disabled) choice.checked = true;
}

export function leave() {
  keepNow();
  menu.close();
  const box = form();
  if (box && draft.unsaved(box.dataset.conversation).length) draft.push(box.dataset.conversation);
}

/** The page goes: nobody will hear an answer any more. */
export function away() {
  keepNow();
  if (form()) draft.leave(form().dataset.conversation);
}

export function resume() {
  draft.resume(form()?.dataset.conversation);
}

function state() {
  const box = form();
  const to = find("[name=ke]:checked", box)?.value || "";
  const comment = to === "pribadi" ? find("[name=komentar]", box)?.value : "";
  return { text: field().value, to, comment, files: attach.chosen(box).map((one) => one.name) };
}

function keepNow() {
  clearTimeout(timer);
  const box = form();
  if (!box || !field() || box.classList.contains("busy")) return;
  const now = JSON.stringify(state());
  if (now === known) return;
  known = now;
  if (draft.keep(box.dataset.conversation, state(), version) && field().value.trim()) saved("word");
}

function saved(word) {
  const place = find(".saved", form());
  if (place) place.textContent = word ? place.dataset[word] : "";
}

/** The server has it, or tells what another page of ours wrote. */
draft.onHeard((conversation, told, entry) => {
  ahead.forget(conversation);
  const box = form();
  const marked = Boolean(find(`#baris [data-key="${conversation}"] .tag.draft`));
  if (marked !== told.version > 0) document.dispatchEvent(new Event("draft-marked"));
  if (!box || box.dataset.conversation !== conversation) return;
  version = told.version;
  if (!field().value.trim() && told.text && entry?.tab === draft.TAB) take(told);
  if (entry?.text === field().value) saved(told.version ? "kept" : "");
  rivals.draw(told.rivals.filter((one) => one.text !== field().value));
});

/** What was taken back stands in the composer again; what was begun meanwhile stays beside it. */
export async function back(told) {
  const box = form();
  if (!box || box.dataset.conversation !== String(told.conversation)) return;
  const begun = field().value.trim();
  await draft.hold();
  const held = (await draft.fetched(box.dataset.conversation).catch(() => null)) || { version: 0, rivals: [] };
  if (begun && begun !== told.text.trim()) {
    known = ""; // the server lays the two beside each other
    keepNow();
  } else take({ ...held, text: told.text, to: told.to || held.to });
  if (told.files?.length) attached(told.files);
  field().focus();
}

function take(told) {
  field().value = told.text;
  choose(told.to);
  version = told.version;
  known = JSON.stringify(state());
  saved(told.version ? "kept" : "");
  rivals.draw(told.rivals);
  count();
}

/** The page is looked at again: what was written elsewhere meanwhile takes the place of what nobody changed here. */
export async function looked() {
  const box = form();
  if (!box || JSON.stringify(state()) !== known || draft.unsaved(box.dataset.conversation).length) return;
  const told = await draft.fetched(box.dataset.conversation).catch(() => null);
  if (!told || form() !== box || told.version === version || JSON.stringify(state()) !== known) return;
  take(told);
}

/** "Pakai yang itu" or "Buang" under another text of ours. */
export async function rival(line, submitter) {
  const box = form();
  keepNow();
  await draft.hold();
  try {
    await draft.push(box.dataset.conversation);
    const told = await rivals.settle(line, submitter);
    if (submitter.value === "pakai") take(told);
    else rivals.draw(told.rivals);
    version = told.version;
    field().focus();
  } catch {
    fault(box, unheard());
  }
}

export function typed() {
  clearTimeout(timer);
  timer = setTimeout(keepNow, 400);
  fault(form(), attach.fault(form()));
  count();
  if (field().value.startsWith("/") && !field().value.includes("\n")) menu.open(form(), field().value.slice(1), use);
  else menu.close();
}

export function use(text) {
  const box = field();
  box.value = text;
  box.focus();
  const gap = text.search(/\{\w+\}/);
  if (gap >= 0) box.setSelectionRange(gap, text.indexOf("}", gap) + 1);
  menu.close();
  typed();
}

/** Words that somebody chose to take over: in an empty box as they are, else behind what stands there. */
export function add(text) {
  const have = field().value.trimEnd();
  use(have ? `${have}\n\n${text}` : text);
}

export function ready(button) {
  menu.open(form(), button?.dataset?.reply || "", use);
}

/** Letters (or weight, or bytes) as the channel counts them; shown from four fifths of the limit. */
export function count() {
  const box = form();
  const place = find(".limit", box);
  const aside = find("#to-private", box)?.value === "pribadi" && find("#to-private", box).checked;
  const limit = Number(aside ? box.dataset.asideLimit : box.dataset.limit);
  const counts = aside ? box.dataset.asideCounts : box.dataset.counts;
  const note = find("#to-note", box)?.checked;
  const letters = length(field().value.trim(), counts);
  const parts = !aside && box.dataset.several && letters > limit ? Math.ceil(letters / limit) : 1;
  const word = { weight: place.dataset.wordWeight, bytes: place.dataset.wordBytes }[counts] || place.dataset.word;
  const shown = (n) => n.toLocaleString(document.documentElement.lang);
  place.hidden = !limit || note || letters < limit * 0.8;
  place.classList.toggle("over", letters > limit && parts === 1);
  place.textContent = `${shown(letters)}/${shown(limit)} ${word}`;
  if (parts > 1) place.textContent += ` · ${box.dataset.several.replace("{n}", shown(parts))}`;
  return !limit || note || letters <= limit || parts > 1;
}

/** "Balas pribadi" under a comment: the composer turns to that one. */
export function aside(link) {
  const to = form() && find("#to-private", form());
  const chosen = new URL(link.href).searchParams.get("pribadi");
  const held = form() && find("[name=komentar]", form());
  // Only the comment that the composer already names can be answered without asking the server for its words.
  if (!to || !held || held.value !== chosen) return location.assign(link.href);
  to.checked = true;
  count();
  field().focus();
  return undefined;
}

/** Files chosen, dragged in or pasted. */
export function attached(files) {
  const box = form();
  if (files) attach.add(box, files);
  else attach.draw(box);
  keepNow();
  fault(box, attach.fault(box));
}

export function detach(button) {
  const box = form();
  attach.take(box, Number(button.dataset.off));
  fault(box, attach.fault(box));
  attach.field(box).focus();
}

export function takesFiles(target) {
  const box = target.closest?.("#jawab");
  return box && attach.allowed(box) ? box : null;
}

export function fault(box, words) {
  const line = box && find(".error-line", box);
  if (!line) return;
  line.textContent = words;
  line.hidden = !words;
}

export async function submit(box, submitter) {
  if (box.classList.contains("busy")) return;
  const wrong = attach.fault(box);
  if (wrong) return void fault(box, wrong);
  const conversation = box.dataset.conversation;
  keepNow();
  box.classList.add("busy");
  fault(box, "");
  try {
    await draft.hold();
    find("[name=tab]", box).value = draft.TAB;
    find("[name=tunggu]", box).value = Number(box.dataset.undo) ? "1" : "";
    const was = { to: state().to, files: attach.allowed(box) ? attach.chosen(box) : [] };
    const files = attach.allowed(box) && attach.chosen(box).length > 0;
    const { doc } = await send(box, submitter, files ? (share) => attach.progress(box, share) : null);
    draft.forget(conversation);
    ahead.forget(conversation);
    const fresh = find("#jawab", doc);
    if (form() === box && fresh) {
      const held = JSON.parse(fresh.dataset.draft || "{}");
      field().value = "";
      if (attach.allowed(box)) attach.field(box).value = "";
      renew(box, fresh);
      find("#tulisan-lain")?.replaceChildren(...(find("#tulisan-lain", doc)?.childNodes || []));
      take({ version: 0, text: "", rivals: [], ...held });
      field()?.focus();
    }
    undo.offer(doc, was);
    sent(conversation);
  } catch (problem) {
    draft.resume("");
    if (problem.status === 401) {
      document.dispatchEvent(new Event("session-over"));
      after(() => form()?.dataset.conversation === conversation && form().requestSubmit());
    }
    // Without an answer the browser says "Failed to fetch", in its own tongue; ours says what became of the draft.
    else if (problem.status === 409) document.dispatchEvent(new CustomEvent("composer-stale", { detail: problem.message }));
    else fault(box, (problem.status && problem.message) || unheard());
  } finally {
    box.classList.remove("busy");
    attach.progress(box, null);
    if (draft.unsaved(conversation).length) draft.push(conversation);
  }
}

/** A fresh composer takes the place of the old one; the words, the choice and the cursor stay. */
export function renew(old, fresh) {
  const area = find("#tulis", old);
  const choice = find("[name=ke]:checked", old)?.id;
  const [from, to, focused] = [area.selectionStart, area.selectionEnd, document.activeElement === area];
  const next = find("#tulis", fresh);
  next.value = area.value;
  const same = choice && find(`#${CSS.escape(choice)}`, fresh);
  // A note that was the only choice left is no choice: an opened window turns the composer back to the citizen.
  const forced = find("[name=ke]:disabled", old) && !area.value.trim() && choice === "to-note";
  if (same && !same.disabled && !forced) same.checked = true;
  attach.move(old, fresh);
  const [kept, keeps] = [find(".saved", old), find(".saved", fresh)];
  if (kept && keeps) keeps.textContent = kept.textContent;
  // A form that was not sent keeps its key: sent twice, it is still one message.
  if (area.value.trim() || attach.chosen(fresh).length) find("[name=key]", fresh).value = find("[name=key]", old).value;
  // Nor does it change the comment that it answers.
  const [mine, its] = [find("[name=komentar]", old), find("[name=komentar]", fresh)];
  if (area.value.trim() && mine && its && mine.value !== its.value && find("#to-private", old)?.checked) {
    its.value = mine.value;
    find(".to .pv", fresh).replaceWith(find(".to .pv", old));
  }
  old.replaceWith(fresh);
  if (focused) {
    next.focus({ preventScroll: true });
    next.setSelectionRange(from, to);
  }
  count();
  tick();
}

/** The ring of the reply window; true once it has run out, and the server knows what is still possible. */
export function tick() {
  const ring = form() && find(".window", form());
  if (!ring) return false;
  const left = Math.max(0, (new Date(ring.dataset.until) - Date.now()) / 1000);
  const share = Math.min(1, left / Number(ring.dataset.span));
  find(".left", ring).setAttribute("stroke-dasharray", `${Math.round(share * 100)} 100`);
  ring.classList.toggle("near", share < 0.25 && share >= 0.08);
  ring.classList.toggle("last", share < 0.08);
  const minutes = Math.floor(left / 60);
  if (minutes < 48 * 60) {
    const english = document.documentElement.lang === "en";
    const hours = Math.floor(minutes / 60);
    const spoken = english ? [`${hours} h `, " min"] : [`${hours} jam `, " mnt"];
    find("b", ring).textContent = `${hours ? spoken[0] : ""}${minutes % 60}${spoken[1]}`;
  }
  return left === 0;
}

