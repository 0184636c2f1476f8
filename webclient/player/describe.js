// What the editor says of a trigger, an alias, a key and a timer: what is wrong with it, its name, and what it does.

import { MAX_COMMANDS, MAX_SEND, divide } from "./actions.js";
import { labelOf, trouble } from "./chords.js";
import { TIMER, aliasPattern } from "./model.js";
import { PatternError, pattern } from "./pattern.js";

/** @typedef {import("./model.js").Any} Any */
/** @typedef {import("./model.js").List} List */

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
    const never = one.key ? trouble(one.key).never : undefined;
    if (!one.key && !one.show) wrong.key = "Press the key that is meant, or show it as a button.";
    else if (never !== undefined) wrong.key = never;
  }
  if (list === "timers" && !(one.every >= TIMER.least && one.every <= TIMER.most)) {
    wrong.every = `This has to be a number from ${TIMER.least} to ${TIMER.most}.`;
  }
  return wrong;
}

/** What one is called in a list. @param {List} list @param {Any} one */
export function titleOf(list, one) {
  if (one.name) return one.name;
  if (list === "timers") return `Every ${one.every} s`;
  if (list !== "keys") return one.text;
  return one.key ? labelOf(one.key) : (one.send ?? "");
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
