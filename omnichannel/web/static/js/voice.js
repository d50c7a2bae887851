// What a screen reader is told: polite, gathered, and never so fast that one word wipes out the one before.

const place = () => document.querySelector("#kabar");
const PAUSE = 1500; // ms; less, and a reader who is spoken to hears the last of them only
const GATHERED = 6000;
const LONGEST = 160;
const waiting = [];
let timer = 0;
let arrived = 0;
let counting = 0;

function next() {
  timer = 0;
  const words = waiting.shift();
  if (!words || !place()) return;
  // The same words twice would be no change, and no change is not read out.
  place().textContent = place().textContent === words ? `${words}\u00a0` : words;
  timer = setTimeout(next, PAUSE);
}

/** Say it at once where nothing is being said, else after what is. */
export function say(words) {
  if (!words || waiting.at(-1) === words) return;
  waiting.push(words);
  if (waiting.length > 3) waiting.splice(0, waiting.length - 3);
  if (!timer) next();
}

/** New words in the open conversation: who said what; of several only the last, and how many there were. */
export function heard(messages) {
  const said = messages.filter((one) => !one.matches(".out") && one.querySelector(".bub"));
  const last = said.at(-1);
  if (!last || !place()) return;
  const who = last.querySelector(".foot > span:not(.ch)")?.textContent.trim() || "";
  const words = (last.querySelector(".words") || last.querySelector(".bub")).textContent.replace(/\s+/g, " ").trim();
  const told = place().dataset.said.replace("{siapa}", who).replace("{kata}", words.slice(0, LONGEST));
  say(said.length > 1 ? `${place().dataset.many.replace("{n}", said.length)} ${told}` : told);
}

/** Somebody wrote elsewhere on the desk: told together, a few seconds later. */
export function elsewhere() {
  arrived += 1;
  counting ||= setTimeout(() => {
    say(place()?.dataset.many.replace("{n}", arrived));
    counting = arrived = 0;
  }, GATHERED);
}
