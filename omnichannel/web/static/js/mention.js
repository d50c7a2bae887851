// "@" in a note: the colleagues who can read it, narrowed by what is typed behind.

const find = (selector, root = document) => root.querySelector(selector);
const CALL = /(^|[\s(])@([^\s@]*)$/;
let shown = null;
let at = 0;

export function begin() {
  document.addEventListener("input", (event) => event.target.id === "tulis" && typed(event.target));
  document.addEventListener("focusout", (event) => event.target.id === "tulis" && close());
  // Before the desk's own keys: Enter chooses, and does not break the line.
  document.addEventListener("keydown", (event) => shown && event.target.id === "tulis" && key(event), { capture: true });
}

function typed(area) {
  const call = find("#to-note")?.checked && CALL.exec(area.value.slice(0, area.selectionStart));
  if (!call) return close();
  const wanted = call[2].toLocaleLowerCase();
  const people = JSON.parse(find("#hadir").dataset.people || "[]");
  const found = people.filter(([login, name]) => `${login} ${name}`.toLocaleLowerCase().split(/\s+/).some((word) => word.startsWith(wanted)));
  return found.length ? draw(area, found.slice(0, 8)) : close();
}

function draw(area, found) {
  close();
  at = 0;
  shown = document.createElement("div");
  shown.className = "menu";
  shown.id = "sebut";
  shown.setAttribute("role", "listbox");
  shown.setAttribute("aria-label", find("#hadir").dataset.label);
  for (const [n, [login, name]] of found.entries()) {
    const row = document.createElement("div");
    row.setAttribute("role", "option");
    row.id = `sebut-${n}`;
    row.dataset.login = login;
    row.append(Object.assign(document.createElement("b"), { textContent: `@${login}` }));
    row.append(Object.assign(document.createElement("span"), { textContent: name, className: "cut" }));
    row.addEventListener("mousedown", (event) => {
      event.preventDefault();
      choose(area, login);
    });
    shown.append(row);
  }
  area.form.prepend(shown);
  area.setAttribute("aria-controls", "sebut");
  mark(area);
}

function mark(area) {
  const rows = [...shown.children];
  rows.forEach((row, n) => row.setAttribute("aria-selected", String(n === at)));
  area.setAttribute("aria-activedescendant", rows[at].id);
  rows[at].scrollIntoView({ block: "nearest" });
}

function choose(area, login) {
  const before = area.value.slice(0, area.selectionStart).replace(CALL, `$1@${login} `);
  area.setRangeText(before, 0, area.selectionStart, "end");
  close();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function close() {
  if (!shown) return;
  const area = find("#tulis");
  area?.removeAttribute("aria-activedescendant");
  area?.removeAttribute("aria-controls");
  shown.remove();
  shown = null;
}

function key(event) {
  const last = shown.children.length - 1;
  if (event.key === "ArrowDown") at = Math.min(last, at + 1);
  else if (event.key === "ArrowUp") at = Math.max(0, at - 1);
  else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey && !event.shiftKey) choose(event.target, shown.children[at].dataset.login);
  else if (event.key === "Escape") close();
  else return;
  if (shown) mark(event.target);
  event.preventDefault();
  event.stopPropagation();
}
