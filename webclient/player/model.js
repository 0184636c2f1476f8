// What a trigger, an alias, a key and a timer consist of (describe.js says more of them). They are kept as short as
// they can be, since an account has not much room: whatever is as usual is left out.

import { MAX_SEND, SOUND_NAMES } from "./actions.js";
import { PatternError, partsOf, pattern } from "./pattern.js";

/**
 * What all of them have: what is sent, a group that can be switched at once, whether it is switched off.
 * @typedef {{ send?: string, group?: string, off?: true, name?: string }} Common
 */

/** @typedef {Common & { text: string, how?: import("./pattern.js").How, cased?: true, mark?: string, hide?: true,
 *   pane?: string, sound?: string, notify?: true, last?: true }} Trigger last: those behind it are not asked */
/** @typedef {Common & { text: string }} Alias */
/** @typedef {Common & { key?: string, show?: true }} Key show: as a button, which may do without a key */
/** @typedef {Common & { every: number }} Timer every: seconds */
/** @typedef {Trigger & Alias & Key & Timer} Any */

/** @typedef {"triggers" | "aliases" | "keys" | "timers"} List */

/** @type {List[]} */
export const LISTS = ["triggers", "aliases", "keys", "timers"];

/** What the lists are called. @type {Record<List, string>} */
export const LABELS = { triggers: "Triggers", aliases: "Aliases", keys: "Keys", timers: "Timers" };

/** Most of each. */
export const MAX_ITEMS = 500;

/** Longest name of one, a group or a pane. */
export const MAX_NAME = 60;

/** Shortest and longest time between two turns of a timer, in seconds. */
export const TIMER = { least: 1, most: 86_400 };

/** Colours of marked lines; player.css has them. */
export const MARKS = ["yellow", "green", "blue", "red", "purple", "bold"];

/** @typedef {Record<string, (value: any) => boolean>} Fields */

const word = (/** @type {number} */ most) => (/** @type {any} */ value) =>
  typeof value === "string" && value.length <= most;
const yes = (/** @type {any} */ value) => value === true;

/** @type {Fields} */
const COMMON = { send: word(MAX_SEND), group: word(MAX_NAME), off: yes, name: word(MAX_NAME) };

/** @type {Record<List, Fields>} */
const FIELDS = {
  triggers: {
    ...COMMON,
    text: word(2000),
    how: (value) => ["contains", "begins", "pattern", "regex"].includes(value),
    cased: yes,
    mark: (value) => MARKS.includes(value),
    hide: yes,
    pane: word(MAX_NAME),
    sound: (value) => SOUND_NAMES.includes(value),
    notify: yes,
    last: yes,
  },
  aliases: { ...COMMON, text: word(2000) },
  keys: { ...COMMON, key: word(MAX_NAME), show: yes },
  timers: { ...COMMON, every: (value) => typeof value === "number" },
};

/** One of which each needs. @type {Record<List, string[]>} */
const NEEDED = { triggers: ["text"], aliases: ["text"], keys: ["key", "show"], timers: ["every"] };

/**
 * Whether something is a list of these, wherever it comes from.
 * @param {List} list
 * @param {unknown} value
 */
export function isList(list, value) {
  return Array.isArray(value) && value.length <= MAX_ITEMS && value.every((one) => isOne(list, one));
}

/** @param {List} list @param {any} one */
export function isOne(list, one) {
  if (one === null || typeof one !== "object" || Array.isArray(one)) return false;
  if (!NEEDED[list].some((field) => Object.hasOwn(one, field))) return false;
  const fields = FIELDS[list];
  return Object.entries(one).every(([field, value]) => Object.hasOwn(fields, field) && fields[field](value));
}

/**
 * As it is kept: without what is as usual.
 * @template {Record<string, any>} T
 * @param {T} one
 * @returns {T}
 */
export function compact(one) {
  const kept = Object.entries(one).filter(([field, value]) => {
    const usual = value === "" || value === false || value === undefined || (field === "how" && value === "contains");
    return !usual;
  });
  return /** @type {T} */ (Object.fromEntries(kept));
}

/** An alias is a pattern with wildcards, which begins with something else. @param {string} text */
export function aliasPattern(text) {
  const find = pattern(text.trim(), { how: "pattern" });
  if (typeof partsOf(text.trim())[0] !== "string") throw new PatternError("Begin with a word, as in k *.");
  return find;
}
