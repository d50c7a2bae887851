// The session ended: whoever was writing comes in again on top of the page, and what they had sent goes off once.

import { unheard } from "./post.js";

const find = (selector, root = document) => root.querySelector(selector);
let waiting = null;
let back = () => {};

/** `comes(waiting)` runs once somebody is in again, with what they had asked for before. */
export function begin(comes) {
  back = comes;
  const box = find("#masuk-lagi");
  if (!box) return;
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    enter(find("[data-relogin]", box)).catch(() => fault(box, unheard()));
  });
  find("[data-close]", box).addEventListener("click", () => box.close());
}

export function open() {
  const box = find("#masuk-lagi");
  if (!box || box.open) return;
  find("[data-waiting]", box).hidden = !waiting;
  fault(box, "");
  box.showModal();
  find("[name=password]", box).focus();
}

/** Something was to be sent when the session turned out to be over. */
export function after(run) {
  waiting = run;
  open();
}

function fault(box, words) {
  const line = find(".error-line", box);
  line.textContent = words;
  line.hidden = !words;
}

async function enter(form) {
  const door = new DOMParser().parseFromString(await (await fetch("/login")).text(), "text/html");
  const token = find("input[name=csrf]", door);
  const body = new URLSearchParams(new FormData(form));
  // Somebody may have come in on another tab meanwhile: then there is no door, and the session is good.
  if (token && find("form[action='/login']", door)) {
    body.set("csrf", token.value);
    body.set("next", "/sesi");
    const answer = await fetch("/login", { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok) {
      const said = find(".wrong", new DOMParser().parseFromString(await answer.text(), "text/html"));
      find("[name=password]", form).select();
      return fault(form.closest("dialog"), said?.textContent.trim() || "");
    }
  }
  const session = await (await fetch("/sesi", { headers: { "HX-Request": "true" } })).json();
  find("[name=password]", form).value = "";
  form.closest("dialog").close();
  // Another person's page: their own drafts and lists belong on it.
  if (String(session.staff) !== document.body.dataset.staff) return location.reload();
  document.body.dataset.csrf = session.csrf;
  for (const field of document.querySelectorAll("input[name=csrf]")) field.value = session.csrf;
  const run = waiting;
  waiting = null;
  back(run);
  return undefined;
}
