// Asking the server: pieces of pages, and forms that do not throw the page away.

export class Refusal extends Error {
  constructor(status, message, login) {
    super(message);
    this.status = status;
    this.login = login;
  }
}

const HEADERS = { "HX-Request": "true" };

/** What to say when no answer came: that this machine has no line, or that the service is out of reach from here. */
export function unheard() {
  const words = document.querySelector("#terputus [data-says]")?.dataset || {};
  return navigator.onLine ? words.down : words.offline;
}

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
export async function piece(address, signal) {
  const answer = await fetch(withPlace(address), { headers: HEADERS, credentials: "same-origin", signal });
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

/** Send a form; a page that slept too long gets a fresh token and sends once more. With `hears`, its files go along and
 * it is told how far they are. */
export async function send(form, submitter, hears) {
  const fields = new FormData(form, submitter || null);
  const body = hears ? fields : words(fields);
  const once = () => (hears ? upload(form.action, body, hears) : page(form.action, { method: "POST", body }));
  try {
    return await once();
  } catch (problem) {
    if (!(problem instanceof Refusal) || !problem.token) throw problem;
    body.set("csrf", problem.token);
    return once();
  }
}

/** The fields without the files: an empty one that nobody chose is no word. */
function words(fields) {
  return new URLSearchParams([...fields].filter(([, value]) => typeof value === "string"));
}

/** A form with files. Only the older way of asking tells how far an upload is. */
function upload(address, body, hears) {
  return new Promise((done, fail) => {
    const ask = new XMLHttpRequest();
    ask.open("POST", address);
    for (const [name, value] of Object.entries(HEADERS)) ask.setRequestHeader(name, value);
    ask.setRequestHeader("HX-Current-URL", location.href);
    // The token stands in a header too, so that a forged upload is turned away before its files are read.
    ask.setRequestHeader("X-CSRF-Token", body.get("csrf"));
    ask.upload.addEventListener("progress", (event) => hears(event.lengthComputable ? event.loaded / event.total : 0));
    ask.addEventListener("error", () => fail(new TypeError("no answer")));
    ask.addEventListener("load", async () => {
      const answer = new Response(ask.responseText, { status: Math.max(200, ask.status) });
      const heard = { ok: answer.ok, status: ask.status, headers: { get: (name) => ask.getResponseHeader(name) } };
      if (!heard.ok) return fail(await refusal({ ...heard, text: () => answer.text() }));
      return done({ url: ask.responseURL, doc: new DOMParser().parseFromString(ask.responseText, "text/html") });
    });
    ask.send(body);
  });
}

async function refusal(answer) {
  const text = await answer.text();
  const doc = new DOMParser().parseFromString(text, "text/html");
  const said = doc.querySelector(".says") || doc.querySelector(".notice b");
  const found = new Refusal(answer.status, said ? said.textContent.trim() : "", answer.headers.get("X-Login"));
  found.token = answer.headers.get("X-CSRF-Token");
  return found;
}
