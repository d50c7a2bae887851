// Before it leaves: what might be said (taken by a click, never sent by itself), and what the citizen will see of it.

import { json } from "./post.js";
import * as attach from "./attach.js";

const find = (selector, root = document) => root.querySelector(selector);
const PAUSE = 350;
let timer = 0;
let turn = 0;
const made = (tag, words = "", kind = "") => Object.assign(document.createElement(tag), { textContent: words, className: kind });

function box(form, id) {
  const held = find(`#${id}`, form);
  if (held) return held;
  const fresh = made("section", "", "aid");
  fresh.id = id;
  fresh.setAttribute("aria-live", "polite");
  find("#tulis", form).before(fresh);
  return fresh;
}

/** Shown or put away; while it stands it follows what is written. */
export function preview(button) {
  const form = button.form;
  const open = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!open));
  if (open) find("#pratinjau", form)?.remove();
  else draw(form);
}

export function typed(form) {
  if (!form || !find("#pratinjau", form)) return;
  clearTimeout(timer);
  timer = setTimeout(() => draw(form), PAUSE);
}

async function draw(form) {
  const mine = ++turn;
  const body = new URLSearchParams({ csrf: document.body.dataset.csrf, text: find("#tulis", form).value, ke: find("[name=ke]:checked", form)?.value || "" });
  const files = attach.allowed(form) ? attach.chosen(form).map((one) => one.name) : [];
  body.set("berkas", JSON.stringify(files));
  const place = box(form, "pratinjau");
  const answer = await fetch(`/percakapan/${form.dataset.conversation}/pratinjau`, { method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || mine !== turn || !place.isConnected) return;
  const told = await answer.json();
  place.replaceChildren(made("p", told.title, "small muted"));
  if (told.subject) place.append(made("p", told.subject, "subject"));
  for (const one of told.messages) {
    const bubble = made("div", "", "bub");
    for (const name of one.files) bubble.append(made("span", `📎 ${name}`, "fileline"));
    if (one.text) bubble.append(made("div", one.text, "words"));
    place.append(bubble);
    if (one.said) place.append(made("p", one.said, "small muted"));
  }
  if (told.warn) place.append(made("p", told.warn, "error-line"));
}

export async function suggest(link, use) {
  const form = link.closest("form");
  const standing = find("#saran", form);
  if (standing) return standing.remove();
  const told = await json(link.getAttribute("href")).catch(() => null);
  if (!told || !form.isConnected) return undefined;
  const place = box(form, "saran");
  if (!told.suggestions.length) place.append(made("p", document.body.dataset.noSuggestion || "–", "muted"));
  for (const one of told.suggestions) {
    const row = made("div", "", "suggestion");
    const take = made("button", one.text, "words");
    take.type = "button";
    take.addEventListener("click", () => {
      place.remove();
      use(one.text);
    });
    const from = made("p", `${one.source} · `, "small muted");
    const name = made(one.href ? "a" : "span", one.name);
    if (one.href) Object.assign(name, { href: one.href, target: "_blank", rel: "noopener" });
    from.append(name);
    row.append(from, take);
    place.append(row);
  }
  find("button", place)?.focus();
  return undefined;
}
