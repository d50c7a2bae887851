// Two versions of one list become one, by key: what is alike stays untouched, so nothing jumps, plays anew or loses focus.

const TOKEN = /(name="(?:csrf|key|kembali)" value=")[^"]*/g;

function same(old, fresh) {
  return old.outerHTML.replace(TOKEN, "$1") === fresh.outerHTML.replace(TOKEN, "$1");
}

function focusPath(element) {
  const active = document.activeElement;
  if (!active || !element.contains(active) || active === element) return null;
  if (active.id) return `#${CSS.escape(active.id)}`;
  const all = [...element.querySelectorAll(active.tagName)];
  return { tag: active.tagName, index: all.indexOf(active) };
}

function refocus(element, path) {
  const target = typeof path === "string" ? element.querySelector(path) : element.querySelectorAll(path.tag)[path.index];
  if (target) target.focus({ preventScroll: true });
}

function busy(element) {
  return [...element.querySelectorAll("audio, video")].some((one) => !one.paused);
}

/** `keep(element)` true: an element that the fresh list does not name stays (older pages). Returns the new keys. */
export function merge(list, fresh, keep = () => false) {
  const old = new Map([...list.children].filter((one) => one.dataset.key).map((one) => [one.dataset.key, one]));
  const wanted = [...fresh.children];
  const named = new Set(wanted.map((one) => one.dataset.key));
  const arrived = [];
  for (const [key, element] of old) if (!named.has(key) && !keep(element)) element.remove();
  // What stays stands above all that is fresh, or below it (pages that were fetched by hand).
  const above = list.firstElementChild && keep(list.firstElementChild) && !named.has(list.firstElementChild.dataset.key);
  let before = above ? [...list.children].filter((one) => keep(one) && !named.has(one.dataset.key)).pop() : null;
  for (const next of wanted) {
    const known = old.get(next.dataset.key);
    let placed = known;
    if (!known) {
      placed = next;
      next.classList.add("new");
      arrived.push(next.dataset.key);
    } else if (!alike(known, next)) {
      const path = focusPath(known);
      const open = [...known.querySelectorAll("details")].map((one) => one.open);
      known.replaceWith(next);
      placed = next;
      next.querySelectorAll("details").forEach((one, at) => (one.open = open[at] ?? one.open));
      if (path) refocus(next, path);
    }
    const after = before ? before.nextElementSibling : list.firstElementChild;
    if (after !== placed) list.insertBefore(placed, after);
    before = placed;
  }
  return arrived;
}

function alike(known, next) {
  if (busy(known)) return true;
  const seen = known.cloneNode(true);
  seen.classList.remove("new", "at", "picked");
  // What the page itself drew into a row (who is there now) is no part of the row.
  seen.querySelectorAll("[data-live]").forEach((one) => one.remove());
  if (!seen.getAttribute("class")) seen.removeAttribute("class");
  const open = seen.querySelectorAll("details[open]");
  open.forEach((one) => one.removeAttribute("open"));
  const bare = next.cloneNode(true);
  bare.querySelectorAll("details[open]").forEach((one) => one.removeAttribute("open"));
  return same(seen, bare);
}
