// A table that is filled again and again: rows that are still there stay the elements that they were, so neither the
// focus nor a selection is lost by a refresh. On a phone its rows are cards (admin.css), which are rows of a table to a
// screen reader still.

import { h, nodes } from "./dom.js";

/**
 * @template T
 * @typedef {object} Column
 * @property {string} title
 * @property {(row: T) => import("./dom.js").Child} cell
 * @property {boolean} [header] what a row is called by
 * @property {"number" | "deeds" | "mono" | "mono short" | "name" | "wide"} [kind]
 */

/**
 * @template T
 * @typedef {object} Options
 * @property {string} caption
 * @property {boolean} [quiet] the caption is for screen readers only
 * @property {Column<T>[]} columns
 * @property {(row: T) => string | number} key what makes a row the same as before
 * @property {string} empty what is said if there are none
 */

/**
 * @template {object} T
 */
export class Table {
  /** @type {Map<string, { element: HTMLTableRowElement, cells: HTMLTableCellElement[], row: T }>} */
  #rows = new Map();
  #options;
  #body = h("tbody", { role: "rowgroup" });
  #table;
  #empty;

  /** @param {Options<T>} options */
  constructor(options) {
    this.#options = options;
    const caption = h(
      "caption",
      { id: `table-${(count += 1)}`, class: options.quiet ? "unseen" : null },
      options.caption,
    );
    const titles = options.columns.map(({ title, kind }) =>
      h(
        "th",
        { scope: "col", role: "columnheader", class: kind },
        kind === "deeds" ? h("span", { class: "unseen" }, title) : title,
      ),
    );
    const head = h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...titles));
    this.#table = h("table", { role: "table" }, caption, head, this.#body);
    this.#empty = h("p", { class: "empty", hidden: true }, options.empty);
    /** What is put on the page. */
    this.element = h(
      "div",
      { class: "table", role: "region", "aria-labelledby": caption.id, tabindex: 0 },
      this.#table,
      this.#empty,
    );
  }

  /** @param {T[]} rows */
  fill(rows) {
    const focused = document.activeElement;
    const isInside = focused !== null && this.#body.contains(focused);
    const keys = new Set(rows.map((row) => String(this.#options.key(row))));
    for (const [key, { element }] of this.#rows) {
      if (!keys.has(key)) {
        element.remove();
        this.#rows.delete(key);
      }
    }
    /** @type {Element | null} */
    let next = this.#body.firstElementChild;
    for (const row of rows) {
      const { element } = this.#put(row);
      if (element === next) next = next.nextElementSibling;
      else this.#body.insertBefore(element, next);
    }
    this.#empty.hidden = rows.length > 0;
    if (isInside && document.activeElement !== focused && !this.#body.contains(document.activeElement)) {
      if (focused.isConnected) /** @type {HTMLElement} */ (focused).focus({ preventScroll: true });
      else this.element.focus({ preventScroll: true });
    }
  }

  /** @param {T} row */
  #put(row) {
    const key = String(this.#options.key(row));
    const known = this.#rows.get(key);
    if (known === undefined) {
      const cells = this.#options.columns.map((column) => cellOf(column, row));
      const made = { element: h("tr", { role: "row" }, ...cells), cells, row };
      this.#rows.set(key, made);
      return made;
    }
    // What listens in this row knows it by this object.
    if (known.row !== row) {
      for (const name of Object.keys(known.row)) delete (/** @type {Record<string, unknown>} */ (known.row)[name]);
      Object.assign(known.row, row);
    }
    this.#options.columns.forEach((column, index) => update(known.cells[index], column.cell(known.row)));
    return known;
  }
}

let count = 0;

/**
 * @template T
 * @param {Column<T>} column
 * @param {T} row
 * @returns {HTMLTableCellElement}
 */
function cellOf({ title, cell, header, kind }, row) {
  const props = { class: kind, "data-title": title };
  return header
    ? h("th", { ...props, scope: "row", role: "rowheader" }, cell(row))
    : h("td", { ...props, role: "cell" }, cell(row));
}

/**
 * Puts something else into a cell, if it is something else.
 * @param {HTMLTableCellElement} cell
 * @param {import("./dom.js").Child} child
 */
function update(cell, child) {
  const fresh = document.createElement(cell.tagName);
  fresh.append(...nodes([child]));
  const same =
    fresh.childNodes.length === cell.childNodes.length &&
    [...fresh.childNodes].every((node, index) => node.isEqualNode(cell.childNodes[index]));
  if (same) return;
  const places = () => [...cell.querySelectorAll("a, button")];
  const at = places().indexOf(/** @type {Element} */ (document.activeElement));
  cell.replaceChildren(...fresh.childNodes);
  const again = at < 0 ? undefined : places()[at];
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}
