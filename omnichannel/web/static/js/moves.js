// Ready moves: offered behind "/" and in the palette, looked at in a dialog, then run at once.

import { json, send, unheard } from "./post.js";
import * as undo from "./undo.js";

const find = (selector, root = document) => root.querySelector(selector);
let ran = () => {};

export function onRun(hears) {
  ran = hears;
}

export async function known(conversation) {
  return (await json(`/percakapan/${conversation}/langkah`)).moves;
}

export function show(conversation, move) {
  const box = find("#langkah");
  const form = find("form", box);
  form.action = `/percakapan/${conversation}/langkah/${move.id}`;
  form.dataset.conversation = conversation;
  find("[name=key]", form).value = Array.from(crypto.getRandomValues(new Uint8Array(12)), (one) => one.toString(16)).join("");
  find("[name=isi]", form).value = move.text;
  find("h2", form).textContent = move.name;
  find(".deeds", form).replaceChildren(...move.steps.map(step));
  const said = find("blockquote", form);
  said.textContent = move.text;
  said.hidden = !move.text;
  fault(form, "");
  find(".btn.main", form).disabled = Boolean(move.why);
  if (!box.open) box.showModal();
}

function step(one) {
  const item = document.createElement("li");
  item.textContent = one.words;
  if (one.why) {
    const why = document.createElement("span");
    why.className = "tag warn";
    why.textContent = one.why;
    item.append(" ", why);
  }
  return item;
}

function fault(form, words) {
  const line = find(".error-line", form);
  line.textContent = words;
  line.hidden = !words;
}

async function run(form) {
  const button = find(".btn.main", form);
  if (button.disabled) return;
  button.disabled = true;
  try {
    find("[name=csrf]", form).value = document.body.dataset.csrf;
    const { doc } = await send(form, null);
    find("#langkah").close();
    undo.offer(doc);
    ran(form.dataset.conversation);
  } catch (problem) {
    if (problem.status === 401) document.dispatchEvent(new Event("session-over"));
    fault(form, (problem.status && problem.message) || unheard());
    button.disabled = false;
  }
}

export function begin() {
  const box = find("#langkah");
  box?.addEventListener("submit", (event) => {
    event.preventDefault();
    run(event.target);
  });
  box && find("[data-close]", box).addEventListener("click", () => box.close());
}
