// What somebody is writing: at once in their browser, a moment later at the server, until it has left.
//
// Every open page keeps an entry of its own; `dirty` says that the server has not confirmed it. Whoever opens the
// conversation next brings to the server what a page that is gone could not.

const WHO = document.body.dataset.staff || "";
const PREFIX = "draf:";
const MONTH = 30 * 24 * 3600 * 1000;
const PAUSE = 1200;
const AGAIN = 4000;
const LONGEST_BEACON = 60000; // browsers refuse a beacon beyond 64 KB
const of = (conversation) => `${PREFIX}${WHO}:${conversation}`;
export const TAB = Array.from(crypto.getRandomValues(new Uint8Array(9)), (one) => one.toString(36)).join("").slice(0, 16);

let timer = 0;
let sending = false;
let stopped = false;
let heard = () => {};

/** `hears(conversation, saved)`: the server has taken it, or told what another page wrote. */
export function onHeard(hears) {
  heard = hears;
}

function entries(conversation) {
  const found = [];
  try {
    for (const key of Object.keys(localStorage)) {
      if (key !== of(conversation) && !key.startsWith(`${of(conversation)}:`)) continue;
      const kept = JSON.parse(localStorage.getItem(key) || "null");
      if (kept?.text !== undefined) found.push({ version: 0, dirty: true, tab: "lama", files: [], ...kept, key });
    }
  } catch {
    // The browser keeps nothing, or somebody wrote nonsense there.
  }
  return found.sort((a, b) => a.at - b.at);
}

function put(conversation, entry) {
  try {
    localStorage.setItem(`${of(conversation)}:${entry.tab}`, JSON.stringify(entry));
    return true;
  } catch {
    return false;
  }
}

function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

/** Everything of this conversation that the server has not confirmed, oldest first. */
export function unsaved(conversation) {
  return entries(conversation).filter((one) => one.dirty && (one.text.trim() || one.files.length));
}

/** Whether this browser knows of a newer version than that. */
export function ahead(conversation, version) {
  return entries(conversation).some((one) => one.version > version);
}

/** An answer is about to leave: nothing of its draft may arrive behind it. */
export async function hold() {
  clearTimeout(timer);
  for (let waits = 0; sending && waits < 100; waits += 1) await new Promise((go) => setTimeout(go, 30));
}

/** Keep it here at once; true when this browser keeps anything. The server follows. */
export function keep(conversation, draft, version) {
  const kept = put(conversation, { ...draft, version, dirty: true, tab: TAB, at: Date.now() });
  clearTimeout(timer);
  timer = setTimeout(() => push(conversation), PAUSE);
  return kept;
}

export function forget(conversation) {
  clearTimeout(timer);
  drop(`${of(conversation)}:${TAB}`);
  drop(of(conversation));
}

function form(entry) {
  const body = new URLSearchParams();
  const fields = { csrf: document.body.dataset.csrf, text: entry.text, ke: entry.to || "balas", tab: entry.tab, versi: entry.version };
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  if (entry.comment) body.set("komentar", entry.comment);
  body.set("berkas", JSON.stringify(entry.files || []));
  return body;
}

async function post(conversation, entry) {
  const headers = { "HX-Request": "true" };
  const ask = () => fetch(`/percakapan/${conversation}/draf`, { method: "POST", headers, body: form(entry), credentials: "same-origin" });
  let answer = await ask();
  const fresh = answer.headers.get("X-CSRF-Token");
  if (answer.status === 403 && fresh) {
    document.body.dataset.csrf = fresh;
    answer = await ask();
  }
  return answer;
}

/** Bring to the server what it has not confirmed: what lies here from pages that are gone first, ours last. */
export async function push(conversation) {
  clearTimeout(timer);
  if (sending || stopped) return;
  sending = true;
  let later = false;
  try {
    for (const entry of entries(conversation).filter((one) => one.dirty)) {
      const answer = await post(conversation, entry);
      if (answer.status === 401) {
        stopped = true;
        document.dispatchEvent(new Event("session-over"));
        return;
      }
      if (answer.status >= 500) throw new Error("away");
      if (!answer.ok) continue; // refused for good: it stays in this browser
      const saved = await answer.json();
      settle(conversation, entry, saved);
    }
  } catch {
    later = true;
  } finally {
    sending = false;
  }
  const left = unsaved(conversation).some((one) => one.tab === TAB);
  if ((later || left) && !stopped) timer = setTimeout(() => push(conversation), later ? AGAIN : PAUSE);
}

function settle(conversation, entry, saved) {
  const now = entries(conversation).find((one) => one.key === entry.key);
  if (entry.tab !== TAB) drop(entry.key);
  else if (now && now.text === entry.text && now.to === entry.to) {
    if (entry.text.trim() || entry.files?.length) put(conversation, { ...now, key: undefined, version: saved.version, dirty: false });
    else drop(entry.key);
  } else if (now) put(conversation, { ...now, key: undefined, version: saved.version });
  heard(conversation, saved, entry);
}

/** The page is being left: a beacon goes although nobody waits for its answer; the entry stays until it is confirmed. */
export function leave(conversation) {
  clearTimeout(timer);
  const mine = entries(conversation).find((one) => one.tab === TAB && one.dirty);
  if (!mine || stopped) return;
  const body = form(mine);
  if (body.toString().length < LONGEST_BEACON) navigator.sendBeacon(`/percakapan/${conversation}/draf`, body);
}

/** Somebody is in again, or the connection is back. */
export function resume(conversation) {
  stopped = false;
  if (conversation) push(conversation);
}

/** What the server holds, for a page that slept. */
export async function fetched(conversation) {
  const answer = await fetch(`/percakapan/${conversation}/draf`, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  return answer.ok ? answer.json() : null;
}

/** Drafts nobody came back to within a month: a shared office machine must not keep citizens' matters for ever. */
export function tidy() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(PREFIX)) continue;
      const draft = JSON.parse(localStorage.getItem(key) || "null");
      const done = draft && draft.dirty === false && Date.now() - draft.at > MONTH / 30;
      if (!draft || done || Date.now() - draft.at > MONTH) localStorage.removeItem(key);
    }
  } catch {
    // Unreadable: leave it.
  }
}
