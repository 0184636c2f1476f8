// What the game has said: every line comes through here on its way to the main view or to a pane.

import { build } from "./html.js";
import { Log } from "./log.js";

/**
 * What a filter is asked about a line, before it is added.
 * @typedef {{ html: string, text: string, type: string, tags: string[], kwargs: Record<string, any> }} Coming
 */

/**
 * What it may answer: keep it out of the main view (`hide`, or `pane`: the name of the pane that shows it), other
 * HTML, a class for the whole line.
 * @typedef {{ hide?: boolean, pane?: string, html?: string, highlight?: string }} Wish
 */

/** @typedef {(line: Coming) => Wish | undefined | void} Filter */

/** @typedef {{ id: number, html: string, text: string, type: string, tags: string[], time: number, classes: string[] }} Line */

export class Output {
  #hub;
  #log;
  #count = 0;
  /** Asked about each line, in order. @type {Filter[]} */
  filters = [];

  /** @param {import("../hub.js").Hub} hub @param {Log} log */
  constructor(hub, log) {
    this.#hub = hub;
    this.#log = log;
  }

  /**
   * Adds a line of the game (HTML of strangers: output/html.js builds it).
   * @param {string} html
   * @param {{ type?: string, tags?: string[], kwargs?: Record<string, any> }} [about]
   * @returns {Line | null} null if it is not shown here
   */
  add(html, { type = "text", tags = [], kwargs = {} } = {}) {
    const text = build(html).textContent ?? "";
    /** @type {Line} */
    const line = { id: (this.#count += 1), html, text, type, tags, time: Date.now(), classes: [] };
    let shown = true;
    for (const filter of this.filters) {
      const wish = filter({ html: line.html, text, type, tags, kwargs });
      if (wish?.hide || wish?.pane !== undefined) shown = false;
      if (wish?.html !== undefined) line.html = wish.html;
      if (wish?.highlight) line.classes.push(wish.highlight);
    }
    if (shown) this.#log.say(line.html);
    this.#hub.tell("client:line", { ...line, element: null });
    return shown ? line : null;
  }

  /** What the player typed. @param {string} line */
  typed(line) {
    this.#log.typed(line);
  }

  /** Something that the page itself has to tell. @param {string} text */
  note(text) {
    this.#log.note(text);
  }

  /** Scrolls by pages. @param {1 | -1} pages */
  page(pages) {
    this.#log.page(pages);
  }

  /** How many columns and lines of text fit. */
  size() {
    return this.#log.size();
  }
}

/** @param {import("../main.js").Client} client */
export function install(client) {
  const box = /** @type {HTMLElement} */ (document.getElementById("log"));
  const button = /** @type {HTMLButtonElement} */ (document.getElementById("newlines"));
  client.output = new Output(client.hub, new Log(box, button));
}
