// What a screen reader says: new lines, once, in a region of their own; the scrollback is drawn and taken away as it
// is scrolled, which is no news. And how urgent they are.

/** Lines said at once; when more come, so many are said and the rest is counted. */
const MOST = 30;

/** Lines that may lie in a region; older ones have been said or never will be. */
const KEPT = 60;

/** How long a line stays to be said, in milliseconds. */
const STAY = 15_000;

/** How long lines are gathered, in milliseconds. */
const GATHER = 150;

/** What is meant for one alone. */
const URGENT = new Set(["page", "whisper", "tell"]);

/** Something to say: a letter or a digit of any script. */
const SAYING = /[\p{L}\p{N}]/u;

/**
 * What is said of lines: no rules of dashes, and not more than anybody can hear.
 * @param {string[]} lines
 * @returns {string[]}
 */
export function said(lines) {
  const saying = lines
    .flatMap((line) => line.split("\n"))
    .filter((line) => SAYING.test(line))
    .map((line) => line.replace(/([^\p{L}\p{N}\s])\1{3,}/gu, " ").trim());
  if (saying.length <= MOST) return saying;
  return [...saying.slice(0, MOST), `And ${saying.length - MOST} more lines.`];
}

/** @param {import("../main.js").Client} client */
export function install({ hub, settings }) {
  settings.define({
    key: "output.announce",
    label: "Screen reader says new lines",
    kind: "choice",
    initial: "polite",
    choices: [
      ["polite", "When it is done with what it says"],
      ["urgent", "The same, but tells at once"],
      ["off", "Not at all"],
    ],
    section: "Screen reader",
  });
  const polite = /** @type {HTMLElement} */ (document.getElementById("announce"));
  const assertive = /** @type {HTMLElement} */ (document.getElementById("announce-now"));
  /** @type {string[]} */
  let waiting = [];

  /** @param {HTMLElement} region @param {string[]} lines */
  function say(region, lines) {
    const pieces = said(lines).map((text) => {
      const piece = document.createElement("div");
      piece.textContent = text;
      return piece;
    });
    region.append(...pieces);
    while (region.childElementCount > KEPT) region.firstElementChild?.remove();
    setTimeout(() => pieces.forEach((piece) => piece.remove()), STAY);
  }

  hub.on("client:added", ({ kwargs: line }) => {
    const how = settings.get("output.announce");
    if (how === "off" || line.kind === "typed" || line.old) return;
    if (how === "urgent" && URGENT.has(line.type)) return say(assertive, [line.text]);
    waiting.push(line.text);
    if (waiting.length > 1) return;
    setTimeout(() => {
      say(polite, waiting);
      waiting = [];
    }, GATHER);
  });
}
