// The admin page: which section is shown, when it is loaded again, and what is said while the game is away. A section
// is a module of `sections/` and a line here; what it shows comes from the API, which checks who asks.

import { ApiError } from "./api.js";
import { button, h } from "./dom.js";
import { Navigation } from "./navigation.js";
import { newsBox, tell } from "./news.js";
import { accounts } from "./sections/accounts.js";
import { audit } from "./sections/audit.js";
import { bans } from "./sections/bans.js";
import { channels } from "./sections/channels.js";
import { scripts, tickers } from "./sections/clockwork.js";
import { log } from "./sections/log.js";
import { objects } from "./sections/objects.js";
import { overview } from "./sections/overview.js";
import { services } from "./sections/services.js";
import { sessions } from "./sections/sessions.js";
import { settings } from "./sections/settings.js";
import { throttles } from "./sections/throttles.js";

/**
 * Where somebody is: `#objects/2?x=y`.
 * @typedef {{ section: string, id: string, query: URLSearchParams }} Place
 */

/**
 * What is shown of a section.
 * @typedef {object} View
 * @property {HTMLElement} element
 * @property {string} [title] if it is another than that of the section; read again after each loading
 * @property {number} [every] if it is another than that of the section
 * @property {(place: Place, signal: AbortSignal) => Promise<void>} load asks the API, and shows what it says
 */

/**
 * A section.
 * @typedef {object} Section
 * @property {string} name as in its address
 * @property {string} title
 * @property {string} group
 * @property {number} every how often it is loaded again, in seconds; 0 for never
 * @property {(place: Place, app: App) => View} open
 */

/**
 * What a section may do with the page.
 * @typedef {{ refresh: () => Promise<void> }} App
 */

/** @type {Section[]} */
const SECTIONS = [
  overview,
  sessions,
  accounts,
  bans,
  objects,
  channels,
  scripts,
  tickers,
  services,
  log,
  settings,
  throttles,
  audit,
];

/** Longest time between two attempts while the game is away, in seconds. */
const LONGEST_WAIT = 15;

class Page {
  #root;
  #heading = h("h1", { tabindex: -1 });
  #state = h("p", { class: "state" });
  #error = h("p", { class: "error", role: "alert", hidden: true });
  #content = h("div", { class: "content" });
  #pause = button("Pause", () => this.#setPaused(!this.#isPaused));
  #navigation = new Navigation(SECTIONS);
  #isPaused = false;
  /** Attempts since the game was last heard of. */
  #lost = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {AbortController | undefined} */
  #loading;
  /** @type {Place | undefined} */
  #place;
  /** @type {Section} */
  #section = overview;
  /** @type {View | undefined} */
  #view;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    const refresh = button("Refresh", () => void this.refresh());
    const head = h(
      "div",
      { class: "head" },
      this.#heading,
      this.#state,
      h("div", { class: "buttons" }, refresh, this.#pause),
    );
    root.replaceChildren(
      this.#navigation.element,
      h("div", { class: "section" }, head, this.#error, this.#content),
      newsBox(),
    );
    addEventListener("hashchange", () => this.#go());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#rest();
      else if (this.#lost > 0 || (!this.#isPaused && this.#every > 0)) void this.refresh();
    });
    this.#go();
  }

  /** Shows what the address says. */
  #go() {
    const place = placeOf(location.hash);
    const section = SECTIONS.find(({ name }) => name === place.section) ?? overview;
    const isOther = section !== this.#section || place.id !== this.#place?.id || this.#view === undefined;
    const isFirst = this.#place === undefined;
    [this.#place, this.#section] = [place, section];
    if (isOther) {
      this.#view = section.open(place, { refresh: () => this.refresh() });
      this.#content.replaceChildren(this.#view.element);
      this.#content.classList.add("fresh");
      this.#error.hidden = true;
      this.#pause.hidden = this.#every === 0;
      this.#navigation.show(section);
      this.#setTitle();
      if (!isFirst) {
        // As if it were another page.
        this.#heading.focus({ preventScroll: true });
        scrollTo({ top: 0 });
      }
    }
    void this.refresh();
  }

  /** How often this view is loaded again, in seconds. */
  get #every() {
    return this.#view?.every ?? this.#section.every;
  }

  #setTitle() {
    const title = this.#view?.title ?? this.#section.title;
    if (this.#heading.textContent !== title) this.#heading.textContent = title;
    document.title = `${title} – Admin – ${this.#root.dataset.game}`;
  }

  /** Loads what is shown again. */
  async refresh() {
    const [view, place] = [this.#view, this.#place];
    if (view === undefined || place === undefined) return;
    this.#loading?.abort();
    clearTimeout(this.#timer);
    const { signal } = (this.#loading = new AbortController());
    try {
      await view.load(place, signal);
      if (signal.aborted) return;
      if (this.#lost > 1) tell("The game is back.");
      this.#lost = 0;
      this.#error.hidden = true;
      this.#content.classList.remove("fresh", "stale");
      this.#state.textContent = `As of ${new Date().toLocaleTimeString()}`;
      this.#setTitle();
    } catch (error) {
      if (signal.aborted) return;
      this.#fail(error);
    }
    this.#rest();
    const every = this.#lost > 0 ? Math.min(2 ** (this.#lost - 1), LONGEST_WAIT) : this.#every;
    const isWanted = this.#lost > 0 || !this.#isPaused;
    if (every > 0 && isWanted && !document.hidden) this.#timer = setTimeout(() => void this.refresh(), every * 1000);
  }

  /** @param {unknown} error */
  #fail(error) {
    if (error instanceof ApiError && error.isAway) {
      this.#lost += 1;
      this.#content.classList.add("stale");
      this.#state.textContent = "The game does not answer just now. Trying again …";
      return;
    }
    this.#lost = 0;
    if (!(error instanceof ApiError)) console.error(error);
    const told = error instanceof ApiError ? error.message : `This page is broken: ${error}`;
    const isStranger = error instanceof ApiError && (error.status === 401 || error.status === 403);
    const signIn = h("a", { href: `/signin?next=${encodeURIComponent(`/admin/${location.hash}`)}` }, "Sign in");
    this.#error.replaceChildren(told, ...(isStranger ? [" ", signIn] : []));
    this.#error.hidden = false;
    this.#state.textContent = "";
  }

  #rest() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** @param {boolean} isPaused */
  #setPaused(isPaused) {
    this.#isPaused = isPaused;
    this.#pause.textContent = isPaused ? "Go on" : "Pause";
    if (isPaused) {
      this.#rest();
      tell("This page stays as it is until you go on.");
    } else {
      void this.refresh();
    }
  }
}

/**
 * @param {string} hash
 * @returns {Place}
 */
function placeOf(hash) {
  const [path, query = ""] = hash.replace(/^#/, "").split("?", 2);
  const [section, id = ""] = path.split("/", 2);
  return { section, id, query: new URLSearchParams(query) };
}

const root = document.getElementById("admin");
if (root !== null) new Page(root);
