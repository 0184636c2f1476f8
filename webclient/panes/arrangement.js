// How the panes are arranged: which dock each is in, in what order, how large, folded or closed. Plain data without a
// page, so that it can be kept on the account and tested; layout.js draws it.
//
// Only what the player has changed is kept. Panes that are not there today (a game's own, of another game) keep
// their places.

/** Where panes can be: left and right of the text, below it, and in the strip above the field for commands. */
export const DOCKS = /** @type {const} */ (["left", "right", "bottom", "strip"]);

/** @typedef {typeof DOCKS[number]} Dock */

/** Sizes of docks, in pixels: width of left and right, height of the bottom. The strip is as high as what is in it. */
export const SIZES = {
  left: { initial: 288, min: 160, max: 900 },
  right: { initial: 288, min: 160, max: 900 },
  bottom: { initial: 180, min: 80, max: 700 },
};

/** Sizes of panes within a dock, in pixels. */
export const PANE = { min: 72, max: 1200 };

/** Most panes that are remembered, and longest id. */
const LIMIT = { panes: 60, id: 40 };

/**
 * What a part says of a pane that it adds.
 * @typedef {object} Definition
 * @property {string} id
 * @property {Dock} where
 * @property {boolean | "roomy"} open whether it is there until the player says otherwise; "roomy": if there is room
 * @property {number} [size] pixels that it has in its dock; without one, it takes what the others leave
 * @property {boolean} [compact] it fits into the strip, and on a phone it is there and not a page of its own
 */

/**
 * What is kept.
 * @typedef {object} Kept
 * @property {Partial<Record<keyof typeof SIZES, number>>} [docks] sizes
 * @property {Record<string, Dock>} [where] panes that were moved
 * @property {string[]} [order] all panes, once one was moved
 * @property {Record<string, boolean>} [open] panes that were opened or closed
 * @property {string[]} [folded]
 * @property {Record<string, number>} [sizes] of panes
 */

const isId = (/** @type {unknown} */ id) => typeof id === "string" && /^[\w.-]+$/.test(id) && id.length <= LIMIT.id;
const isSize = (/** @type {unknown} */ size, { min = 0, max = Infinity }) =>
  typeof size === "number" && size >= min && size <= max;

/** @template T @param {Record<string, T>} record @param {string} id @returns {T | undefined} */
const own = (record, id) => (Object.hasOwn(record, id) ? record[id] : undefined);

/** @param {unknown} value @param {(entry: [string, any]) => boolean} fits @returns {Record<string, any>} */
function entries(value, fits) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(fits).slice(0, LIMIT.panes));
}

/**
 * What of a kept arrangement makes sense: it may be from elsewhere, or older.
 * @param {unknown} value
 * @returns {Required<Kept>}
 */
export function sound(value) {
  const kept = /** @type {Kept} */ (typeof value === "object" && value !== null ? value : {});
  const ids = (/** @type {unknown} */ list) =>
    Array.isArray(list) ? [...new Set(list.filter(isId))].slice(0, LIMIT.panes) : [];
  return {
    docks: entries(kept.docks, ([dock, size]) => dock in SIZES && isSize(size, SIZES[/** @type {"left"} */ (dock)])),
    where: entries(kept.where, ([id, dock]) => isId(id) && DOCKS.includes(dock)),
    order: ids(kept.order),
    open: entries(kept.open, ([id, open]) => isId(id) && typeof open === "boolean"),
    folded: ids(kept.folded),
    sizes: entries(kept.sizes, ([id, size]) => isId(id) && isSize(size, PANE)),
  };
}

export class Arrangement {
  /** @type {Map<string, Definition>} */
  #definitions = new Map();
  #kept = sound(null);
  /** Whether there is room for panes that are there only then. */
  roomy = true;

  /** What is to be kept: nothing that is as at first. @returns {Kept} */
  get kept() {
    const filled = Object.entries(this.#kept).filter(([, value]) => Object.keys(value).length > 0);
    return Object.fromEntries(filled);
  }

  set kept(value) {
    this.#kept = sound(value);
  }

  /** @param {Definition} definition */
  define(definition) {
    if (!isId(definition.id)) throw new Error(`a pane's id is a short word, not ${definition.id}`);
    this.#definitions.set(definition.id, definition);
  }

  /** @param {string} id */
  has(id) {
    return this.#definitions.has(id);
  }

  /** All panes that there are, in order. @returns {string[]} */
  get ids() {
    const defined = [...this.#definitions.keys()];
    const known = this.#kept.order.filter((id) => this.#definitions.has(id));
    if (known.length === 0) return defined;
    // One that is new stands behind the one that was defined before it.
    const order = [...known];
    defined.forEach((id, at) => {
      if (!order.includes(id)) order.splice(at === 0 ? 0 : order.indexOf(defined[at - 1]) + 1, 0, id);
    });
    return order;
  }

  /** @param {string} id @returns {Dock} */
  where(id) {
    const definition = this.#definitions.get(id);
    const dock = own(this.#kept.where, id) ?? definition?.where ?? "right";
    return dock === "strip" && !definition?.compact ? "bottom" : dock;
  }

  /** @param {string} id */
  isOpen(id) {
    /** @type {boolean | "roomy"} */
    const open = own(this.#kept.open, id) ?? this.#definitions.get(id)?.open ?? false;
    return open === "roomy" ? this.roomy : open;
  }

  /** @param {string} id */
  isFolded(id) {
    return this.#kept.folded.includes(id);
  }

  /** @param {string} id */
  isCompact(id) {
    return this.#definitions.get(id)?.compact === true;
  }

  /** Pixels in its dock; none if it takes what is left. @param {string} id @returns {number | undefined} */
  size(id) {
    return own(this.#kept.sizes, id) ?? this.#definitions.get(id)?.size;
  }

  /** Whether the player has set its size. @param {string} id */
  isSized(id) {
    return own(this.#kept.sizes, id) !== undefined;
  }

  /** @param {keyof typeof SIZES} dock */
  dockSize(dock) {
    return this.#kept.docks[dock] ?? SIZES[dock].initial;
  }

  /** The panes that are open in a dock. @param {Dock} dock @returns {string[]} */
  in(dock) {
    return this.ids.filter((id) => this.where(id) === dock && this.isOpen(id));
  }

  /**
   * Moves a pane into a dock, in front of another or to the end.
   * @param {string} id
   * @param {Dock} dock
   * @param {string | null} [before]
   */
  move(id, dock, before = null) {
    if (before === id) return;
    const order = this.ids.filter((one) => one !== id);
    const at = before === null ? -1 : order.indexOf(before);
    order.splice(at < 0 ? order.length : at, 0, id);
    // Panes that are not there today stay where they were, among those that are.
    const absent = this.#kept.order.filter((one) => !this.#definitions.has(one));
    this.#kept.order = [...order, ...absent].slice(0, LIMIT.panes);
    this.#kept.where[id] = dock;
  }

  /**
   * Moves a pane one place on or back among those of its dock; says whether it could.
   * @param {string} id
   * @param {1 | -1} by
   */
  shift(id, by) {
    const dock = this.where(id);
    const all = this.in(dock);
    const to = all.indexOf(id) + by;
    if (to < 0 || to >= all.length) return false;
    this.move(id, dock, by < 0 ? all[to] : (all[to + 1] ?? null));
    return true;
  }

  /** @param {string} id @param {boolean} open */
  setOpen(id, open) {
    this.#kept.open[id] = open;
  }

  /** @param {string} id @param {boolean} folded */
  setFolded(id, folded) {
    this.#kept.folded = this.#kept.folded.filter((one) => one !== id);
    if (folded) this.#kept.folded.push(id);
  }

  /** @param {string} id @param {number} size */
  setSize(id, size) {
    this.#kept.sizes[id] = within(size, PANE);
  }

  /** @param {keyof typeof SIZES} dock @param {number} size */
  setDockSize(dock, size) {
    this.#kept.docks[dock] = within(size, SIZES[dock]);
  }

  /** A pane has the size again that it had at first. @param {string} id */
  resetSize(id) {
    delete this.#kept.sizes[id];
  }

  /** @param {keyof typeof SIZES} dock */
  resetDock(dock) {
    delete this.#kept.docks[dock];
  }
}

/** @param {number} size @param {{ min: number, max: number }} bounds */
export function within(size, { min, max }) {
  return Math.round(Math.min(Math.max(size, min), max));
}
