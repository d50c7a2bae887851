// Pictures, papers, maps and earlier words, looked at where one is: one dialog, by keyboard too. Without it each is a link.

import { complain } from "./panes.js";
import { piece } from "./post.js";

const find = (selector, root = document) => root.querySelector(selector);
const box = () => find("#lihat");
let album = [];
let at = 0;
let from = null;

function fill(title, content, { unduh = "" } = {}) {
  find("#lihat-judul").textContent = title;
  find("#lihat-isi").replaceChildren(content);
  find("#lihat-unduh").hidden = !unduh;
  if (unduh) find("#lihat-unduh").href = `${unduh}?unduh`;
  const several = album.length > 1;
  box().querySelectorAll(".step").forEach((one) => (one.hidden = !several));
  find("#lihat-urut").textContent = several ? box().dataset.of.replace("{n}", at + 1).replace("{m}", album.length) : "";
  if (!box().open) box().showModal();
}

function picture() {
  const link = album[at];
  const image = new Image();
  image.alt = link.getAttribute("aria-label") || link.dataset.name;
  image.src = link.getAttribute("href");
  fill(link.dataset.name, image, { unduh: link.getAttribute("href") });
}

function paper(link) {
  const frame = document.createElement("iframe");
  frame.title = link.dataset.name;
  frame.src = link.getAttribute("href");
  fill(link.dataset.name, frame, { unduh: link.getAttribute("href") });
}

/** Earlier words, or the larger map: a piece of ours. */
async function drawn(link) {
  const holder = document.createElement("div");
  holder.className = "read";
  holder.append(await piece(link.getAttribute("href")));
  fill(link.dataset.name || link.textContent, holder);
}

function step(by) {
  if (!by) return box().close();
  if (album.length < 2) return undefined;
  at = (at + by + album.length) % album.length;
  return picture();
}

function show(link) {
  from = link;
  album = link.dataset.look === "picture" ? [...link.closest(".album").querySelectorAll("a")] : [];
  at = Math.max(0, album.indexOf(link));
  box().dataset.kind = link.dataset.look;
  if (link.dataset.look === "picture") picture();
  else if (link.dataset.look === "paper") paper(link);
  else drawn(link).catch(complain);
}

export function begin() {
  if (!box()) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-look]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(link);
  });
  box().addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(Number(button.dataset.step));
    else if (event.target === box()) box().close();
  });
  box().addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by) event.preventDefault(), step(by);
  });
  box().addEventListener("close", () => {
    find("#lihat-isi").replaceChildren();
    // The stream may have been drawn anew meanwhile: the same link is found by its address.
    const again = from?.isConnected ? from : from && find(`[data-look][href="${CSS.escape(from.getAttribute("href"))}"]`);
    (again || find("#aliran"))?.focus({ preventScroll: true });
  });
}
