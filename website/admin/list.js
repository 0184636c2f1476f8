// A section that is a list: a form that says what is wanted, a table, and links to its other pages. What is wanted
// stands in the address, so the back button goes back to it.

import { get } from "./api.js";
import { address, h } from "./dom.js";
import { Form } from "./form.js";
import { counted } from "./format.js";
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
 * @property {number} [most] of lists that come whole: how many are shown
 * @property {import("./table.js").Options<any>} table
 * @property {(Node | null)[]} [above]
 */

/**
 * @param {ListOptions} options
 * @returns {import("./main.js").View}
 */
export function listView(options) {
  const { name, asks = name, field = name, filters = [], only, most = Infinity, above = [] } = options;
  const rowsOf = options.rows ?? ((answer) => answer[field]);
  const table = new Table(options.table);
  const pager = new Pager(name, options.one ?? "entry", options.one === undefined ? "entries" : undefined);
  const names = filters.map((filter) => filter.name);
  const form = filters.length === 0 ? null : filterForm(name, filters);
  const element = h("div", {}, ...above, form?.element, table.element, pager.element);
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
        table.fill(rows.slice(0, most));
        pager.count(Math.min(rows.length, most), all.length, rows.length > most);
        return;
      }
      const flags = filters
        .filter(({ kind, name }) => kind === "flag" && query[name] !== "")
        .map(({ name }) => [name, true]);
      const answer = await get(
        asks,
        { ...query, ...Object.fromEntries(flags), page: place.query.get("page") ?? "" },
        signal,
      );
      table.fill(rowsOf(answer));
      pager.show(answer, query);
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
  #before = h("a", {}, "Previous page");
  #after = h("a", {}, "Next page");
  #links = h("nav", { "aria-label": "Pages", hidden: true }, this.#before, this.#after);

  /** @param {string} section @param {string} one @param {string} [many] */
  constructor(section, one, many) {
    this.section = section;
    this.one = one;
    this.many = many;
    this.element = h("div", { class: "pager" }, this.#text, this.#links);
  }

  /**
   * @param {{ page: number, pages: number, total: number }} answer
   * @param {Record<string, string>} query
   */
  show({ page, pages, total }, query) {
    this.#text.textContent = counted(total, this.one, this.many) + (pages > 1 ? `, page ${page} of ${pages}` : "");
    this.#links.hidden = pages <= 1 && page <= 1;
    const put = (/** @type {HTMLAnchorElement} */ link, /** @type {number} */ to) => {
      const isThere = to >= 1 && to <= pages;
      if (isThere) link.href = address(this.section, { ...query, page: to > 1 ? to : "" });
      else link.removeAttribute("href");
      link.toggleAttribute("aria-disabled", false);
      if (isThere) link.removeAttribute("aria-disabled");
      else link.setAttribute("aria-disabled", "true");
    };
    put(this.#before, page - 1);
    put(this.#after, page + 1);
  }

  /** @param {number} shown @param {number} all @param {boolean} isCut more are wanted than are shown */
  count(shown, all, isCut) {
    const text = counted(all, this.one, this.many);
    this.#text.textContent = shown === all ? text : `${shown} of ${text}${isCut ? "; search to see others" : ""}`;
  }
}
