// What another page or device of the same officer has written here: shown beside the composer, taken or thrown away.

const find = (selector, root = document) => root.querySelector(selector);

export function draw(rivals) {
  const place = find("#tulisan-lain");
  const form = find("#tulisan-lain-bentuk")?.content.querySelector("form");
  if (!place || !form) return;
  const at = (one) => find("[name=saat]", one).value;
  const have = [...place.children].map((one) => `${at(one)} ${find("q", one).textContent}`).join();
  if (have === rivals.map((one) => `${one.at} ${one.text}`).join()) return;
  place.replaceChildren(
    ...rivals.map((one) => {
      const made = form.cloneNode(true);
      find("[name=saat]", made).value = one.at;
      find("[name=csrf]", made).value = document.body.dataset.csrf;
      find("b", made).textContent = find("b", made).textContent.replace("…", one.said);
      find("q", made).textContent = one.text;
      return made;
    }),
  );
}

/** What stands after the button was pressed, as the server tells it. */
export async function settle(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  body.set("csrf", document.body.dataset.csrf);
  const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
