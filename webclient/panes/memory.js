// The rooms that the map remembers, in this browser's IndexedDB. Where there is none (a private window, a full disk),
// the map remembers as long as the page is open.

const NAME = "meadow-map";
const STORE = "rooms";

/** Most rooms that are remembered. */
const MAX = 20_000;

/** @typedef {import("./atlas.js").Room} Room */

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

/** It may be refused at once, where nothing may be kept. @returns {Promise<IDBDatabase>} */
async function open() {
  const request = indexedDB.open(NAME, 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE, { keyPath: "num" }));
  return done(request);
}

export class Memory {
  /** @type {Map<string, Room>} */
  rooms = new Map();
  /** @type {Promise<IDBDatabase | null>} */
  #base = open().catch(() => null);

  /** Reads what was remembered; what was seen meanwhile counts. */
  async load() {
    const base = await this.#base;
    if (base === null) return;
    const kept = await done(base.transaction(STORE).objectStore(STORE).getAll(null, MAX)).catch(() => []);
    for (const room of kept) if (!this.rooms.has(room.num)) this.rooms.set(room.num, room);
  }

  /** @param {Room} room */
  async remember(room) {
    const known = this.rooms.get(room.num);
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(room)) return;
    if (known === undefined && this.rooms.size >= MAX) return;
    this.rooms.set(room.num, room);
    const base = await this.#base;
    if (base !== null) await done(this.#write(base).put(room)).catch(() => {});
  }

  /** Forgets all rooms. */
  async forget() {
    this.rooms.clear();
    const base = await this.#base;
    if (base !== null) await done(this.#write(base).clear()).catch(() => {});
  }

  /** @param {IDBDatabase} base */
  #write(base) {
    return base.transaction(STORE, "readwrite").objectStore(STORE);
  }
}
