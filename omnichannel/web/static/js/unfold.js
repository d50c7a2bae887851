// What the panes hold back until somebody opens it: the options of a long menu, which the page has once (parts/choices.html),
// and a text that is fetched. So a click on the list brings and draws only what is read at once.

import { piece } from "./post.js";

/** The menu's own options, with the one that is chosen still chosen. */
function fill(menu) {
  const list = document.getElementById(`pilihan-${menu.dataset.choices}`);
  if (!list) return;
  delete menu.dataset.choices;
  const chosen = menu.value;
  const all = list.content.cloneNode(true);
  const same = chosen && all.querySelector(`option[value="${CSS.escape(chosen)}"]`);
  if (same) {
    for (const one of menu.options) if (one.value === chosen) same.textContent = one.textContent;
    [...menu.options].filter((one) => one.value === chosen).forEach((one) => one.remove());
    same.defaultSelected = true;
  }
  menu.append(all);
  menu.value = chosen;
}

async function bring(details) {
  const address = details.dataset.lazy;
  if (details.dataset.brought) return;
  details.dataset.brought = "1";
  try {
    const fresh = await piece(address);
    for (const old of [...details.children].slice(1)) old.remove();
    details.append(fresh);
  } catch {
    delete details.dataset.brought; // the link that stands there leads to the same words
  }
}

/** What was fetched stays with its question when the pane around it is drawn anew. */
export function keep(old, fresh) {
  for (const known of old.querySelectorAll("details[data-brought]")) {
    const same = fresh.querySelector(`details[data-lazy="${CSS.escape(known.dataset.lazy)}"]`);
    if (!same) continue;
    same.replaceChildren(same.firstElementChild, ...[...known.children].slice(1));
    same.dataset.brought = "1";
  }
}

document.addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.open) return;
    if ("lazy" in target.dataset) bring(target);
    target.querySelectorAll("select[data-choices]").forEach(fill);
  },
  true,
);
document.addEventListener("focusin", ({ target }) => target.matches?.("select[data-choices]") && fill(target));
