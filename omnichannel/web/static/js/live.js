// What changed, as it happens: from the browser's one stream, whichever way this browser can share it.
// `begin(after, heard)` calls heard({change} | {stale} | {here} | {state: "on"|"off"|"wait"}) and returns {again}.

const CHANNEL = "omnichannel-live";
const RETRY = 4000;
const SILENCE = 40000; // as in stream-worker.js
const LOOK = 5000;

export function begin(after, heard, workerAddress) {
  const seen = new Set();
  let known = after;
  let state = "wait";
  let wasOff = false;

  const take = (message) => {
    if (message.here) {
      heard(message);
    } else if (message.change) {
      if (message.change.seq <= after || seen.has(message.change.seq)) return;
      seen.add(message.change.seq);
      if (seen.size > 5000) seen.clear();
      known = Math.max(known, message.change.seq);
      heard(message);
    } else if (message.stale) {
      known = message.stale;
      heard(message);
    } else if (message.state && message.state !== state) {
      state = message.state;
      if (state === "off") wasOff = true;
      heard({ state });
      // Whatever was told while nobody listened is asked for, whoever shares the stream.
      if (state === "on" && (wasOff || (message.last || 0) > known)) fill();
      if (state === "on") wasOff = false;
    }
  };

  async function fill() {
    try {
      for (let more = true; more; ) {
        const answer = await fetch(`/live/gap?after=${known}`, { headers: { "HX-Request": "true" } });
        if (!answer.ok) return;
        const gap = await answer.json();
        for (const change of gap.events) take({ change });
        known = Math.max(known, gap.seq);
        more = gap.more;
      }
    } catch {
      // Still away; the next "on" asks again.
    }
  }

  const again = shared(take, after, workerAddress) || led(take, after) || alone(take, after);
  if (document.visibilityState === "visible") fill();
  return { again };
}

function shared(take, after, address) {
  if (!("SharedWorker" in window) || !address) return null;
  let port;
  try {
    const worker = new SharedWorker(address, "omnichannel");
    port = worker.port;
  } catch {
    return null;
  }
  port.onmessage = ({ data }) => take(data);
  port.start();
  port.postMessage({ last: after });
  addEventListener("pagehide", () => port.postMessage({ leave: true }));
  addEventListener("pageshow", (event) => event.persisted && port.postMessage({ last: after }));
  return () => port.postMessage({ last: after, again: true });
}

// Without a SharedWorker the tab that holds the lock keeps the stream and tells the others.
function led(take, after) {
  if (!navigator.locks || !("BroadcastChannel" in window)) return null;
  const channel = new BroadcastChannel(CHANNEL);
  let reopen = () => channel.postMessage({ ask: true });
  channel.onmessage = ({ data }) => (data.ask ? reopen !== null && leader && reopen() : take(data));
  let leader = false;
  navigator.locks.request(CHANNEL, () => {
    leader = true;
    const tell = (message) => {
      take(message);
      channel.postMessage(message);
    };
    reopen = alone(tell, after);
    return new Promise(() => {}); // Held until this tab is closed; then the next one leads.
  });
  return () => reopen();
}

function alone(take, after) {
  let source = null;
  let last = after;
  let timer = 0;
  let told = 0;
  const open = () => {
    clearTimeout(timer);
    if (source) source.close();
    told = Date.now();
    source = new EventSource(last ? `/live?after=${last}` : "/live");
    for (const word of ["hello", "changed", "here", "stale", "ping"]) source.addEventListener(word, () => (told = Date.now()));
    source.addEventListener("hello", () => take({ state: "on", last }));
    source.addEventListener("changed", (event) => {
      const change = JSON.parse(event.data);
      last = Math.max(last, change.seq);
      take({ change });
    });
    source.addEventListener("here", (event) => take({ here: JSON.parse(event.data) }));
    source.addEventListener("stale", (event) => take({ stale: (last = JSON.parse(event.data).seq) }));
    source.addEventListener("bye", () => {
      source.close();
      take({ state: "off" });
      timer = setTimeout(open, RETRY);
    });
    source.onerror = () => {
      take({ state: "off" });
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, RETRY * 2);
    };
  };
  open();
  setInterval(() => {
    if (source.readyState === EventSource.CLOSED || Date.now() - told < SILENCE) return;
    take({ state: "off" });
    open();
  }, LOOK);
  addEventListener("pagehide", () => source && source.close());
  addEventListener("pageshow", (event) => event.persisted && open());
  return open;
}
