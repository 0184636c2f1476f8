// Completes by what the game knows: commands that the player may use, what is carried, who and what is seen, exits and
// channels. It asks by the message `complete` (crates/world/src/inputfuncs/complete.rs).

import { discreet } from "./discreet.js";

/** How long the game may take, in milliseconds; completion.js waits a little longer. */
const PATIENCE = 1_400;

/** Longest line that the game completes, in characters. */
const LONGEST = 900;

/** @typedef {import("./completion.js").Answer} Answer */

/** @param {import("../main.js").Client} client */
export function install({ hub, entry }) {
  let count = 0;
  let loggedIn = false;
  /** Who waits for the answer of a number. @type {Map<number, (answer: Answer | null) => void>} */
  const waiting = new Map();

  hub.on("logged_in", () => (loggedIn = true));
  hub.on("client:state", ({ kwargs: { state, news } }) => {
    if (state === "open" && !news.resumed) loggedIn = false;
  });
  hub.on("complete", ({ kwargs: { id, from, to, options } }) => {
    const suits = Number.isInteger(from) && Number.isInteger(to) && Array.isArray(options);
    waiting.get(id)?.(suits ? { from, to, options: options.map(String) } : null);
  });

  entry.completers.push((text, caret) => {
    // Each line of the field is a command of its own.
    const start = text.lastIndexOf("\n", caret - 1) + 1;
    const line = text.slice(start, caret);
    // A password is not for asking.
    const isSecret = discreet(line, loggedIn).shown !== line;
    if (isSecret || line.length > LONGEST) return Promise.resolve(null);
    const id = (count += 1);
    return new Promise((resolve) => {
      const done = (/** @type {Answer | null} */ answer) => {
        clearTimeout(patience);
        waiting.delete(id);
        resolve(answer === null ? null : { ...answer, from: start + answer.from, to: start + answer.to });
      };
      const patience = setTimeout(() => done(null), PATIENCE);
      waiting.set(id, done);
      if (!hub.send("complete", [], { text: line, caret: line.length, id })) done(null);
    });
  });
}
