// What both kinds of patterns need (pattern.js, regex.js): text without case, and what is wrong with a pattern.

/** What is wrong with a pattern, in a sentence for the player. */
export class PatternError extends Error {}

/** Code unit of a character without case, if that is one. @param {number} code */
export function fold(code) {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code;
  const lower = String.fromCharCode(code).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : code;
}

/** A line without case, as long as before. @param {string} text */
export function folded(text) {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return [...Array(text.length).keys()].map((at) => String.fromCharCode(fold(text.charCodeAt(at)))).join("");
}
