// One live stream for all tabs of this browser: six connections a host is all that HTTP/1.1 gives.
// A SharedWorker; every tab is a port. It passes on what the server says and adds nothing.

const ports = new Set();
let source = null;
let last = 0;
let state = "wait";
let timer = 0;
let pause = 4000;
let heard = 0;
// The server speaks at least every 15 seconds. A line that is silent for longer is cut, though nobody has told the browser.
const SILENCE = 40000;
const LOOK = 5000;

function tell(message) {
  for (const port of ports) port.postMessage(message);
}

function set(next) {
  state = next;
  tell({ state, last });
}

function open() {
  clearTimeout(timer);
  if (source) source.close();
  set("wait");
  source = new EventSource(last ? `/live?after=${last}` : "/live");
  heard = Date.now();
  for (const word of ["hello", "changed", "here", "stale", "ping"]) source.addEventListener(word, () => (heard = Date.now()));
  source.addEventListener("hello", () => {
    pause = 4000;
    set("on");
  });
  source.addEventListener("changed", (event) => {
    const change = JSON.parse(event.data);
    last = Math.max(last, change.seq);
    tell({ change });
  });
  source.addEventListener("here", (event) => tell({ here: JSON.parse(event.data) }));
  source.addEventListener("stale", (event) => {
    last = JSON.parse(event.data).seq;
    tell({ stale: last });
  });
  source.addEventListener("bye", () => {
    source.close();
    later();
  });
  // The browser tries again by itself unless the server refused: then we do, less and less often.
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) later();
    else set("off");
  };
}

function later() {
  set("off");
  clearTimeout(timer);
  timer = setTimeout(() => ports.size && open(), pause);
  pause = Math.min(pause * 2, 60000);
}

setInterval(() => {
  if (!source || source.readyState === EventSource.CLOSED || Date.now() - heard < SILENCE) return;
  set("off");
  open();
}, LOOK);

self.onconnect = (event) => {
  const port = event.ports[0];
  ports.add(port);
  port.onmessage = ({ data }) => {
    if (data.leave) {
      ports.delete(port);
      if (!ports.size && source) {
        source.close();
        source = null;
      }
      return;
    }
    // A tab drawn later than the last change knows more than we do; one drawn earlier asks for its gap itself.
    if (data.last > last && !source) last = data.last;
    if (!source || data.again || source.readyState === EventSource.CLOSED) open();
    else port.postMessage({ state, last });
  };
  port.start();
};
