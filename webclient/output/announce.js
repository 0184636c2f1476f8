// What a screen reader says: new lines, once, in regions of their own; the scrollback is drawn and taken away as it is
// scrolled, which is no news. pace.js says how much of it; whoever has something to say tells `client:news`.

import { Pace } from "./pace.js";

/** How long what was said stays in its region, in milliseconds: screen readers look for it there. */
const STAY = 15_000;

/** What is meant for one alone. */
const URGENT = new Set(["page", "whisper", "tell"]);

/** What the player has asked to hear. */
const ASKED = "asked";

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
    help: "Alt+↑ and Alt+↓ in the field for commands say the lines before.",
    section: "Screen reader",
  });
  const polite = speaker("announce");
  const urgent = speaker("announce-now");

  /** @param {string} text @param {string} type */
  function say(text, type) {
    if (type === ASKED) return urgent.now(text);
    const how = settings.get("output.announce");
    if (how === "off") return;
    (how === "urgent" && URGENT.has(type) ? urgent : polite).add(text);
  }

  hub.on("client:added", ({ kwargs: { kind, old, text, type } }) => {
    // What was typed, and what it answered, has been said.
    if (kind !== "typed" && type !== "prompt" && !old) say(text, type);
  });
  hub.on("client:news", ({ kwargs: { text, type } }) => say(text, type));
  // Whoever asks wants to hear the answer. Not those of triggers and timers: they would make a flood of their own.
  document.getElementById("entry")?.addEventListener("submit", () => polite.begin());
}

/**
 * Says in a region what it is given. Each time is one element: of several that come at once, screen readers do not
 * keep the order.
 * @param {string} id of the region
 */
function speaker(id) {
  const region = /** @type {HTMLElement} */ (document.getElementById(id));
  const pace = new Pace();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {string} text */
  function put(text) {
    const piece = document.createElement("div");
    piece.textContent = text;
    region.append(piece);
    setTimeout(() => piece.remove(), STAY);
  }

  function say() {
    timer = undefined;
    const text = pace.take(performance.now());
    if (text !== "") put(text);
  }

  return {
    now: put,
    /** @param {string} text */
    add(text) {
      pace.add(text);
      timer ??= setTimeout(say, pace.wait(performance.now()));
    },
    begin() {
      pace.begin();
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = setTimeout(say, pace.wait(performance.now()));
    },
  };
}
