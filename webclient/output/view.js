// A scrollback on the page: draws the lines of a store that are in sight, and a few around them, in an element that
// scrolls. output.js has the main one; a pane may have its own. copy.js and find.js work on it.
//
// Rows lie in one column. Where lines are left out, the next row has a margin as high as they are, so the scroll bar
// tells the truth. Rows that hold the focus or an end of the selection stay drawn wherever they are, so that neither
// is lost by scrolling; those near what is drawn stay for a while. What is read does not move: it is held by its first line, the anchor.

import { reach } from "./drawn.js";
import { Heights } from "./heights.js";
import { measure, rowsOf } from "./measure.js";
import { row } from "./row.js";

/** How near to the end, in pixels, still counts as there. */
const NEAR = 8;

/** Keys that scroll up. */
const UPWARDS = new Set(["PageUp", "ArrowUp", "Home"]);

/** How much is drawn above and below what is seen, in pixels. */
const AROUND = 600;

/**
 * Lines beyond that which stay drawn when they are: what is taken away and drawn anew, a screen reader that reads there
 * has lost.
 */
const STAYS = 40;

/** How often what is in sight is looked at again when the guesses of heights were wrong. */
const PASSES = 4;

export class OutputView {
  #heights = new Heights();
  /** What is drawn. @type {Map<number, HTMLElement>} */
  #drawn = new Map();
  /** The first line in sight, and how far it is scrolled out, while the newest ones are not followed. */
  #anchor = { line: -1, by: 0 };
  #following = true;
  /** Where the box was last; only going up from there ends the following. */
  #top = 0;
  /** How high the box was when it was last measured. */
  #high = 0;
  #scheduled = false;
  /** One past the newest line that was in sight. */
  #seen = 0;
  /** @type {import("./measure.js").Sizes} */
  #sizes = { width: 0, height: 0, columns: 80, line: 20 };
  #stale = true;
  /** Called after each drawing. @type {Set<() => void>} */
  #watchers = new Set();

  /**
   * @param {HTMLElement} box what scrolls
   * @param {import("./store.js").LineStore} store
   */
  constructor(box, store) {
    this.box = box;
    this.store = store;
    /** The column of rows. */
    this.rows = document.createElement("div");
    this.rows.className = "rows";
    box.classList.add("output");
    box.append(this.rows);
    this.#heights.reset(store.first);
    store.watch(() => this.draw());
    box.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // The wheel says sooner than the scrolling that somebody wants to read above.
    box.addEventListener("wheel", (event) => event.deltaY < 0 && this.#leave(), { passive: true });
    // So do keys and fingers; what comes with every frame would keep a smooth scrolling from ever beginning.
    box.addEventListener("keydown", ({ key }) => UPWARDS.has(key) && this.#leave());
    let finger = 0;
    box.addEventListener("touchstart", ({ touches }) => (finger = touches[0].clientY), { passive: true });
    box.addEventListener("touchmove", ({ touches }) => touches[0].clientY > finger + NEAR && this.#leave(), { passive: true });
    new ResizeObserver(() => this.refit()).observe(box);
    this.draw();
  }

  /** Whether the newest lines are kept in sight. */
  get following() {
    return this.#following;
  }

  /** How many lines have come since the end was last in sight. */
  get unseen() {
    return this.#following ? 0 : Math.max(0, this.store.end - Math.max(this.#seen, this.store.first));
  }

  /** How many columns and lines of text fit. */
  get size() {
    if (this.#stale) this.#measure();
    const { columns, height, line } = this.#sizes;
    return { columns, lines: Math.max(1, Math.floor(height / line)) };
  }

  /** What shows a line; null if it is not drawn. @param {number} id */
  element(id) {
    return this.#drawn.get(id) ?? null;
  }

  /** @param {() => void} watcher called after each drawing @returns {() => void} ends it */
  watch(watcher) {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Draws with the next frame, however often it is asked. */
  draw() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  /** The size of the box or of its letters has changed. */
  refit() {
    this.#stale = true;
    this.draw();
  }

  /** Rows are built anew: what lines look like has changed. */
  redraw() {
    for (const element of this.#drawn.values()) element.remove();
    this.#drawn.clear();
    this.refit();
  }

  /** A line looks otherwise now. @param {number} id */
  changed(id) {
    this.#drawn.get(id)?.remove();
    this.#drawn.delete(id);
    this.draw();
  }

  /** Scrolls to the newest line and stays there. */
  toEnd() {
    this.#following = true;
    this.#draw();
  }

  /** Scrolls to the oldest line. */
  toStart() {
    this.#hold(this.store.first, 0);
  }

  /** Scrolls by pages. @param {1 | -1} pages */
  page(pages) {
    if (pages < 0) this.#leave();
    this.box.scrollBy({ top: pages * this.#sizes.height * 0.9, behavior: "instant" });
  }

  /** Brings a line into sight. @param {number} id @param {number} [at] how far down, 0 to 1 */
  reveal(id, at = 0.3) {
    this.#hold(id, -this.#sizes.height * at);
  }

  /** @param {number} line @param {number} by */
  #hold(line, by) {
    this.#following = false;
    this.#anchor = { line, by };
    this.#draw();
    // It may be the end.
    this.#top = -1;
    this.#scrolled();
  }

  /** What is in sight stays, whatever comes. */
  #leave() {
    if (!this.#following || this.box.scrollTop <= 0) return;
    this.#following = false;
    this.#anchorHere();
    this.#tell();
  }

  #anchorHere() {
    const line = this.#heights.at(this.box.scrollTop);
    this.#anchor = { line, by: this.box.scrollTop - this.#heights.top(line) };
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    if (this.store.end === this.store.first) return;
    const atEnd = scrollHeight - clientHeight - scrollTop <= NEAR;
    // An event of our own scrolling to the end may come after somebody has left it; a box that grows or shrinks is not
    // left, though the browser moves what is in it: a keyboard comes and goes, a pane opens.
    if (atEnd && scrollTop > this.#top) this.#following = true;
    else if (!atEnd && scrollTop < this.#top - 1 && clientHeight === this.#high) this.#following = false;
    this.#top = scrollTop;
    if (!this.#following) this.#anchorHere();
    this.draw();
  }

  #tell() {
    for (const watcher of this.#watchers) watcher();
  }

  #draw() {
    const { store, box } = this;
    // It may be in a pane that is closed.
    if (box.clientWidth === 0) return;
    if (this.#stale) this.#measure();
    this.#catchUp();
    if (this.#following) this.#seen = store.end;
    if (!this.#following && this.#anchor.line < store.first) this.#anchor = { line: store.first, by: 0 };
    let top = 0;
    for (let pass = 0; pass < PASSES; pass += 1) {
      const height = this.#sizes.height;
      top = this.#following ? this.#heights.total - height : this.#heights.top(this.#anchor.line) + this.#anchor.by;
      const first = this.#heights.at(top - AROUND);
      const last = this.#heights.at(top + height + AROUND);
      if (!this.#show(first, Math.min(last + 1, store.end))) break;
    }
    this.#place();
    const wanted = Math.max(0, Math.min(top, this.#heights.total - this.#sizes.height));
    if (Math.abs(box.scrollTop - wanted) > 0.5) box.scrollTop = this.#following ? box.scrollHeight : wanted;
    this.#top = box.scrollTop;
    if (!this.#following) this.#seen = Math.max(this.#seen, this.#heights.at(top + this.#sizes.height) + 1);
    this.#tell();
  }

  /** Takes over what the store has got and lost. */
  #catchUp() {
    const { store } = this;
    if (store.first >= this.#heights.end || store.first < this.#heights.first) this.#guessAll();
    else if (store.first > this.#heights.first) this.#heights.drop(store.first);
    for (let id = this.#heights.end; id < store.end; id += 1) this.#heights.push(this.#guess(id));
  }

  /**
   * Draws these lines and no others, but those that have to stay; says whether heights have turned out otherwise.
   * @param {number} first @param {number} end
   */
  #show(first, end) {
    const wanted = new Set([
      ...this.#pinned(),
      ...[...this.#drawn.keys()].filter((id) => id >= this.store.first && id > first - STAYS && id < end + STAYS),
      ...Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at),
    ]);
    for (const [id, element] of this.#drawn) {
      if (wanted.has(id)) continue;
      element.remove();
      this.#drawn.delete(id);
    }
    /** @type {[number, HTMLElement][]} */
    const fresh = [];
    let next = this.rows.firstElementChild;
    for (const id of [...wanted].sort((a, b) => a - b)) {
      const known = this.#drawn.get(id);
      if (known !== undefined) {
        next = known.nextElementSibling;
        continue;
      }
      const line = this.store.get(id);
      if (line === undefined) continue;
      const element = row(line);
      this.#drawn.set(id, element);
      this.rows.insertBefore(element, next);
      fresh.push([id, element]);
    }
    let changed = false;
    for (const [id, element] of fresh) {
      reach(element);
      const height = element.getBoundingClientRect().height;
      if (Math.abs(height - this.#heights.get(id)) < 0.01) continue;
      this.#heights.set(id, height);
      changed = true;
    }
    return changed;
  }

  /** Lines whose elements are held by the focus or the selection. @returns {number[]} */
  #pinned() {
    const selection = getSelection();
    const nodes = [document.activeElement];
    if (selection !== null && !selection.isCollapsed)
      nodes.push(/** @type {any} */ (selection.anchorNode), /** @type {any} */ (selection.focusNode));
    return nodes
      .flatMap((node) => {
        const element = node !== null && node !== this.rows && this.rows.contains(node) ? this.rowOf(node) : null;
        return element === null ? [] : [Number(element.dataset.id)];
      })
      .filter((id) => id >= this.store.first);
  }

  /** The row that a node lies in. @param {Node} node @returns {HTMLElement | null} */
  rowOf(node) {
    const element = node instanceof Element ? node : node.parentElement;
    const found = element?.closest("[data-id]");
    return found instanceof HTMLElement && found.parentElement === this.rows ? found : null;
  }

  /** Gives each row the room of the lines that are left out before it. */
  #place() {
    let expected = this.store.first;
    for (const element of this.rows.children) {
      if (!(element instanceof HTMLElement)) continue;
      const id = Number(element.dataset.id);
      const gap = id === expected ? 0 : this.#heights.top(id) - this.#heights.top(expected);
      const margin = gap > 0 ? `${gap}px` : "";
      if (element.style.marginTop !== margin) element.style.marginTop = margin;
      expected = id + 1;
    }
    this.rows.style.height = `${this.#heights.total}px`;
  }

  /** How high a line will be. @param {number} id */
  #guess(id) {
    return rowsOf(this.store.get(id)?.text ?? "", this.#sizes.columns) * this.#sizes.line;
  }

  #measure() {
    const before = this.#sizes;
    this.#sizes = measure(this.box, this.rows);
    this.#stale = false;
    this.#high = this.box.clientHeight;
    const { width, columns, line } = this.#sizes;
    // Everything wraps otherwise now.
    if (width !== before.width || columns !== before.columns || line !== before.line) this.#guessAll();
  }

  #guessAll() {
    const { store } = this;
    this.#heights.reset(store.first);
    for (let id = store.first; id < store.end; id += 1) this.#heights.push(this.#guess(id));
    for (const [id, element] of this.#drawn) {
      if (id >= store.first) this.#heights.set(id, element.getBoundingClientRect().height);
    }
  }
}
