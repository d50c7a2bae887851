// Fills in where the citizen stands, when they ask for it; without script they type it.
const button = document.querySelector("[data-place]");
const says = document.querySelector("#lokasi-kabar");
const field = (name) => document.querySelector(`input[name="${name}"]`);

function put(position) {
  field("lat").value = position.coords.latitude.toFixed(5);
  field("lon").value = position.coords.longitude.toFixed(5);
  says.textContent = button.dataset.done;
  button.disabled = false;
}

function missed() {
  says.textContent = button.dataset.missed;
  button.disabled = false;
}

if (button && "geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    says.textContent = button.dataset.busy;
    navigator.geolocation.getCurrentPosition(put, missed, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  });
}
