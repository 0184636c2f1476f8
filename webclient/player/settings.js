// What a player has set, kept in this browser. Parts define what can be set; all of them ask here.

/**
 * @typedef {object} Definition
 * @property {string} key
 * @property {string} label what the player reads
 * @property {"bool" | "number" | "choice" | "text" | "json"} kind
 * @property {any} initial
 * @property {{ value: string, label: string }[]} [choices] of a "choice"
 * @property {string} [section] where it is shown
 * @property {number} [min]
 * @property {number} [max]
 */

const KEY = "meadow.settings";

export class Settings {
  /** @type {Map<string, Definition>} */
  #defined = new Map();
  /** @type {Map<string, Set<(value: any) => void>>} */
  #handlers = new Map();
  /** @type {Record<string, any>} */
  #values = {};

  constructor() {
    try {
      this.#values = Object(JSON.parse(localStorage.getItem(KEY) ?? "{}"));
    } catch {
      // A browser may forbid it; then everything is as at first.
    }
  }

  /** Adds something that can be set. @param {Definition} definition */
  define(definition) {
    this.#defined.set(definition.key, definition);
  }

  /** @param {string} key @returns {any} */
  get(key) {
    return Object.hasOwn(this.#values, key) ? this.#values[key] : this.#defined.get(key)?.initial;
  }

  /** @param {string} key @param {any} value */
  set(key, value) {
    this.#values[key] = value;
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#values));
    } catch {
      // It holds until the page is closed.
    }
    for (const handler of this.#handlers.get(key) ?? []) handler(value);
  }

  /**
   * Calls when a setting changes.
   * @param {string} key
   * @param {(value: any) => void} handler
   * @returns {() => void} ends it
   */
  on(key, handler) {
    const handlers = this.#handlers.get(key) ?? new Set();
    this.#handlers.set(key, handlers.add(handler));
    return () => handlers.delete(handler);
  }
}

/** @param {import("../main.js").Client} client */
export function install(client) {
  client.settings = new Settings();
}
