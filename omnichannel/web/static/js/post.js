// Asking the server: pieces of pages, and forms that do not throw the page away.

export class Refusal extends Error {
  constructor(status, message, login) {
    super(message);
    this.status = status;
    this.login = login;
  }
}

const HEADERS = { "HX-Request": "true" };

export function here() {
  return location.pathname + location.search;
}

function withPlace(address) {
  const url = new URL(address, location.origin);
  url.searchParams.set("di", here());
  return url.pathname + url.search;
}

/** The document of an address; Refusal when the server says no. */
export async function page(address, options = {}) {
  const answer = await fetch(address, {
    ...options,
    headers: { ...HEADERS, "HX-Current-URL": location.href, ...(options.headers || {}) },
    credentials: "same-origin",
  });
  if (!answer.ok) throw await refusal(answer);
  const text = answer.status === 204 ? "" : await answer.text();
  return { url: answer.url, doc: new DOMParser().parseFromString(text, "text/html") };
}

/** A piece of a page: its elements, in a <template> so that list items stand on their own. */
export async function piece(address) {
  const answer = await fetch(withPlace(address), { headers: HEADERS, credentials: "same-origin" });
  if (!answer.ok) throw await refusal(answer);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content;
}

export async function json(address) {
  const answer = await fetch(address, { headers: HEADERS, credentials: "same-origin" });
  if (!answer.ok) throw await refusal(answer);
  return answer.json();
}

/** Send a form; a page that slept too long gets a fresh token and sends once more. */
export async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter || null));
  const once = () => page(form.action, { method: "POST", body });
  try {
    return await once();
  } catch (problem) {
    if (!(problem instanceof Refusal) || !problem.token) throw problem;
    body.set("csrf", problem.token);
    return once();
  }
}

async function refusal(answer) {
  const text = await answer.text();
  const doc = new DOMParser().parseFromString(text, "text/html");
  const said = doc.querySelector(".says") || doc.querySelector(".notice b");
  const found = new Refusal(answer.status, said ? said.textContent.trim() : "", answer.headers.get("X-Login"));
  found.token = answer.headers.get("X-CSRF-Token");
  return found;
}
