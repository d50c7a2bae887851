// Signing this browser up to be told, and off again; the sound; the way to install the desk.

import { json } from "./post.js";
import { on, play, set } from "./sound.js";

const find = (selector) => document.querySelector(selector);
const box = find(".devices");
const key = box.dataset.key;
const problem = (word) => {
  const place = find("[data-push-problem]");
  if (!place) return;
  place.textContent = word || "";
  place.hidden = !word;
};

function bytes(text) {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
}

async function subscription() {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return undefined;
  const worker = await navigator.serviceWorker.ready;
  return worker.pushManager.getSubscription();
}

async function post(address, fields) {
  const { csrf } = await json("/sesi");
  const body = new URLSearchParams({ csrf, ...fields });
  const answer = await fetch(address, { method: "POST", body, headers: { "HX-Request": "true" } });
  if (answer.ok) return;
  const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
  throw new Error(doc.querySelector(".says, .notice b, h1")?.textContent.trim() || String(answer.status));
}

function shown(held) {
  const known = held && [...document.querySelectorAll("[data-endpoint]")].some((card) => card.dataset.endpoint === held.endpoint);
  find("[data-push-on]").hidden = !known;
  find("[data-push-off]").hidden = Boolean(known);
  find('[data-push="on"]').hidden = Boolean(known);
  find('[data-push="off"]').hidden = !known;
}

async function turnOn() {
  problem("");
  if ((await Notification.requestPermission()) !== "granted") return problem(box.dataset.denied);
  let held;
  try {
    const worker = await navigator.serviceWorker.ready;
    held = await worker.pushManager.getSubscription();
    // A key of before (the office moved its data) would be refused by the service for ever.
    const same = held && held.options.applicationServerKey && String(new Uint8Array(held.options.applicationServerKey)) === String(bytes(key));
    if (held && !same) {
      await held.unsubscribe();
      held = null;
    }
    held ||= await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  } catch {
    return problem(box.dataset.failed);
  }
  const { endpoint, keys } = held.toJSON();
  try {
    await post("/saya/perangkat", { endpoint, p256dh: keys.p256dh, auth: keys.auth });
  } catch (error) {
    return problem(error.message);
  }
  return location.reload();
}

async function turnOff() {
  const held = await subscription();
  const card = held && [...document.querySelectorAll("[data-endpoint]")].find((one) => one.dataset.endpoint === held.endpoint);
  await held?.unsubscribe();
  const forget = card?.querySelector("[data-forget]");
  if (forget) return forget.click();
  return location.reload();
}

async function begin() {
  find("[data-sound]").checked = on();
  if (!key) return;
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) {
    find('[data-push="on"]').hidden = true;
    return problem(box.dataset.none);
  }
  if (Notification.permission === "denied") problem(box.dataset.denied);
  return shown(await subscription());
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-push], [data-listen], [data-install]");
  if (!button) return;
  if (button.dataset.push === "on") turnOn();
  else if (button.dataset.push === "off") turnOff();
  else if ("install" in button.dataset) offered?.prompt();
  else play().then(() => (find("[data-heard]").textContent = find("[data-heard]").dataset.word));
});
document.addEventListener("change", (event) => {
  if ("sound" in event.target.dataset) set(event.target.checked);
});

let offered;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event;
  const button = find("[data-install]");
  if (button) button.hidden = false;
});

begin();
