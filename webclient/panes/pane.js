// The frame of one pane: its title, which folds it, the button with what can be done to it, and room for what a part
// puts in. layout.js makes one for each pane that was added, and says where it stands.

import { popup } from "./popup.js";
import { badge } from "./unread.js";

/** @typedef {import("./popup.js").Choice} Choice */

/**
 * What a part adds.
 * @typedef {object} Added
 * @property {string} id a short word that no other pane has
 * @property {string} title
 * @property {HTMLElement} element
 * @property {import("./arrangement.js").Dock} [where] the right side, unless told
 * @property {boolean | "roomy"} [open] until the player says otherwise; "roomy": on phones and wide windows
 * @property {number} [size] height in pixels; without one, it takes what the others leave
 * @property {boolean} [compact] it is a strip, and on a phone no page of its own
 * @property {() => void} [shown] it is in sight now, or has been drawn anew there
 */

/**
 * What the part has of it.
 * @typedef {object} Handle
 * @property {(counted?: boolean) => void} mark there is something new in it; counted: one more message, to be counted
 * @property {() => boolean} visible whether the player sees it now
 * @property {() => boolean} isOpen whether it is there at all
 * @property {() => void} show opens it, and brings it into sight
 */

/**
 * @typedef {object} Listener
 * @property {() => void} [onShown] the player sees it
 * @property {() => void} onFold
 * @property {() => (Choice | null)[]} choices what can be done to it
 * @property {(event: PointerEvent) => void} onGrab it may be about to be dragged
 */

export class Pane {
  #listener;
  /** @type {import("./unread.js").Unread} */
  #unread = 0;

  /** @param {string} id @param {string} title @param {HTMLElement} content @param {Listener} listener */
  constructor(id, title, content, listener) {
    this.#listener = listener;
    this.id = id;
    this.title = title;
    this.element = document.createElement("section");
    this.element.className = "pane";
    this.element.id = `pane-${id}`;
    this.element.dataset.pane = id;
    this.element.setAttribute("aria-labelledby", `pane-${id}-title`);

    const heading = document.createElement("h2");
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.id = `pane-${id}-title`;
    badge(this.button, title, 0);
    this.button.setAttribute("aria-controls", `pane-${id}-body`);
    this.button.addEventListener("click", () => listener.onFold());
    heading.append(this.button);

    this.more = document.createElement("button");
    this.more.type = "button";
    this.more.className = "pane-more";
    this.more.textContent = "⋯";
    this.more.setAttribute("aria-label", `Arrange: ${title}`);
    this.more.setAttribute("aria-haspopup", "menu");
    this.more.setAttribute("aria-expanded", "false");
    this.more.addEventListener("click", () => popup(this.more, `Arrange: ${title}`, listener.choices));

    this.bar = document.createElement("div");
    this.bar.className = "pane-bar";
    this.bar.append(heading, this.more);
    this.bar.addEventListener("pointerdown", (event) => {
      const onMenu = event.target instanceof Node && this.more.contains(event.target);
      if (event.button === 0 && !onMenu) listener.onGrab(event);
    });

    this.body = document.createElement("div");
    this.body.className = "pane-body";
    this.body.id = `pane-${id}-body`;
    this.body.append(content);
    this.element.append(this.bar, this.body);
  }

  /** @param {boolean} folded */
  fold(folded) {
    this.element.classList.toggle("folded", folded);
    this.button.setAttribute("aria-expanded", String(!folded));
    this.body.hidden = folded;
  }

  /** What of it the player has not seen. */
  get unread() {
    return this.#unread;
  }

  set unread(unread) {
    if (unread === this.#unread) return;
    this.#unread = unread;
    badge(this.button, this.title, unread);
  }

  /** The player sees it now: nothing is new. */
  seen() {
    this.unread = 0;
    this.#listener.onShown?.();
  }
}
