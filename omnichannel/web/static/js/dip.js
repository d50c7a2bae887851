// While staff answer a request for information, the list of public information is searched with the words they write.

const PAUSE = 700;
const MOST = 300; // signs: the last words say what is written about
let timer = 0;
let asked = "";

async function search() {
  const box = document.querySelector("[data-dip]");
  if (!box) return;
  const words = (document.querySelector("#tulis")?.value ?? "").slice(-MOST);
  const address = `${box.dataset.dip}&kata=${encodeURIComponent(words)}`;
  if (address === asked && box.dataset.full) return;
  asked = address;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  // A later question may have been asked, or another thread opened, while this one was under way.
  if (!answer?.ok || address !== asked || !box.isConnected) return;
  box.innerHTML = await answer.text();
  box.dataset.full = "1";
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "tulis") return;
  clearTimeout(timer);
  timer = setTimeout(search, PAUSE);
});
search();
