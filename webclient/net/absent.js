// What whoever comes for the first time reads while there is nothing else to read: the game cannot be reached, or does
// not answer. The line at the top is small, and a page without a word looks broken.

/** How long a game may take to greet, in milliseconds. */
const PATIENCE = 4_000;

const ABSENT = "The game cannot be reached just now. This page tries again by itself; there is nothing to do but wait.";
const SILENT = "The game does not answer yet: it may be starting. Its first words are shown here as soon as they come.";

/** @param {import("../main.js").Client} client */
export function install({ hub, output }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const say = (/** @type {string} */ text) => {
    const { first, end } = output.store;
    if (first === end) output.note(text);
  };
  hub.on("client:state", ({ kwargs: { state } }) => {
    clearTimeout(waiting);
    if (state === "waiting") say(ABSENT);
    if (state === "open") waiting = setTimeout(() => say(SILENT), PATIENCE);
  });
}
