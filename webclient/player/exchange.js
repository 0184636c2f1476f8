// Settings as a file: what a player saves, takes to another browser or another game, and gives to others. The
// settings dialog writes everything; the editor of triggers only its own lists.

/** What says that a file is ours. */
const FORMAT = "meadow-settings";

/** Longest file that is read, in bytes. */
export const LONGEST = 4 * 1024 * 1024;

/** @typedef {import("./settings.js").Settings} Settings */

/**
 * The text of a file with these settings; without `keys`, all that are set to something else than at first.
 * @param {Settings} settings
 * @param {string[]} [keys]
 */
export function write(settings, keys) {
  const chosen = keys ?? settings.definitions().map((one) => one.key);
  const changed = chosen.filter((key) => settings.isChanged(key));
  const values = Object.fromEntries(changed.map((key) => [key, settings.get(key)]));
  return `${JSON.stringify({ format: FORMAT, version: 1, settings: values }, null, 1)}\n`;
}

/**
 * What stands in a file; it throws an Error with a sentence for the player when it is no such file.
 * @param {string} text
 * @returns {Record<string, any>}
 */
export function read(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error("This is not a file of settings: it is not JSON.");
  }
  const right = file !== null && typeof file === "object" && file.format === FORMAT;
  if (!right || file.settings === null || typeof file.settings !== "object" || Array.isArray(file.settings)) {
    throw new Error("This is not a file of settings of this client.");
  }
  if (file.version !== 1) throw new Error("This file is of a newer client.");
  return file.settings;
}

/**
 * Sets what a file says; what is not in it stays as it is. Says what was set, and what is not known or does not suit.
 * @param {Settings} settings
 * @param {Record<string, any>} values
 * @returns {{ taken: string[], refused: string[] }}
 */
export function take(settings, values) {
  /** @type {string[]} */
  const taken = [];
  /** @type {string[]} */
  const refused = [];
  for (const [key, value] of Object.entries(values)) (settings.set(key, value) ? taken : refused).push(key);
  return { taken, refused };
}
