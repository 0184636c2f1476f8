// A section that is a list: a form that says what is wanted, a table, and links to its other pages. What is wanted
// stands in the address, so the back button goes back to it.

import { get } from "./api.js";
import { address, h } from "./dom.js";
import { Form } from "./form.js";
import { counted, number } from "./format.js";
import { Table } from "./table.js";

/** How long a pause in typing starts a search, in milliseconds. */
const PAUSE = 350;

/**
 * @typedef {object} ListOptions
 * @property {string} name of the section, as in its address
 * @property {string} [asks] the API's function, if it is called otherwise
 * @property {string} [field] of the answer that holds the list, if it is called otherwise
 * @property {string} [one] what one of them is called
 * @property {import("./form.js").Field[]} [filters]
 * @property {(answer: any) => any[]} [rows] of answers that are made otherwise
 * @property {(row: any, query: Record<string, string>) => boolean} [only] of lists that come whole: which are wanted
 * @property {Record<string, unknown>} [args] what the API's function is given besides
 * @property {(answer: any) => string} [note] what is said beside the count
 * @property {import("./table.js").Options<any>} table
 * @property {(Node | null)[]} [above]
 */

/**
 * @param {ListOptions} options
 * @returns {import("./main.js").View}
 */
export function listView(options) {
  const { name, asks = name, field = name, filters = [], args = {}, only, note, above = [] } = options;
  const rowsOf = options.rows ?? ((answer) => answer[field]);
  const table = new Table(options.table);
  const pager = new Pager(name, options.one ?? "entry", options.one === undefined ? "entries" : undefined);
  const names = filters.map((filter) => filter.name);
  const form = filters.length === 0 ? null : filterForm(name, filters);
  // Whoever has come to the end of a page goes on at the beginning of the next.
  let isBelow = false;
  const below = new Pager(name, options.one ?? "entry", undefined, () => {
    isBelow = true;
  });
  const element = h("div", {}, ...above, form?.element, pager.element, table.element, below.element);
  return {
    element,
    async load(place, signal) {
      const query = Object.fromEntries(names.map((name) => [name, place.query.get(name) ?? ""]));
      for (const [name, value] of Object.entries(query)) {
        // Whoever is typing is further on than the address.
        if (form?.control(name) !== document.activeElement) form?.show(name, value);
      }
      if (only !== undefined) {
        /** @type {any[]} */
        const all = rowsOf(await get(asks, {}, signal));
        const rows = all.filter((row) => only(row, query));
        table.fill(rows);
        pager.count(rows.length, all.length);
        return;
      }
      const flags = filters
        .filter(({ kind, name }) => kind === "flag" && query[name] !== "")
        .map(({ name }) => [name, true]);
      const answer = await get(
        asks,
        { ...args, ...query, ...Object.fromEntries(flags), page: place.query.get("page") ?? "" },
        signal,
      );
      // The list has become shorter: its last page is there.
      if (answer.page > answer.pages && answer.pages > 0) {
        location.replace(address(name, { ...query, page: answer.pages > 1 ? answer.pages : "" }));
        return;
      }
      const rows = rowsOf(answer);
      table.fill(rows);
      for (const one of [pager, below]) one.show(answer, query, rows.length, note?.(answer));
      if (!isBelow) return;
      isBelow = false;
      table.element.focus({ preventScroll: true });
      table.element.scrollIntoView({ block: "start" });
    },
  };
}

/**
 * @param {string} name of the section
 * @param {import("./form.js").Field[]} filters
 */
function filterForm(name, filters) {
  /** @param {boolean} isNew whether the back button leads to what was wanted before */
  const go = (isNew) => {
    const to = address(name, form.values);
    if (to === location.hash) return;
    if (isNew) location.hash = to;
    else location.replace(to);
  };
  const form = new Form(filters, () => go(true), { className: "filters" });
  form.element.setAttribute("role", "search");
  form.element.append(h("button", { class: "button" }, "Search"));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  form.element.addEventListener("input", (event) => {
    clearTimeout(timer);
    const isText = event.target instanceof HTMLInputElement && event.target.type === "text";
    timer = setTimeout(() => form.element.isConnected && go(!isText), isText ? PAUSE : 0);
  });
  return form;
}

/** Links to the pages before and after this one. */
class Pager {
  #text = h("p", { class: "dim" });
  #first = h("a", {}, "First");
  #before = h("a", { "aria-label": "Previous page" }, "Previous");
  #after = h("a", { "aria-label": "Next page" }, "Next");
  #last = h("a", {}, "Last");
  #at = h("span", {});
  #links = h("nav", { "aria-label": "Pages", hidden: true }, this.#first, this.#before, this.#at, this.#after, this.#last);

  /**
   * @param {string} section
   * @param {string} one
   * @param {string} [many]
   * @param {() => void} [goes] of one below a table: is told that somebody goes to another page
   */
  constructor(section, one, many, goes) {
    this.section = section;
    this.one = one;
    this.many = many;
    // It is counted once.
    this.element = h("div", { class: "pager" }, goes === undefined ? this.#text : null, this.#links);
    if (goes !== undefined) {
      this.#links.setAttribute("aria-label", "Pages, below the list");
      this.#links.addEventListener("click", ({ target }) => {
        if (target instanceof HTMLAnchorElement && target.hasAttribute("href")) goes();
      });
    }
  }

  /**
   * @param {{ page: number, pages: number, total: number }} answer
   * @param {Record<string, string>} query
   * @param {number} shown
   * @param {string} [note]
   */
  show({ page, pages, total }, query, shown, note = "") {
    // All pages but the last are full.
    const from = page < pages ? (page - 1) * shown : total - shown;
    const span = pages > 1 ? `${number(from + 1)} to ${number(from + shown)} of ` : "";
    this.#text.textContent = span + counted(total, this.one, this.many) + note;
    this.#links.hidden = pages <= 1 && page <= 1;
    const focused = document.activeElement;
    const hadFocus = this.#links.contains(focused);
    const put = (/** @type {HTMLAnchorElement} */ link, /** @type {number} */ to) => {
      const isThere = to >= 1 && to <= pages;
      if (isThere) link.href = address(this.section, { ...query, page: to > 1 ? to : "" });
      else link.removeAttribute("href");
      link.toggleAttribute("aria-disabled", false);
      if (isThere) link.removeAttribute("aria-disabled");
      else link.setAttribute("aria-disabled", "true");
    };
    this.#at.textContent = `${page} / ${pages}`;
    put(this.#first, page > 1 ? 1 : 0);
    put(this.#before, page - 1);
    put(this.#after, page + 1);
    put(this.#last, page < pages ? pages : 0);
    // What leads nowhere any more has no focus.
    const all = [this.#first, this.#before, this.#after, this.#last];
    if (hadFocus && !focused?.hasAttribute("href")) all.find((link) => link.hasAttribute("href"))?.focus();
  }

  /** @param {number} shown @param {number} all */
  count(shown, all) {
    const text = counted(all, this.one, this.many);
    this.#text.textContent = shown === all ? text : `${shown} of ${text}`;
  }
}
