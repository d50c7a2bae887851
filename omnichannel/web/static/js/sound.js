// A soft sound for a new message, made by the browser itself. Off until this browser's owner turns it on.

const KEY = "omni-sound";
const PAUSE = 4000; // a busy minute is one sound, not sixty
let context;
let last = 0;

export const on = () => {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
};

export function set(wanted) {
  try {
    localStorage.setItem(KEY, wanted ? "on" : "off");
  } catch {
    // A browser that keeps nothing stays silent.
  }
  if (wanted) play();
}

/** Two short tones, a fifth apart. */
export async function play() {
  context ||= new AudioContext();
  await context.resume();
  const now = context.currentTime;
  for (const [n, pitch] of [523.25, 783.99].entries()) {
    const tone = new OscillatorNode(context, { type: "sine", frequency: pitch });
    const loud = new GainNode(context, { gain: 0 });
    const at = now + n * 0.12;
    loud.gain.setValueAtTime(0.0001, at);
    loud.gain.exponentialRampToValueAtTime(0.08, at + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.45);
    tone.connect(loud).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.5);
  }
}

/** A citizen wrote: once in a while, and only where it was asked for. */
export function wrote() {
  if (!on() || Date.now() - last < PAUSE) return;
  last = Date.now();
  play().catch(() => undefined);
}
