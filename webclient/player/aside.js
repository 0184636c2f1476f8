// Tools that somebody else has made in this browser than who is logged in now: a visitor before logging in, or another
// player whose account could not be told. They act in the name of whoever plays, so nobody gets them unasked: they are
// put aside, under the name of whom they belong to, and are there again when it is their turn. account.js asks.

import { canonical } from "./settings.js";

/** In localStorage: by the name of an account, or "" for visitors, what they have made. */
const KEY = "meadow-aside";

/** Of so many people something is kept; of others it goes, the oldest first. */
const PEOPLE = 8;

/** @typedef {{ values: Record<string, any>, declined?: boolean }} Made */
/** @typedef {import("./settings.js").Settings} Settings */

export class Aside {
  #settings;
  #store;

  /** @param {Settings} settings @param {import("./settings.js").Store} store where it is kept: localStorage */
  constructor(settings, store) {
    this.#settings = settings;
    this.#store = store;
  }

  /**
   * Somebody is here now: what others have made is put aside, and their own comes back.
   * @param {string} who name of the account, "" for somebody who has not logged in
   */
  begin(who) {
    const all = this.#read();
    for (const key of this.#keys()) {
      const owner = this.#settings.ownerOf(key);
      if (owner !== undefined && owner !== who) this.#put(all, owner, key);
    }
    this.#settings.owner = who;
    const own = all[who];
    if (own !== undefined) {
      for (const key of this.#keys()) {
        // What is there is somebody's who was here before. Of their own, the account is to be told.
        if (key in own.values || who === "") this.#settings.take(key, null);
        if (key in own.values) this.#settings.set(key, own.values[key]);
      }
      if (who !== "") delete all[who];
    }
    this.#write(all);
  }

  /** Labels of what a visitor has made, and has not said that it is nobody else's business. */
  get offered() {
    const { values = {}, declined = false } = this.#read()[""] ?? {};
    const labels = this.#settings.definitions().filter(({ key }) => key in values).map(({ label }) => label);
    return declined ? [] : labels;
  }

  /** Whoever is logged in made these as a visitor: they are added to their own. Labels of what there is no room for. */
  adopt() {
    const all = this.#read();
    const { values = {} } = all[""] ?? {};
    for (const key of this.#keys().filter((key) => key in values)) {
      const [own, made] = [this.#settings.get(key), values[key]];
      const isThere = (/** @type {unknown} */ one) => own.some((/** @type {unknown} */ other) => canonical(one) === canonical(other));
      const both = Array.isArray(own) ? [...own, ...made.filter((/** @type {unknown} */ one) => !isThere(one))] : made;
      if (this.#settings.set(key, both)) delete values[key];
    }
    if (Object.keys(values).length === 0) delete all[""];
    this.#write(all);
    return this.offered;
  }

  /** They are not to have them, and not to be asked again until there is something new. */
  decline() {
    const all = this.#read();
    if (all[""] !== undefined) all[""].declined = true;
    this.#write(all);
  }

  /** Settings that do something in the name of whoever plays. */
  #keys() {
    return this.#settings.definitions().filter(({ acts }) => acts === true).map(({ key }) => key);
  }

  /** @param {Record<string, Made>} all @param {string} owner @param {string} key */
  #put(all, owner, key) {
    const made = (all[owner] ??= { values: {} });
    const before = canonical(made.values);
    if (this.#settings.isChanged(key)) made.values[key] = this.#settings.get(key);
    else delete made.values[key];
    if (canonical(made.values) !== before) delete made.declined;
    if (Object.keys(made.values).length === 0) delete all[owner];
    this.#settings.sent([key]);
  }

  /** @returns {Record<string, Made>} */
  #read() {
    try {
      const all = JSON.parse(this.#store.getItem(KEY) ?? "{}");
      const isMade = (/** @type {any} */ made) => typeof made?.values === "object" && made.values !== null;
      return Object.fromEntries(Object.entries(all ?? {}).filter(([, made]) => isMade(made)));
    } catch {
      return {};
    }
  }

  /** @param {Record<string, Made>} all */
  #write(all) {
    try {
      const kept = Object.entries(all).slice(-PEOPLE);
      if (kept.length === 0) this.#store.removeItem(KEY);
      else this.#store.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
    } catch (error) {
      console.warn("not kept in this browser: what was put aside", error);
    }
  }
}
