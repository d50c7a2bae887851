// What somebody is writing is kept in their browser, a draft a person and conversation, until it has left.

const WHO = document.body.dataset.staff || "";
const PREFIX = "draf:";
const name = (conversation) => `${PREFIX}${WHO}:${conversation}`;
const MONTH = 30 * 24 * 3600 * 1000;

export function load(conversation) {
  try {
    return JSON.parse(localStorage.getItem(name(conversation)) || "null");
  } catch {
    return null;
  }
}

/** True when it is kept; false where the browser keeps nothing (private mode, full). */
export function keep(conversation, draft) {
  try {
    if (draft.text.trim()) localStorage.setItem(name(conversation), JSON.stringify({ ...draft, at: Date.now() }));
    else localStorage.removeItem(name(conversation));
    return true;
  } catch {
    return false;
  }
}

export function forget(conversation) {
  try {
    localStorage.removeItem(name(conversation));
  } catch {
    // Nothing was kept.
  }
}

/** Drafts nobody came back to within a month: a shared office machine must not keep citizens' matters for ever. */
export function tidy() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(PREFIX)) continue;
      const draft = JSON.parse(localStorage.getItem(key) || "null");
      if (!draft || Date.now() - draft.at > MONTH) localStorage.removeItem(key);
    }
  } catch {
    // Unreadable: leave it.
  }
}
