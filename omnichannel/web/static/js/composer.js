// The composer: draft kept as it is written, letters counted, the channel's window counting down, replies ready with "/".

import * as attach from "./attach.js";
import * as draft from "./draft.js";
import { length } from "./length.js";
import { send } from "./post.js";
import * as menu from "./replies.js";

const find = (selector, root = document) => root.querySelector(selector);
const form = () => find("#jawab");
const field = () => find("#tulis");
let timer = 0;
let sent = () => {};

export function onSent(hears) {
  sent = hears;
}

export function enter() {
  const box = form();
  if (!box) return;
  const kept = draft.load(box.dataset.conversation);
  if (kept && !field().value.trim()) {
    field().value = kept.text;
    const choice = find(`#${CSS.escape(kept.to || "")}`, box);
    if (choice && !choice.disabled) choice.checked = true;
    saved();
  }
  count();
  tick();
}

export function leave() {
  keepNow();
  menu.close();
}

function state() {
  return { text: field().value, to: find("[name=ke]:checked", form())?.id || "" };
}

function keepNow() {
  clearTimeout(timer);
  const box = form();
  if (box && field()) if (draft.keep(box.dataset.conversation, state()) && field().value.trim()) saved();
}

function saved() {
  const place = find(".saved", form());
  if (place) place.textContent = place.dataset.word;
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

export function ready() {
  menu.open(form(), "", use);
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
  box.classList.add("busy");
  fault(box, "");
  const conversation = box.dataset.conversation;
  keepNow();
  try {
    const files = attach.allowed(box) && attach.chosen(box).length > 0;
    const { doc } = await send(box, submitter, files ? (share) => attach.progress(box, share) : null);
    draft.forget(conversation);
    const fresh = find("#jawab", doc);
    if (form() === box && fresh) {
      field().value = "";
      if (attach.allowed(box)) attach.field(box).value = "";
      find(".saved", box).textContent = "";
      renew(box, fresh);
      field()?.focus();
    }
    sent(conversation);
  } catch (problem) {
    if (problem.status === 401) document.dispatchEvent(new Event("session-over"));
    // Without an answer the browser says "Failed to fetch", in its own tongue; ours says what became of the draft.
    else fault(box, (problem.status && problem.message) || find("#terputus [data-says]").dataset.away);
  } finally {
    box.classList.remove("busy");
    attach.progress(box, null);
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
    const spoken = english ? [`${hours} h `, " m"] : [`${hours} j `, " m"];
    find("b", ring).textContent = `${hours ? spoken[0] : ""}${minutes % 60}${spoken[1]}`;
  }
  return left === 0;
}

