// What a trigger, an alias, a key and a timer consist of, and what is wrong with one. They are kept as short as they
// can be, since an account has not much room: whatever is as usual is left out.

import { MAX_COMMANDS, MAX_SEND, SOUND_NAMES, divide } from "./actions.js";
import { labelOf, trouble } from "./chords.js";
import { PatternError, partsOf, pattern } from "./pattern.js";

/**
 * What all of them have: what is sent, a group that can be switched at once, whether it is switched off.
 * @typedef {{ send?: string, group?: string, off?: true, name?: string }} Common
 */

/** @typedef {Common & { text: string, how?: import("./pattern.js").How, cased?: true, mark?: string, hide?: true,
 *   pane?: string, sound?: string, notify?: true, last?: true }} Trigger last: those behind it are not asked */
/** @typedef {Common & { text: string }} Alias */
/** @typedef {Common & { key: string, show?: true }} Key show: as a button; then it may do without a key, which is "" */
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

/** What one of each cannot be without. @type {Record<List, string>} */
const NEEDED = { triggers: "text", aliases: "text", keys: "key", timers: "every" };

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
  if (one === null || typeof one !== "object" || Array.isArray(one) || !(NEEDED[list] in one)) return false;
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

/**
 * What is wrong with one, as sentences by field; none if it can be used.
 * @param {List} list
 * @param {Any} one
 * @param {string} divider of commands
 * @returns {Record<string, string>}
 */
export function faults(list, one, divider) {
  /** @type {Record<string, string>} */
  const wrong = {};
  if (list === "triggers" || list === "aliases") {
    try {
      if (list === "triggers") pattern(one.text, one);
      else aliasPattern(one.text);
    } catch (error) {
      wrong.text = error instanceof PatternError ? error.message : String(error);
    }
  }
  const isSilent = list === "triggers" && (one.mark || one.hide || one.pane || one.sound || one.notify || one.last);
  const lines = (one.send ?? "").split("\n").flatMap((line) => divide(line, divider));
  if (lines.length === 0 && !isSilent) {
    wrong.send = list === "triggers" ? "Say what it does: at least one thing." : "Say which commands are sent.";
  } else if ((one.send ?? "").length > MAX_SEND) {
    wrong.send = `This is too long: ${MAX_SEND} characters at most.`;
  } else if (lines.length > MAX_COMMANDS) {
    wrong.send = `These are too many commands: ${MAX_COMMANDS} at most.`;
  }
  if (list === "keys") {
    const never = one.key === "" ? undefined : trouble(one.key).never;
    if (one.key === "" && !one.show) wrong.key = "Press the key that is meant, or show it as a button.";
    else if (never !== undefined) wrong.key = never;
  }
  if (list === "timers" && !(one.every >= TIMER.least && one.every <= TIMER.most)) {
    wrong.every = `This has to be a number from ${TIMER.least} to ${TIMER.most}.`;
  }
  return wrong;
}

/** An alias is a pattern with wildcards, which begins with something else. @param {string} text */
export function aliasPattern(text) {
  const find = pattern(text.trim(), { how: "pattern" });
  if (typeof partsOf(text.trim())[0] !== "string") throw new PatternError("Begin with a word, as in k *.");
  return find;
}

/** What one is called in a list. @param {List} list @param {Any} one */
export function titleOf(list, one) {
  if (one.name) return one.name;
  if (list === "timers") return `Every ${one.every} s`;
  if (list !== "keys") return one.text;
  return one.key === "" ? (one.send ?? "") : labelOf(one.key);
}

/** What one does, in short. @param {Any} one */
export function does(one) {
  const parts = [];
  if (one.send) parts.push(`sends ${one.send.split("\n").join("; ")}`);
  if (one.mark) parts.push(`marks ${one.mark}`);
  if (one.show) parts.push("has a button");
  if (one.hide) parts.push("hides");
  if (one.pane) parts.push(`shows in ${one.pane}`);
  if (one.sound) parts.push(`plays ${one.sound}`);
  if (one.notify) parts.push("tells you");
  if (one.group) parts.push(`group ${one.group}`);
  return parts.join(", ");
}
