// Files that go with an answer: chosen, dragged in or pasted; what the channel would refuse is said before anything leaves.

const find = (selector, root = document) => root.querySelector(selector);
const MEGABYTE = 1024 * 1024;
const FAMILIES = ["image", "video", "audio"];
const BY_NAME = { docx: "file", xlsx: "file", pdf: "application/pdf" };

export const field = (box) => box && find("#lampiran", box);

export function chosen(box) {
  return [...(field(box)?.files || [])];
}

/** Not where everybody sees a note, nor in a comment's private answer: both are words alone. */
export function allowed(box) {
  const to = find("[name=ke]:checked", box)?.value;
  return Boolean(field(box)) && to === "balas";
}

function put(box, files) {
  const held = new DataTransfer();
  for (const file of files) held.items.add(file);
  field(box).files = held.files;
  draw(box);
}

/** More files; one with the same name and size is the same file chosen twice. */
export function add(box, files) {
  const have = chosen(box);
  const fresh = [...files].filter((one) => !have.some((other) => other.name === one.name && other.size === one.size));
  put(box, [...have, ...fresh]);
}

export function take(box, index) {
  put(
    box,
    chosen(box).filter((_, at) => at !== index),
  );
}

/** What the composer's last look knew goes into its fresh one. */
export function move(old, fresh) {
  const files = chosen(old);
  if (files.length && field(fresh)) put(fresh, files);
}

function kindOf(file) {
  return file.type || BY_NAME[file.name.split(".").pop().toLowerCase()] || "file";
}

function limitOf(rules, file) {
  const kind = kindOf(file);
  const family = kind.split("/")[0];
  return rules.by[kind] ?? rules.by[FAMILIES.includes(family) ? family : "file"] ?? 0;
}

const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** Why these files cannot leave, in words; "" when they can. */
export function fault(box) {
  const input = field(box);
  const files = chosen(box);
  if (!input || !files.length || !allowed(box)) return "";
  const rules = JSON.parse(input.dataset.rules);
  const say = input.dataset;
  for (const file of files) {
    const limit = limitOf(rules, file);
    if (!limit) return filled(say.wordKind, { nama: file.name });
    if (!file.size) return filled(say.wordEmpty, { nama: file.name });
    if (file.size > limit) return filled(say.wordLarge, { nama: file.name, batas: Math.floor(limit / MEGABYTE) });
  }
  if (files.length > rules.most) return filled(say.wordMany, { n: rules.most });
  if (files.length > 1 && files.some((one) => rules.alone.includes(kindOf(one)))) return say.wordMixed;
  const sum = files.reduce((all, one) => all + one.size, 0);
  const whole = rules.together;
  return whole && sum > whole ? filled(say.wordWhole, { batas: Math.floor(whole / MEGABYTE) }) : "";
}

function size(bytes) {
  const shown = (n) => n.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
  return bytes >= MEGABYTE ? `${shown(bytes / MEGABYTE)} MB` : `${shown(Math.max(1, Math.round(bytes / 1024)))} kB`;
}

/** Drawn as the paper clip beside it is: from the same sheet. */
function icon(name) {
  const made = find(".attach svg").cloneNode(true);
  const use = find("use", made);
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${name}`));
  return made;
}

function chip(box, file, index) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const big = document.createElement("span");
  const off = document.createElement("button");
  item.className = "chip";
  name.className = "cut";
  name.textContent = file.name;
  big.className = "muted num";
  big.textContent = size(file.size);
  off.type = "button";
  off.setAttribute("aria-label", filled(field(box).dataset.wordOff, { nama: file.name }));
  off.dataset.off = index;
  off.append(icon("x"));
  item.append(icon("clip"), name, big, off);
  return item;
}

export function draw(box) {
  const list = find(".attached", box);
  if (!list) return;
  const files = chosen(box);
  list.replaceChildren(...files.map((file, index) => chip(box, file, index)));
  list.hidden = !files.length;
  find(".attach-limits", box).hidden = !files.length;
}

/** How far the upload is; 1 or nothing hides it. */
export function progress(box, share) {
  const bar = find("progress.sending", box);
  if (!bar) return;
  bar.hidden = share === null;
  bar.value = share ?? 0;
}
