// What a player has set: kept in this browser at once, and on the account by account.js. Every part of the client
// defines what can be set in it, reads it, and hears when it changes; settings-dialog.js makes the dialog of it.
//
//     settings.define({ key: "output.font", label: "Font size", kind: "number", initial: 16, min: 10, max: 32,
//                       section: "Text" });
//     settings.on("output.font", (size) => resize(size));
//     resize(settings.get("output.font"));

/** In front of every key in localStorage. */
const PREFIX = "meadow:";

/** Where the keys are listed that were changed here and are not on the account yet, each with whose change it is. */
const UNSENT = "meadow-unsent";

/** Longest text of a setting of the kind `text`, in characters, unless it says otherwise. */
const MAX_TEXT = 1000;

/** @typedef {"bool" | "number" | "choice" | "text" | "json"} Kind */

/**
 * @typedef {object} Definition
 * @property {string} key unique; parts of the client put their name in front: "output.font"
 * @property {string} label what the player reads
 * @property {Kind} kind
 * @property {any} initial the value until the player sets one
 * @property {(string | [value: string, label: string] | { value: string, label: string })[]} [choices] for "choice"
 * @property {string} [section] heading in the dialog; without one, and for "json", it is not in the dialog
 * @property {string} [help] a sentence below the label
 * @property {number} [min] for "number"
 * @property {number} [max] for "number"; for "text" the most characters
 * @property {number} [step] for "number"; 1 unless told
 * @property {"account" | "browser"} [place] "browser": never leaves this browser (what depends on the device)
 * @property {boolean} [acts] it does something in the name of whoever plays: nobody gets it unasked (aside.js)
 * @property {(value: any) => boolean} [check] whether a value may be set, beyond its kind
 */

/** @typedef {(value: any, key: string) => void} Handler */

/** What of localStorage is used. @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store */

/**
 * Whether a value is one of the definition's kind.
 * @param {Definition} definition
 * @param {unknown} value
 */
export function suits({ kind, min, max, choices, check }, value) {
  const right = {
    bool: () => typeof value === "boolean",
    number: () => typeof value === "number" && value >= (min ?? -Infinity) && value <= (max ?? Infinity),
    choice: () => pairsOf(choices).some(([one]) => one === value),
    text: () => typeof value === "string" && value.length <= (max ?? MAX_TEXT),
    json: () => value !== undefined,
  }[kind]();
  return right && (check?.(value) ?? true);
}

/**
 * What can be chosen, as values with their labels.
 * @param {Definition["choices"]} choices
 * @returns {[value: string, label: string][]}
 */
export function pairsOf(choices = []) {
  return choices.map((one) => {
    if (typeof one === "string") return [one, one];
    return Array.isArray(one) ? one : [one.value, one.label];
  });
}

export class Settings {
  #store;
  /** @type {Map<string, Definition>} */
  #definitions = new Map();
  /** Values as last read or set, of keys that are not as at first. @type {Map<string, any>} */
  #values = new Map();
  /** @type {Map<string, Set<Handler>>} */
  #handlers = new Map();
  /** Keys, and the names of those who have changed them. @type {Map<string, string>} */
  #unsent;
  /** The account that changes are made for; "" while nobody is logged in. */
  owner = "";
  /** Values that came before their settings were defined: a game's own parts may be late. @type {Map<string, any>} */
  #early = new Map();

  /** @param {Store} store where values are kept: localStorage */
  constructor(store) {
    this.#store = store;
    this.#unsent = listed(store);
  }

  /**
   * Makes a setting known; says what it is set to. Defined twice, the newer one counts.
   * @param {Definition} definition
   */
  define(definition) {
    this.#definitions.set(definition.key, definition);
    const kept = read(this.#store, PREFIX + definition.key);
    if (kept !== undefined && suits(definition, kept)) this.#values.set(definition.key, kept);
    const early = this.#early.get(definition.key);
    if (early !== undefined && !this.#unsent.has(definition.key)) this.take(definition.key, early);
    return this.get(definition.key);
  }

  /** Everything that was defined, in that order. */
  definitions() {
    return [...this.#definitions.values()];
  }

  /**
   * What is set. Of "json" it is the very value: who changes it makes a new one and sets that.
   * @param {string} key
   */
  get(key) {
    return this.#values.has(key) ? this.#values.get(key) : this.#definitions.get(key)?.initial;
  }

  /**
   * Sets a value; says whether it suits. It is kept in this browser at once.
   * @param {string} key
   * @param {any} value
   */
  set(key, value) {
    const definition = this.#definitions.get(key);
    if (definition === undefined || !suits(definition, value)) return false;
    if (same(value, this.get(key))) return true;
    if (definition.place !== "browser") this.#mark(key, true);
    this.#put(definition, value);
    return true;
  }

  /** Back to how it was at first. @param {string} key */
  reset(key) {
    const definition = this.#definitions.get(key);
    if (definition !== undefined) this.set(key, definition.initial);
  }

  /** Whether it is set to something else than at first. @param {string} key */
  isChanged(key) {
    return this.#values.has(key);
  }

  /**
   * Calls `handler(value, key)` after each change, from wherever it comes; the key "*" hears of all.
   * @param {string} key
   * @param {Handler} handler
   * @returns {() => void} ends it
   */
  on(key, handler) {
    const handlers = this.#handlers.get(key) ?? new Set();
    this.#handlers.set(key, handlers.add(handler));
    return () => void handlers.delete(handler);
  }

  /**
   * A value that another browser or another page has set; what does not suit is left out.
   * @param {string} key
   * @param {any} value null: as at first
   */
  take(key, value) {
    const definition = this.#definitions.get(key);
    if (definition === undefined) this.#early.set(key, value);
    if (definition === undefined || definition.place === "browser") return;
    const taken = value ?? definition.initial;
    if (suits(definition, taken) && !same(taken, this.get(key))) this.#put(definition, taken);
  }

  /** Reads again what another page of this browser has written. @param {string | null} name its key in localStorage */
  reread(name) {
    if (name === UNSENT) {
      this.#unsent = listed(this.#store);
    }
    if (!name?.startsWith(PREFIX)) return;
    const key = name.slice(PREFIX.length);
    const definition = this.#definitions.get(key);
    if (definition === undefined) return;
    const value = read(this.#store, name) ?? definition.initial;
    if (!suits(definition, value) || same(value, this.get(key))) return;
    this.#remember(definition, value);
    this.#tell(key);
  }

  /** Keys that were changed here and are not on the account. */
  get unsent() {
    return [...this.#unsent.keys()];
  }

  /** Who has changed it here, if that is not on their account; "" for nobody that has logged in. @param {string} key */
  ownerOf(key) {
    return this.#unsent.get(key);
  }

  /** The account has these now. @param {Iterable<string>} keys */
  sent(keys) {
    for (const key of keys) this.#mark(key, false);
  }

  /** @param {Definition} definition @param {any} value */
  #put(definition, value) {
    this.#remember(definition, value);
    try {
      const name = PREFIX + definition.key;
      if (this.#values.has(definition.key)) this.#store.setItem(name, JSON.stringify(value));
      else this.#store.removeItem(name);
    } catch (error) {
      // No room, or a browser that keeps nothing: it holds while the page is open.
      console.warn("not kept in this browser:", definition.key, error);
    }
    this.#tell(definition.key);
  }

  /** @param {Definition} definition @param {any} value */
  #remember({ key, initial }, value) {
    if (same(value, initial)) this.#values.delete(key);
    else this.#values.set(key, value);
  }

  /** @param {string} key */
  #tell(key) {
    for (const heard of [key, "*"]) {
      for (const handler of [...(this.#handlers.get(heard) ?? [])]) {
        try {
          handler(this.get(key), key);
        } catch (error) {
          console.error("settings:", key, error);
        }
      }
    }
  }

  /** @param {string} key @param {boolean} unsent */
  #mark(key, unsent) {
    if (this.#unsent.get(key) === (unsent ? this.owner : undefined)) return;
    if (unsent) this.#unsent.set(key, this.owner);
    else this.#unsent.delete(key);
    try {
      this.#store.setItem(UNSENT, JSON.stringify(Object.fromEntries(this.#unsent)));
    } catch {
      // As above.
    }
  }
}

/** @param {Store} store @param {string} name */
function read(store, name) {
  try {
    return JSON.parse(store.getItem(name) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

/** @param {Store} store @returns {Map<string, string>} */
function listed(store) {
  const found = read(store, UNSENT);
  const isList = typeof found === "object" && !Array.isArray(found);
  return new Map(isList ? Object.entries(found).map(([key, owner]) => [key, String(owner)]) : []);
}

/** @param {unknown} one @param {unknown} other */
function same(one, other) {
  return one === other || canonical(one) === canonical(other);
}

/** JSON of a value, the same for equal values: the server sorts the keys of objects. @param {unknown} value */
export function canonical(value) {
  return JSON.stringify(value, (_, part) => {
    const isObject = part !== null && typeof part === "object" && !Array.isArray(part);
    return isObject ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1))) : part;
  });
}

/** Where nothing can be kept: a browser that was told so throws at the very name. @returns {Storage | Store} */
export function browserStore() {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  }
}

/** @param {import("../main.js").Client} client */
export function install(client) {
  const settings = new Settings(browserStore());
  client.settings = settings;
  settings.on("*", (_, changed) => client.hub.tell("client:settings", { changed }));
  // Another page of this browser.
  window.addEventListener("storage", (event) => settings.reread(event.key));
}
