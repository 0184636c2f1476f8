// What the game has said: every line comes through here on its way to the main view or to a pane, past the filters
// of panes and triggers.

import { installCopying } from "./copy.js";
import { build } from "./html.js";
import { Line, LineStore } from "./store.js";
import { plain } from "./text.js";
import { OutputView } from "./view.js";

/**
 * What a filter is asked about a line, before it is added.
 * @typedef {{ html: string, text: string, type: string, tags: string[], kwargs: Record<string, any> }} Coming
 */

/**
 * What it may answer: keep the line out of the main view (`hide`, or `pane`: the name of the pane that shows it), other
 * HTML, a class for the whole line.
 * @typedef {{ hide?: boolean, pane?: string, html?: string, highlight?: string }} Wish
 */

/** @typedef {(line: Coming) => Wish | undefined | void} Filter */

/** @typedef {{ type?: string, tags?: string[], kwargs?: Record<string, any>, time?: number }} About */

export class Output {
  #hub;
  /** Asked about each line of the game, in order. @type {Filter[]} */
  filters = [];

  /** @param {import("../hub.js").Hub} hub @param {HTMLElement} box */
  constructor(hub, box) {
    this.#hub = hub;
    /** The lines of the main view. */
    this.store = new LineStore();
    /** What shows them. */
    this.view = new OutputView(box, this.store);
  }

  /**
   * Adds a line of the game (HTML of strangers: output/html.js builds it), and tells it as `client:line`.
   * @param {string} html
   * @param {About} [about] type and tags of the message, and whatever else it brought
   * @returns {Line | null} null if the main view does not show it
   */
  add(html, about = {}) {
    const line = new Line(plain(html), html, about);
    let hidden = false;
    for (const filter of this.filters) {
      const wish = this.#ask(filter, line);
      if (wish?.hide) hidden = true;
      if (wish?.pane !== undefined) line.pane = wish.pane;
      if (wish?.html !== undefined) {
        line.html = wish.html;
        line.text = plain(wish.html);
      }
      if (wish?.highlight) line.classes.push(...wish.highlight.split(/\s+/).filter(Boolean));
    }
    const shown = !hidden && line.pane === "";
    if (shown) this.#put(line);
    if (!hidden) this.#hub.tell("client:line", line);
    return shown ? line : null;
  }

  /**
   * What the player typed.
   * @param {string} text
   * @param {{ follow?: boolean }} [options] follow: the newest lines come into sight; not for what is sent by itself
   * @returns {Line}
   */
  typed(text, { follow = true } = {}) {
    const line = this.#put(new Line(`> ${text}`, null, { kind: "typed", type: "typed" }));
    if (follow) this.view.toEnd();
    return line;
  }

  /** Something that the page itself has to tell. @param {string} text @returns {Line} */
  note(text) {
    return this.#put(new Line(text, null, { kind: "note", type: "note" }));
  }

  /** Puts lines from before the page was loaded above all others; nobody is told. @param {Line[]} lines */
  restore(lines) {
    for (const line of lines) {
      line.old = true;
      line.find = () => this.view.element(line.id);
    }
    this.store.prepend(lines);
  }

  /** Takes all lines away. */
  clear() {
    this.store.clear();
  }

  /** Scrolls by pages. @param {1 | -1} pages */
  page(pages) {
    this.view.page(pages);
  }

  /** How many columns and lines of text fit. */
  size() {
    return this.view.size;
  }

  /** @param {Line} line */
  #put(line) {
    line.find = () => this.view.element(line.id);
    this.store.add(line);
    this.#hub.tell("client:added", line);
    return line;
  }

  /** @param {Filter} filter @param {Line} line */
  #ask(filter, { html, text, type, tags, kwargs }) {
    try {
      return filter({ html: html ?? "", text, type, tags, kwargs });
    } catch (error) {
      console.error("a filter:", error);
      return undefined;
    }
  }
}

export { build, Line, LineStore, OutputView };

/** @param {import("../main.js").Client} client */
export function install(client) {
  const box = /** @type {HTMLElement} */ (document.getElementById("log"));
  const output = new Output(client.hub, box);
  client.output = output;
  client.hub.on("text", ({ args, kwargs }) => {
    const { type, tags } = kwargs;
    output.add(String(args[0] ?? ""), {
      type: typeof type === "string" ? type : "text",
      tags: Array.isArray(tags) ? tags.map(String) : typeof tags === "string" ? [tags] : [],
      kwargs,
    });
  });
  installCopying(output.view, { main: true });
}
