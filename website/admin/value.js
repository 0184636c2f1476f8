// Values of attributes as text.

import { cut } from "./format.js";

/** Most characters of a value in a list. */
const SHOWN = 400;

/**
 * A value, or so much of it as fits into a list.
 * @param {unknown} value
 */
export function valueText(value) {
  return cut(JSON.stringify(value) ?? "", SHOWN);
}

/**
 * A value, to be edited: short ones in a line, others with a line for each part.
 * @param {unknown} value
 */
export function editable(value) {
  const line = JSON.stringify(value) ?? "";
  return line.length <= 60 ? line : JSON.stringify(value, null, 2);
}
