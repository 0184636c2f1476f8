// How large docks and panes are, and the lines by which the player changes that. layout.js makes the one there is.

import { PANE, SIZES, within } from "./arrangement.js";
import { SIDES } from "./docks.js";
import { separator } from "./separator.js";

/** How much of the frame a dock may take, so that text is left. */
const SHARE = 0.45;

/** What the docks beside the text leave it, in pixels, as long as they are not at their least: some forty columns. */
const TEXT = 416;

/** @typedef {import("./docks.js").Side} Side */

/**
 * @typedef {object} Ways
 * @property {import("./arrangement.js").Arrangement} arrangement
 * @property {HTMLElement} frame
 * @property {(id: string) => import("./pane.js").Pane} pane
 * @property {() => void} keep the player is done
 */

export class Sizes {
  #ways;

  /** @param {Ways} ways */
  constructor(ways) {
    this.#ways = ways;
  }

  /** Sets the sizes on the page. */
  apply() {
    const { arrangement, frame, pane } = this.#ways;
    const sizes = fitting(
      Object.fromEntries(SIDES.map(({ dock }) => [dock, isThere(dock) ? arrangement.dockSize(dock) : 0])),
      { width: frame.clientWidth, height: frame.clientHeight },
    );
    for (const { dock } of SIDES) {
      frame.style.setProperty(`--${dock}`, `${sizes[dock]}px`);
      for (const id of arrangement.in(dock)) {
        // A height that a part asks for is no width.
        const kept = dock === "bottom" ? arrangement.kept.sizes?.[id] : arrangement.size(id);
        const { element } = pane(id);
        element.style.setProperty("--size", kept === undefined ? "" : `${kept}px`);
        // What a part asks for gives way where there is little room; what the player has set does not.
        const isSet = arrangement.isSized(id);
        element.classList.toggle("sized", kept !== undefined && isSet);
        element.classList.toggle("wished", kept !== undefined && !isSet);
      }
    }
  }

  /** The line between a dock and the text. @param {typeof SIDES[number]} side */
  edge({ dock, name, line, grows }) {
    const { arrangement } = this.#ways;
    const box = () => document.getElementById(`dock-${dock}`)?.getBoundingClientRect();
    return separator({
      label: `Size of the panes ${name}`,
      line,
      grows,
      controls: `dock-${dock}`,
      bounds: SIZES[dock],
      size: () => (dock === "bottom" ? box()?.height : box()?.width) ?? 0,
      resize: (size) => this.#change(() => arrangement.setDockSize(dock, size)),
      done: () => this.#ways.keep(),
      reset: () => this.#change(() => arrangement.resetDock(dock)),
    });
  }

  /** The line behind a pane. @param {string} id @param {Side} dock */
  between(id, dock) {
    const { arrangement, pane } = this.#ways;
    const { element, title } = pane(id);
    const size = () => {
      const { width, height } = element.getBoundingClientRect();
      return dock === "bottom" ? width : height;
    };
    return separator({
      label: `Size of ${title}`,
      line: dock === "bottom" ? "vertical" : "horizontal",
      grows: 1,
      controls: element.id,
      bounds: PANE,
      size,
      resize: (wanted) => this.#change(() => arrangement.setSize(id, within(wanted, PANE))),
      done: () => this.#ways.keep(),
      reset: () => this.#change(() => arrangement.resetSize(id)),
    });
  }

  /** @param {() => void} change */
  #change(change) {
    change();
    this.apply();
  }
}

/** Whether there are panes in a dock. @param {Side} dock */
function isThere(dock) {
  return document.getElementById(`dock-${dock}`)?.hidden === false;
}

/**
 * How large docks are in a frame: none takes more than its share, and those beside the text give way for it together.
 * @param {Record<string, number>} wanted by dock; 0: it is not there
 * @param {{ width: number, height: number }} frame
 * @returns {Record<string, number>}
 */
export function fitting({ left, right, bottom }, { width, height }) {
  const share = (/** @type {number} */ size, /** @type {Side} */ dock) =>
    Math.min(size, Math.max(SHARE * (dock === "bottom" ? height : width), SIZES[dock].min));
  const sides = { left: share(left, "left"), right: share(right, "right") };
  const over = sides.left + sides.right - (width - TEXT);
  if (left > 0 && right > 0 && over > 0) {
    // Each gives of what it has above its least.
    const spare = { left: Math.max(sides.left - SIZES.left.min, 0), right: Math.max(sides.right - SIZES.right.min, 0) };
    const part = Math.min(over / Math.max(spare.left + spare.right, 1), 1);
    sides.left -= Math.round(spare.left * part);
    sides.right -= Math.round(spare.right * part);
  }
  return { ...sides, bottom: share(bottom, "bottom") };
}
