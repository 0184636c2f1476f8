// The scrollback in the browser's database (IndexedDB). keep.js says what is written and read.

const NAME = "meadow";

/** Lines that are kept of each character. */
export const MOST = 10_000;

/** How old what nobody's name is on may get, in milliseconds. */
const DAY = 86_400_000;

/**
 * A line as it is stored.
 * @typedef {object} Stored
 * @property {number} [key] its place
 * @property {string} tab the session that it was said in
 * @property {string} who whose it is; "" before login
 * @property {string} text
 * @property {string | null} html
 * @property {import("./store.js").Kind} kind
 * @property {string} type
 * @property {string[]} tags
 * @property {string[]} classes
 * @property {string} pane
 * @property {number} time
 */

/**
 * How far a session is written down.
 * @typedef {{ tab: string, who: string, heard: number, time: number, recent: any[] }} Reached
 */

/** @param {IDBRequest<any>} request @returns {Promise<any>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export class Database {
  /** @type {Promise<IDBDatabase>} */
  #open = new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const lines = request.result.createObjectStore("lines", { keyPath: "key", autoIncrement: true });
      lines.createIndex("who", "who");
      lines.createIndex("tab", "tab");
      request.result.createObjectStore("reached", { keyPath: "tab" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });

  constructor() {
    this.#open.catch(() => {});
  }

  /** Writes lines, and how far they go, together or not at all. @param {Stored[]} lines @param {Reached} reached */
  async write(lines, reached) {
    const transaction = (await this.#open).transaction(["lines", "reached"], "readwrite");
    const store = transaction.objectStore("lines");
    for (const line of lines) store.add(line);
    transaction.objectStore("reached").put(reached);
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }

  /** @param {string} tab @returns {Promise<Reached | undefined>} */
  async reached(tab) {
    return done((await this.#open).transaction("reached").objectStore("reached").get(tab));
  }

  /**
   * The lines of a session, or of a character, in order.
   * @param {"tab" | "who"} by
   * @param {string} name
   * @returns {Promise<Stored[]>}
   */
  async lines(by, name) {
    const all = await done((await this.#open).transaction("lines").objectStore("lines").index(by).getAll(name));
    return all.slice(-MOST);
  }

  /** Takes away what is too much. @param {string} who */
  async trim(who) {
    const transaction = (await this.#open).transaction(["lines", "reached"], "readwrite");
    const store = transaction.objectStore("lines");
    const keys = await done(store.index("who").getAllKeys(who));
    for (const key of keys.slice(0, Math.max(0, keys.length - MOST))) store.delete(key);
    const old = await done(transaction.objectStore("reached").getAll());
    for (const { tab, time } of old) {
      if (time > Date.now() - DAY) continue;
      transaction.objectStore("reached").delete(tab);
      for (const { key, who: whose } of await done(store.index("tab").getAll(tab))) if (whose === "") store.delete(key);
    }
  }

  /** Forgets everything. */
  async clear() {
    const transaction = (await this.#open).transaction(["lines", "reached"], "readwrite");
    transaction.objectStore("lines").clear();
    transaction.objectStore("reached").clear();
    await new Promise((resolve) => (transaction.oncomplete = resolve));
  }
}
