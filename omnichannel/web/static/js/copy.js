// One button, one field: into the clipboard, or selected where the browser keeps the clipboard shut (plain http).

export async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const text = source.innerText.trim();
  const done = await write(text, source);
  const row = button.closest("[data-copyrow]");
  if (row) row.classList.toggle("done", done);
  const label = button.querySelector("span") || button;
  if (done) label.textContent = button.dataset.done;
  const place = document.getElementById("kabar");
  if (place && done) place.textContent = button.dataset.done;
}

async function write(text, source) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return selected(source);
  }
}

function selected(source) {
  const range = document.createRange();
  range.selectNodeContents(source);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  try {
    // Old, and still the only way on an office network without https; the selection stays for Ctrl+C if it fails.
    return document.execCommand("copy");
  } catch {
    return false;
  }
}
