// On a phone the text and each pane are pages side by side, that one swipes between, with tabs above the field for
// commands, where the thumb is. layout.js says which pages there are.

import { going } from "../player/roving.js";
import { badge } from "./unread.js";

/**
 * @typedef {object} Page
 * @property {string} id
 * @property {string} title
 * @property {HTMLElement} element
 * @property {HTMLElement[]} inside what can't be reached while it is out of sight
 */

export class Pages {
  #frame;
  /** @type {Page[]} */
  #pages = [];
  #current = "";
  #watcher;
  #onShow;

  /**
   * @param {HTMLElement} frame what scrolls sideways
   * @param {(id: string) => void} onShow a page is in sight now
   */
  constructor(frame, onShow) {
    this.#frame = frame;
    this.#onShow = onShow;
    this.bar = document.createElement("div");
    this.element = document.createElement("nav");
    this.element.id = "pages";
    this.element.hidden = true;
    this.element.setAttribute("aria-label", "Pages");
    this.element.append(this.bar);
    this.bar.setAttribute("role", "tablist");
    this.bar.setAttribute("aria-label", "Pages");
    this.bar.addEventListener("keydown", (event) => this.#key(event));
    this.#watcher = new IntersectionObserver((entries) => this.#seen(entries), { root: frame, threshold: 0.6 });
  }

  /** The page in sight; empty while there are no pages. */
  get current() {
    return this.#current;
  }

  /** There are these pages now, or none: everything is beside each other. @param {Page[]} pages */
  set(pages) {
    for (const { element, inside } of this.#pages) {
      this.#watcher.unobserve(element);
      for (const one of inside) one.inert = false;
      if (element.getAttribute("role") !== "tabpanel") continue;
      element.removeAttribute("role");
      element.removeAttribute("tabindex");
    }
    this.#pages = pages;
    this.element.hidden = pages.length < 2;
    const kept = pages.some(({ id }) => id === this.#current);
    this.#current = pages.length === 0 ? "" : kept ? this.#current : pages[0].id;
    this.bar.replaceChildren(...pages.map((page) => this.#tab(page)));
    for (const { element } of pages) {
      // `main` stays what it is.
      if (element.localName !== "main") {
        element.setAttribute("role", "tabpanel");
        // There may be nothing in it to come to.
        element.tabIndex = 0;
      }
      this.#watcher.observe(element);
    }
    this.#mark();
    if (pages.length > 0) this.show(this.#current, "instant");
  }

  /** Brings a page into sight. @param {string} id @param {ScrollBehavior} [behavior] */
  show(id, behavior) {
    const page = this.#pages.find((one) => one.id === id);
    if (page === undefined) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const left = page.element.offsetLeft - this.#frame.offsetLeft;
    this.#frame.scrollTo({ left, behavior: behavior ?? (calm ? "instant" : "smooth") });
  }

  /**
   * Says at its tab that something is new on a page.
   * @param {string} id
   * @param {import("./unread.js").Unread} unread
   */
  news(id, unread) {
    const tab = this.#tabs().find((one) => one.dataset.page === id);
    const page = this.#pages.find((one) => one.id === id);
    if (tab !== undefined && page !== undefined) badge(tab, page.title, id === this.#current ? 0 : unread);
  }

  #tabs() {
    return /** @type {HTMLElement[]} */ ([...this.bar.children]);
  }

  /** @param {Page} page */
  #tab({ id, title, element }) {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.textContent = title;
    tab.dataset.page = id;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", element.id);
    tab.addEventListener("click", () => this.show(id));
    return tab;
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #seen(entries) {
    const shown = entries.filter((entry) => entry.isIntersecting).at(-1);
    const page = this.#pages.find(({ element }) => element === shown?.target);
    if (page === undefined || page.id === this.#current) return;
    this.#current = page.id;
    this.#mark();
    this.#onShow(page.id);
  }

  /** Tells of the page in sight; what is out of sight can't be reached by Tab. */
  #mark() {
    for (const { id, inside } of this.#pages) for (const one of inside) one.inert = id !== this.#current;
    for (const tab of this.#tabs()) {
      const isCurrent = tab.dataset.page === this.#current;
      tab.setAttribute("aria-selected", String(isCurrent));
      tab.tabIndex = isCurrent ? 0 : -1;
      // Not scrollIntoView: that would scroll the page as well.
      if (isCurrent) this.bar.scrollTo({ left: tab.offsetLeft - (this.bar.clientWidth - tab.offsetWidth) / 2 });
    }
    this.news(this.#current, 0);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const tab = going("tabs", event, this.#tabs());
    tab?.focus({ preventScroll: true });
    tab?.click();
  }
}
