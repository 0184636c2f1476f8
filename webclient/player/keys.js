// Keys that send a command. tools.js says what to send; chords.js what keys are called, and which cannot be had.

import { chordOf, trouble } from "./chords.js";

/** @typedef {import("./model.js").Key} Key */

/** Walking with the number pad, as it lies on the compass. @type {Key[]} */
export const NUMPAD = [
  ["7", "northwest"],
  ["8", "north"],
  ["9", "northeast"],
  ["4", "west"],
  ["5", "look"],
  ["6", "east"],
  ["1", "southwest"],
  ["2", "south"],
  ["3", "southeast"],
  ["Add", "down"],
  ["Subtract", "up"],
].map(([key, send]) => ({ key: `Numpad${key}`, send, group: "Number pad" }));

/**
 * Hears the keys of the page.
 * @param {() => Key[]} keys those of the player
 * @param {(key: Key) => boolean} press does what a key is for; false if nothing can be done now
 */
export function listen(keys, press) {
  document.addEventListener(
    "keydown",
    (event) => {
      // A held key would send a hundred commands; an input method and AltGr write characters.
      if (event.repeat || event.isComposing || event.defaultPrevented || event.getModifierState("AltGraph")) return;
      if (!isFree(event.target)) return;
      const chord = chordOf(event);
      const key = chord === "" ? undefined : keys().find((one) => one.key === chord && !one.off);
      if (key === undefined || trouble(chord).never !== undefined) return;
      if (!press(key)) return;
      // Without NumLock, Numpad8 is an arrow key, too.
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
}

/** Not in a dialog, a menu, or another field than that for commands. @param {EventTarget | null} target */
function isFree(target) {
  if (document.querySelector("dialog[open]") !== null) return false;
  if (!(target instanceof Element)) return true;
  if (target.closest("[popover]") !== null) return false;
  return target.id === "line" || target.closest("input, textarea, select, [contenteditable]") === null;
}
