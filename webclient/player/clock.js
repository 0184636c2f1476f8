// Turns at equal times, also while the page is out of sight. timers.js uses it.

/** @type {Map<number, () => void>} */
const turns = new Map();

/** @type {Worker | null} */
let worker = null;
let count = 0;

/** The worker, once somebody needs it; null where there is none. */
function ticker() {
  if (worker !== null || typeof Worker === "undefined") return worker;
  try {
    worker = new Worker(new URL("clock-worker.js", import.meta.url));
    worker.addEventListener("message", ({ data }) => turns.get(data)?.());
  } catch {
    worker = null;
  }
  return worker;
}

/**
 * Calls `turn` again and again.
 * @param {number} every milliseconds
 * @param {() => void} turn
 * @returns {() => void} ends it
 */
export function repeat(every, turn) {
  const ticks = ticker();
  if (ticks === null) {
    const interval = setInterval(turn, every);
    return () => clearInterval(interval);
  }
  const id = (count += 1);
  turns.set(id, turn);
  ticks.postMessage({ id, every });
  return () => {
    turns.delete(id);
    ticks.postMessage({ id, every: 0 });
  };
}
