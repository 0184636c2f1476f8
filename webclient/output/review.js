// Reading back by ear, without leaving the field for commands: Alt+↑ has a screen reader say the newest line, then the
// ones before it, Alt+↓ those after it. Alt+Home and Alt+End would be the browser's.

import { lines } from "./pace.js";

/** Lines that one can go back. */
const MOST = 1_000;

/** @param {import("../main.js").Client} client */
export function install({ hub, output, entry }) {
  /** How many lines before the newest one was said last; 0: none yet. */
  let back = 0;
  /** @type {string[]} */
  let all = [];
  // It begins at the newest one again, when there is a newer one or a command was sent.
  const forget = () => {
    back = 0;
    all = [];
  };

  /** What can be said, the newest last. */
  function read() {
    const { store } = output;
    return store.list(Math.max(store.first, store.end - MOST)).flatMap(({ text }) => lines(text));
  }

  /** @param {string} text */
  const say = (text) => hub.tell("client:news", { text, type: "asked" });

  /** @param {1 | -1} by 1: an older line */
  function go(by) {
    // What comes meanwhile does not move the one that was said.
    if (back === 0) all = read();
    const to = back + by;
    if (to > all.length) return say(all.length === 0 ? "No lines yet." : "No older line.");
    if (to < 1) {
      forget();
      return say("No newer line.");
    }
    back = to;
    say(all[all.length - back]);
  }

  entry.field.addEventListener("keydown", (event) => {
    const { key, altKey, ctrlKey, shiftKey, metaKey } = event;
    if (!altKey || ctrlKey || shiftKey || metaKey || (key !== "ArrowUp" && key !== "ArrowDown")) return;
    event.preventDefault();
    go(key === "ArrowUp" ? 1 : -1);
  });
  document.getElementById("entry")?.addEventListener("submit", forget);
}
