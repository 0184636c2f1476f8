// What the player wants to happen when the game says something. tools.js hands them each line before it is shown,
// and does what they ask for.

import { commands } from "./actions.js";
import { pattern } from "./pattern.js";
import { linesOf, rewrite } from "./rewrite.js";

/** How lines are marked, as classes of game text; both colours, for every theme. @type {Record<string, string>} */
export const MARK_CLASSES = {
  yellow: "bgcolor-228 color-016",
  green: "bgcolor-157 color-016",
  blue: "bgcolor-153 color-016",
  red: "bgcolor-217 color-016",
  purple: "bgcolor-183 color-016",
  bold: "underline",
};

/** Most lines of one piece that are looked at. */
const MAX_LINES = 200;

/** @typedef {import("./model.js").Trigger} Trigger */

/**
 * What is to be done after a piece of text.
 * @typedef {object} Outcome
 * @property {boolean} hide nothing of it is left
 * @property {string} [html] what it has become, if it has changed
 * @property {string} [pane] where it goes
 * @property {{ lines: string[], by: string }[]} send commands, and which trigger wants them
 * @property {string[]} sounds
 * @property {string[]} notices lines to be shown outside of the page
 */

export class Triggers {
  /** @type {{ trigger: Trigger, find: (line: string) => import("./pattern.js").Found | null }[]} */
  #ready = [];

  /**
   * Takes these from now on; those that are switched off or cannot be read are left out.
   * @param {Trigger[]} triggers
   */
  use(triggers) {
    this.#ready = [];
    for (const trigger of triggers) {
      if (trigger.off) continue;
      try {
        this.#ready.push({ trigger, find: pattern(trigger.text, trigger) });
      } catch (error) {
        console.warn("a trigger:", trigger.text, error);
      }
    }
  }

  /**
   * Those that mean a line, in order, with what they have found.
   * @param {string} line
   */
  of(line) {
    const fired = [];
    for (const { trigger, find } of this.#ready) {
      const found = find(line);
      if (found === null) continue;
      fired.push({ trigger, found });
      if (trigger.last) break;
    }
    return fired;
  }

  /**
   * What is to be done about a piece of text; null if none means it.
   * @param {string} html
   * @param {string} divider of commands
   * @returns {Outcome | null}
   */
  about(html, divider) {
    if (this.#ready.length === 0) return null;
    const lines = linesOf(html);
    /** @type {Outcome} */
    const outcome = { hide: false, send: [], sounds: [], notices: [] };
    /** @type {import("./rewrite.js").Change[]} */
    const changes = [];
    let hasFired = false;
    lines.slice(0, MAX_LINES).forEach((line, index) => {
      if (line.trim() === "") return;
      for (const { trigger, found } of this.of(line)) {
        hasFired = true;
        if (trigger.hide) changes[index] = "drop";
        else if (trigger.mark && changes[index] !== "drop")
          changes[index] = { classes: MARK_CLASSES[trigger.mark] ?? "" };
        if (trigger.pane) outcome.pane ??= trigger.pane;
        if (trigger.sound) outcome.sounds.push(trigger.sound);
        if (trigger.notify) outcome.notices.push(line.trim());
        if (trigger.send)
          outcome.send.push({ lines: commands(trigger.send, found, divider), by: trigger.name || trigger.text });
      }
    });
    if (!hasFired) return null;
    outcome.hide = lines.every((line, index) => changes[index] === "drop" || line.trim() === "") && changes.length > 0;
    if (!outcome.hide && changes.length > 0) outcome.html = rewrite(html, changes);
    return outcome;
  }
}
