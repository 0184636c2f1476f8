// Lines that grow at their end, as a log does: what is there stays, so that what somebody has selected stays selected; and
// whoever reads the end goes on reading the end.

import { h } from "./dom.js";

/** How far from its end somebody still reads the end, in pixels. */
const NEAR = 40;

/** A box of lines. */
export class Tail {
  #list = h("ol", { role: "list" });
  /** @type {string[]} */
  #shown = [];
  #kind;

  /**
   * @param {string} labelledBy number of the element that says what it is
   * @param {(line: string) => string} kind a line's class
   */
  constructor(labelledBy, kind) {
    this.#kind = kind;
    this.element = h("div", { class: "log", role: "region", "aria-labelledby": labelledBy, tabindex: 0 }, this.#list);
  }

  /** @param {string[]} lines */
  show(lines) {
    const { element } = this;
    const isAtEnd = this.#shown.length === 0 || element.scrollTop + element.clientHeight >= element.scrollHeight - NEAR;
    const kept = overlap(this.#shown, lines);
    for (let gone = this.#shown.length - kept; gone > 0; gone -= 1) this.#list.firstElementChild?.remove();
    this.#list.append(...lines.slice(kept).map((line) => h("li", { class: this.#kind(line) }, line)));
    this.#shown = lines;
    if (isAtEnd) element.scrollTop = element.scrollHeight;
  }
}

/**
 * How many of the last lines of one list are the first of another.
 * @param {string[]} before
 * @param {string[]} now
 */
export function overlap(before, now) {
  for (let kept = Math.min(before.length, now.length); kept > 0; kept -= 1) {
    const from = before.length - kept;
    if (now.slice(0, kept).every((line, index) => line === before[from + index])) return kept;
  }
  return 0;
}
