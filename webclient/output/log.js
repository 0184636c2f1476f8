// What the game has said. main.js hands it text; it keeps the newest in sight unless the player reads above.

import { build } from "./html.js";

/** How many pieces of text are kept. */
const MAX_PIECES = 2000;

/** How near to the end, in pixels, still counts as there. */
const NEAR = 8;

export class Log {
  #box;
  #button;
  #following = true;
  /** Where the box was last; only going up from there ends the following. */
  #top = 0;
  #scheduled = false;

  /**
   * @param {HTMLElement} box
   * @param {HTMLButtonElement} button shown while there are new lines out of sight
   */
  constructor(box, button) {
    this.#box = box;
    this.#button = button;
    button.addEventListener("click", () => this.toEnd());
    box.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#following && this.toEnd()).observe(box);
  }

  /** Text of the game. @param {string} html */
  say(html) {
    this.#add(build(html), "said");
  }

  /** What the player typed. @param {string} line */
  typed(line) {
    this.#add(document.createTextNode(`> ${line}`), "typed");
    this.toEnd();
  }

  /** Something that the page itself has to tell. @param {string} text */
  note(text) {
    this.#add(document.createTextNode(text), "note");
  }

  /** Scrolls to the newest line and stays there. */
  toEnd() {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#top = this.#box.scrollTop;
    this.#following = true;
    this.#button.hidden = true;
  }

  /** Scrolls by pages; the field for commands keeps the focus. @param {1 | -1} pages */
  page(pages) {
    this.#box.scrollBy({ top: pages * this.#box.clientHeight * 0.9 });
  }

  /** How many columns and lines of text fit. */
  size() {
    const probe = document.createElement("span");
    probe.textContent = "0".repeat(50);
    probe.className = "unseen";
    probe.setAttribute("aria-hidden", "true");
    document.body.append(probe);
    const style = getComputedStyle(this.#box);
    const wide = this.#box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const range = document.createRange();
    range.selectNodeContents(probe);
    const glyph = range.getBoundingClientRect();
    probe.remove();
    const tall = parseFloat(style.lineHeight) || glyph.height;
    return {
      columns: Math.max(1, Math.floor((wide * 50) / glyph.width)),
      lines: Math.max(1, Math.floor(this.#box.clientHeight / tall)),
    };
  }

  /** @param {Node} content @param {"said" | "typed" | "note"} kind */
  #add(content, kind) {
    const piece = document.createElement("div");
    piece.className = kind;
    piece.append(content);
    this.#box.append(piece);
    // What is being read does not move: then old pieces go only when there are twice too many.
    const most = this.#following ? MAX_PIECES : 2 * MAX_PIECES;
    while (this.#box.childElementCount > most) this.#box.firstElementChild?.remove();
    this.#settle();
  }

  /** Once a frame, however much comes: measuring the box after each piece would cost more than drawing it. */
  #settle() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      if (this.#following) this.toEnd();
      else this.#button.hidden = false;
    });
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#box;
    if (scrollHeight - clientHeight - scrollTop <= NEAR) {
      this.#following = true;
      this.#button.hidden = true;
    } else if (scrollTop < this.#top) {
      this.#following = false;
    }
    this.#top = scrollTop;
  }
}
