// The settings on the player's account (inputfunc `webclient_options`), so that they are the same in every browser.
//
// On login the account's value counts, unless the setting was changed in this browser while it could not be told.
// What other clients keep there (Evennia's own gagprompt, helppopup ..) is never touched: ours have "meadow." in front.

import { canonical } from "./settings.js";

/** In front of our names, among those of other clients. */
const PREFIX = "meadow.";

/** How much an account keeps, in bytes of JSON of all its options; a little below what the server says. */
export const LIMIT = 16 * 1024 - 64;

/** How long changes are gathered, in milliseconds: a slider makes many. */
const GATHER = 400;

/** How long the account may take to say that it has a value before it is sent again, in milliseconds. */
const PATIENCE = 10_000;

/** @typedef {import("./settings.js").Settings} Settings */

/**
 * @typedef {object} Ways
 * @property {(kwargs: Record<string, any>) => boolean} send sends the message `webclient_options`
 * @property {(labels: string[]) => void} full these settings do not fit on the account
 * @property {(labels: string[]) => void} [offer] these were made by a visitor, and may be theirs
 */

export class Account {
  #settings;
  #ways;
  #aside;
  /** Whose it is; undefined where that is not known, as of a session that goes on. @type {string | undefined} */
  #who;
  /** What the account has, ours and others'; null before it has answered. @type {Record<string, any> | null} */
  #has = null;
  /** What was sent last and may still come back, with when. @type {Map<string, { json: string, at: number }>} */
  #sent = new Map();
  /** Keys that the player was told of. @type {Set<string>} */
  #tooLarge = new Set();
  /** Somebody is logged in, whose settings are wanted. */
  #isAsking = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #gathering;

  /**
   * @param {Settings} settings
   * @param {Ways} ways
   * @param {Pick<import("./aside.js").Aside, "begin" | "offered"> | null} [aside] what others have made in this browser
   */
  constructor(settings, ways, aside = null) {
    this.#settings = settings;
    this.#ways = ways;
    this.#aside = aside;
    settings.on("*", () => this.#soon());
  }

  /** Somebody has logged in: asks what is set. @param {string} [who] name of the account */
  ask(who) {
    this.#who = who;
    this.#has = null;
    this.#sent.clear();
    this.#isAsking = true;
    this.#ways.send({});
  }

  /** There is a connection again. A page that was loaded anew knows of the login before it has one. */
  again() {
    if (this.#isAsking && this.#has === null) this.#ways.send({});
  }

  /** The session is over. */
  leave() {
    this.#has = null;
    this.#isAsking = false;
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
  }

  /** How much of the account's room is used, in bytes; null while that is not known. */
  get used() {
    return this.#has === null ? null : size({ ...this.#has, ...this.#ours(this.#settings.unsent) });
  }

  /** Labels of the settings that do not fit on the account, and stay in this browser. */
  get tooLarge() {
    return this.#labels([...this.#tooLarge]);
  }

  /** What the account has: the answer, or another browser has changed it. @param {Record<string, any>} options */
  received(options) {
    const isFirst = this.#has === null;
    if (isFirst && this.#who !== undefined) this.#aside?.begin(this.#who);
    const unsent = new Set(this.#settings.unsent);
    if (isFirst) this.#clear(options, unsent);
    this.#has = { ...this.#has, ...options };
    for (const [name, value] of Object.entries(options)) {
      if (!name.startsWith(PREFIX)) continue;
      const key = name.slice(PREFIX.length);
      const sent = this.#sent.get(key);
      if (sent !== undefined && sent.json === canonical(value)) {
        this.#sent.delete(key);
        // Unless it has been changed again meanwhile.
        if (sent.json === this.#now(key)) this.#settings.sent([key]);
      } else if (!unsent.has(key)) {
        this.#settings.take(key, value);
      }
    }
    this.#soon();
    if (isFirst && this.#aside !== null && this.#aside.offered.length > 0) this.#ways.offer?.(this.#aside.offered);
  }

  /** Tells the account now what was changed here: the page may be about to go. */
  flush() {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (this.#has === null) return;
    const keys = this.#fitting(this.#due());
    if (keys.length === 0) return;
    for (const key of keys) this.#sent.set(key, { json: this.#now(key), at: Date.now() });
    if (!this.#ways.send(this.#ours(keys))) keys.forEach((key) => this.#sent.delete(key));
  }

  /**
   * What is set here and not on the account was set on another one, whose player sat here before: their triggers must
   * not act for this one.
   * @param {Record<string, any>} options @param {Set<string>} unsent
   */
  #clear(options, unsent) {
    for (const { key } of this.#settings.definitions()) {
      const isKept = unsent.has(key) || !this.#settings.isChanged(key) || PREFIX + key in options;
      if (!isKept) this.#settings.take(key, null);
    }
  }

  /** Keys that are to be sent, and are not on their way. */
  #due() {
    return this.#settings.unsent.filter((key) => {
      const sent = this.#sent.get(key);
      return sent === undefined || sent.json !== this.#now(key) || Date.now() - sent.at > PATIENCE;
    });
  }

  #soon() {
    if (this.#has === null || this.#due().length === 0) return;
    this.#gathering ??= setTimeout(() => this.flush(), GATHER);
  }

  /** What is sent for a key, to be compared. @param {string} key */
  #now(key) {
    return canonical(this.#ours([key])[PREFIX + key]);
  }

  /**
   * As they are sent: null for what is as at first.
   * @param {string[]} keys
   * @returns {Record<string, any>}
   */
  #ours(keys) {
    const value = (/** @type {string} */ key) => (this.#settings.isChanged(key) ? this.#settings.get(key) : null);
    return Object.fromEntries(keys.map((key) => [PREFIX + key, value(key)]));
  }

  /**
   * Those for which there is room. The largest stay here; what they were on the account stays, too.
   * @param {string[]} keys
   */
  #fitting(keys) {
    const fitting = [...keys].sort((one, other) => size(this.#ours([one])) - size(this.#ours([other])));
    const large = [];
    while (fitting.length > 0 && size({ ...this.#has, ...this.#ours(fitting) }) > LIMIT) {
      large.push(/** @type {string} */ (fitting.pop()));
    }
    const fresh = large.filter((key) => !this.#tooLarge.has(key));
    this.#tooLarge = new Set(large);
    if (fresh.length > 0) this.#ways.full(this.#labels(fresh));
    return fitting;
  }

  /** @param {string[]} keys */
  #labels(keys) {
    const definitions = new Map(this.#settings.definitions().map((one) => [one.key, one.label]));
    return keys.map((key) => definitions.get(key) ?? key);
  }
}

/** Bytes of JSON. @param {unknown} value */
function size(value) {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
