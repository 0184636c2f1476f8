// What a player does with a pane by its menu: folds it, moves it, closes it; and what a screen reader is told of that.
// layout.js makes the one there is.

import { placeOf, SIDES } from "./docks.js";

/** @typedef {import("./arrangement.js").Dock} Dock */

/**
 * @typedef {object} Ways
 * @property {import("./arrangement.js").Arrangement} arrangement
 * @property {(id: string) => import("./pane.js").Pane} pane
 * @property {(change: (one: import("./arrangement.js").Arrangement) => void) => void} change changes and keeps it
 * @property {() => void} redraw draws at once
 * @property {() => HTMLElement[]} stops what the focus goes through
 */

export class Moves {
  #ways;
  /** Where it is told. */
  news = document.createElement("div");

  /** @param {Ways} ways */
  constructor(ways) {
    this.#ways = ways;
    this.news.className = "unseen";
    this.news.setAttribute("role", "status");
  }

  /** What can be done to a pane. @param {string} id */
  choices(id) {
    const { arrangement, change } = this.#ways;
    const [here, folded] = [arrangement.where(id), arrangement.isFolded(id)];
    /** @type {import("./popup.js").Choice[]} */
    const moves = SIDES.filter(({ dock }) => dock !== here).map(({ dock, name }) => ({
      label: `Put it ${name}`,
      action: () => this.move(id, dock, null),
    }));
    if (arrangement.isCompact(id) && here !== "strip") {
      moves.push({ label: "Put it above the command line", action: () => this.move(id, "strip", null) });
    }
    const [back, on] = here === "bottom" || here === "strip" ? ["left", "right"] : ["up", "down"];
    /** @type {(import("./popup.js").Choice | null)[]} */
    const all =
      here === "strip"
        ? []
        : [
            {
              label: folded ? "Unfold" : "Fold",
              action: () => change((one) => one.setFolded(id, !folded)),
            },
          ];
    return [
      ...all,
      { label: `Move ${back}`, action: () => this.#shift(id, -1, back) },
      { label: `Move ${on}`, action: () => this.#shift(id, 1, on) },
      ...moves,
      null,
      { label: "Close", action: () => this.#close(id) },
    ];
  }

  /**
   * Puts it before another pane of a dock, or behind all.
   * @param {string} id
   * @param {Dock} dock
   * @param {string | null} before
   */
  move(id, dock, before) {
    const { change, redraw } = this.#ways;
    change((arrangement) => {
      // A height is no width.
      if (arrangement.where(id) !== dock) arrangement.resetSize(id);
      arrangement.move(id, dock, before);
    });
    redraw();
    this.#ways.pane(id).more.focus({ preventScroll: true });
    this.say(`${this.#ways.pane(id).title} is ${placeOf(dock)} now.`);
  }

  /** @param {string} id @param {1 | -1} by @param {string} way */
  #shift(id, by, way) {
    const { change, redraw } = this.#ways;
    let moved = false;
    change((arrangement) => (moved = arrangement.shift(id, by)));
    redraw();
    this.#ways.pane(id).more.focus({ preventScroll: true });
    this.say(
      moved
        ? `${this.#ways.pane(id).title} was moved ${way}.`
        : `${this.#ways.pane(id).title} can't go further ${way}.`,
    );
  }

  /** @param {string} id */
  #close(id) {
    const { change, redraw } = this.#ways;
    const stops = this.#ways.stops();
    const at = stops.indexOf(this.#ways.pane(id).button);
    change((arrangement) => arrangement.setOpen(id, false));
    redraw();
    stops[Math.max(0, at - 1)]?.focus({ preventScroll: true });
    this.say(`${this.#ways.pane(id).title} is closed. The menu opens it again.`);
  }

  /** Tells a screen reader. @param {string} text */
  say(text) {
    this.news.textContent = text;
  }
}
