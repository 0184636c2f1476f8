// How large docks and panes are, and the lines by which the player changes that. layout.js makes the one there is.

import { PANE, SIZES, within } from "./arrangement.js";
import { SIDES } from "./docks.js";
import { separator } from "./separator.js";

/** How much of the frame a dock may take, so that text is left. */
const SHARE = 0.45;

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
    for (const { dock } of SIDES) {
      const most = SHARE * (dock === "bottom" ? frame.clientHeight : frame.clientWidth);
      const size = Math.min(arrangement.dockSize(dock), Math.max(most, SIZES[dock].min));
      frame.style.setProperty(`--${dock}`, `${size}px`);
      for (const id of arrangement.in(dock)) {
        // A height that a part asks for is no width.
        const kept = dock === "bottom" ? arrangement.kept.sizes?.[id] : arrangement.size(id);
        const { element } = pane(id);
        element.style.setProperty("--size", kept === undefined ? "" : `${kept}px`);
        element.classList.toggle("sized", kept !== undefined);
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
