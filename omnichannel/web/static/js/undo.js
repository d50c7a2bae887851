// An answer that has just been sent waits a few seconds: a bar says how long, and takes it back with its words and files.

const find = (selector, root = document) => root.querySelector(selector);
const bar = () => find("#urungkan");
const LATE = 6000;
let held = null;
let timer = 0;
let gives = () => {};

/** `back({conversation, text, files, to})` puts what was taken back where it was written. */
export function onBack(back) {
  gives = back;
}

/** The newest of my own waiting answers in this page, if it has one. */
export function offer(root, was = null) {
  const plan = [...root.querySelectorAll("#aliran .plan[data-brief]")].pop();
  if (!plan || !bar()) return;
  // Another conversation may be open before the seconds are over: whose answer it is stays said.
  const name = (find(".talk h2", root) || find(".talk h2"))?.textContent.trim() || "";
  held = { form: find("[data-unplan]", plan), until: new Date(plan.dataset.brief).getTime(), was, name, move: "move" in plan.dataset };
  // The clocks of two machines differ: never longer than the office grants.
  const most = Number(find("#jawab")?.dataset.undo || 5) * 1000;
  held.until = Math.min(held.until, Date.now() + most);
  show();
}

function show() {
  clearTimeout(timer);
  const left = held ? Math.ceil((held.until - Date.now()) / 1000) : 0;
  if (left <= 0) return hide();
  const words = find("[data-says]", bar());
  const said = held.move ? words.dataset.move : words.dataset.word;
  words.textContent = said.replace("{n}", left).replace("{nama}", held.name);
  find("button", bar()).hidden = false;
  bar().hidden = false;
  timer = setTimeout(show, 200);
  return undefined;
}

function hide() {
  held = null;
  if (bar()) bar().hidden = true;
}

function say(words) {
  clearTimeout(timer);
  held = null;
  find("[data-says]", bar()).textContent = words;
  find("button", bar()).hidden = true;
  bar().hidden = false;
  timer = setTimeout(hide, LATE);
}

/** Ctrl+Z where nobody has written anything since; true when it was ours. */
export function key(event) {
  const z = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  if (!z || !held) return false;
  const field = event.target.closest?.("input, textarea, [contenteditable]");
  if (field && (field.id !== "tulis" || field.value)) return false;
  take(held.form, held.was);
  return true;
}

export function pressed() {
  if (held) take(held.form, held.was);
}

/** Take back what this form names: the newest, or one that is planned for later. */
export async function take(form, was = null) {
  const body = new URLSearchParams({ csrf: document.body.dataset.csrf });
  clearTimeout(timer);
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin" });
    const words = find("[data-says]", bar()).dataset;
    if (answer.status === 401) return document.dispatchEvent(new Event("session-over"));
    if (answer.status === 409) return say(words.late);
    if (!answer.ok) return say(words.away);
    const told = await answer.json();
    hide();
    await gives({ ...told, to: was?.to || "", files: was?.files || (await fetched(told.files)) });
  } catch {
    say(find("[data-says]", bar()).dataset.away);
  }
  return undefined;
}

async function fetched(files) {
  const found = await Promise.all(
    files.map(async (one) => {
      const answer = await fetch(one.url, { credentials: "same-origin" });
      return answer.ok ? new File([await answer.blob()], one.name, { type: one.type }) : null;
    }),
  );
  return found.filter(Boolean);
}
