// The guide's two waits: until the service has started again, and until a message has come.

const again = document.querySelector("[data-born]");
if (again) {
  const look = async () => {
    try {
      const answer = await fetch("/mulai/siap", { headers: { Accept: "application/json" } });
      if (answer.ok && (await answer.json()).born !== again.dataset.born) return location.replace(again.dataset.onward);
    } catch {
      // Not up yet: that is what we wait for.
    }
    setTimeout(look, 700);
  };
  setTimeout(look, 900);
}

/** Whether somebody has begun to fill something in. */
const written = (root) => [...root.querySelectorAll("input:not([type=hidden])")].some((one) => one.value !== one.defaultValue);

const waiting = document.querySelector("[data-look]");
if (waiting) {
  const pause = Number(waiting.dataset.look) * 1000;
  const look = async () => {
    try {
      const answer = await fetch(location.pathname);
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const selector of ["#isi .stack", "#isi .onward"]) {
          const now = document.querySelector(selector);
          const then = fresh.querySelector(selector);
          if (now && then && now.innerHTML !== then.innerHTML && !now.contains(document.activeElement) && !written(now)) now.replaceWith(then);
        }
      }
    } catch {
      // The line is cut; the bar above says so.
    }
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
}
