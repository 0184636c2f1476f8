// When a line is meant: what triggers and aliases are compared with. triggers.js and aliases.js use it.
//
// | how | the line |
// |---|---|
// | `contains` | has the text somewhere |
// | `begins` | begins with the text |
// | `pattern` | is, from its beginning to its end, the text, in which `*` and `{name}` stand for anything |
// | `regex` | has a place that fits the regular expression (regex.js) |
//
// `*` may stand for nothing; `{name}` stands for at least one character. Each takes as little as it can. `\*`, `\{`
// and `\\` are the characters themselves. No line, whoever wrote it, takes longer than its length times the pattern's.

import { PatternError, folded } from "./fold.js";

export { PatternError };

/** Longest pattern, in characters. */
export const MAX_PATTERN = 500;

/** Longest line that is looked at; the rest of a longer one is left out. */
export const MAX_LINE = 4000;

/** @typedef {"contains" | "begins" | "pattern" | "regex"} How */

/**
 * What was found, by name or by number from 1; "0" is what fits, "line" all of the line, "rest" what comes behind.
 * @typedef {Map<string, string>} Found
 */

/** A part of a pattern: a text, or a place for one. @typedef {string | { name: string, least: number }} Part */

/**
 * Makes a pattern ready; throws a `PatternError` with a sentence for the player.
 * @param {string} text
 * @param {{ how?: How, cased?: boolean }} [options] cased: capitals and small letters differ
 * @returns {(line: string) => Found | null}
 */
export function pattern(text, { how = "contains", cased = false } = {}) {
  if (text.trim() === "") throw new PatternError("Here has to stand what is looked for.");
  if (text.length > MAX_PATTERN) throw new PatternError(`This is too long: ${MAX_PATTERN} characters at most.`);
  const find = { contains, begins: contains, pattern: wildcards, regex: expression }[how](text, cased, how);
  return (line) => {
    const short = line.slice(0, MAX_LINE);
    const found = find(short);
    return found === null ? null : found.set("line", short);
  };
}

/** @param {string} text @param {boolean} cased @param {How} how */
function contains(text, cased, how) {
  const wanted = cased ? text : folded(text);
  return (/** @type {string} */ line) => {
    const read = cased ? line : folded(line);
    const at = how === "contains" ? read.indexOf(wanted) : read.startsWith(wanted) ? 0 : -1;
    if (at < 0) return null;
    const end = at + wanted.length;
    return new Map([
      ["0", line.slice(at, end)],
      ["rest", line.slice(end).trim()],
    ]);
  };
}

/** Regular expressions, once somebody has one. @type {typeof import("./regex.js") | null} */
let expressions = null;

/** Loads what regular expressions need: most players have none. Without it they are no patterns. */
export async function learnRegex() {
  expressions ??= await import("./regex.js");
}

/** @param {string} text @param {boolean} cased */
function expression(text, cased) {
  if (expressions === null) throw new PatternError("Regular expressions are not loaded yet.");
  const find = expressions.regex(text, { caseless: !cased });
  return (/** @type {string} */ line) => {
    const found = find(line);
    if (found === null) return null;
    const [, all] = found.groups[0];
    return new Map([...found.groups, ["rest", line.slice(found.index + all.length).trim()]]);
  };
}

/** @param {string} text @param {boolean} cased */
function wildcards(text, cased) {
  const parts = partsOf(text).map((part) => (typeof part === "string" && !cased ? folded(part) : part));
  return (/** @type {string} */ line) => {
    const spans = places(parts, cased ? line : folded(line));
    if (spans === null) return null;
    /** @type {Found} */
    const found = new Map([["0", line]]);
    spans.forEach(({ name, from, to }, index) => {
      const value = line.slice(from, to);
      found.set(String(index + 1), value);
      if (name !== "") found.set(name, value);
    });
    return found;
  };
}

/** What a pattern with wildcards consists of. @param {string} text @returns {Part[]} */
export function partsOf(text) {
  /** @type {Part[]} */
  const parts = [];
  let plain = "";
  const place = (/** @type {string} */ name, /** @type {number} */ least) => {
    if (plain !== "") parts.push(plain);
    else if (parts.length > 0)
      throw new PatternError("Between two * or { } there has to stand something, or nobody knows where one ends.");
    plain = "";
    parts.push({ name, least });
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === "\\" && at + 1 < text.length && "\\*{".includes(text[at + 1])) plain += text[(at += 1)];
    else if (char === "*") place("", 0);
    else if (char === "{") {
      const end = text.indexOf("}", at);
      const name = end < 0 ? "" : text.slice(at + 1, end);
      if (!/^[A-Za-z_]\w{0,31}$/.test(name))
        throw new PatternError("A name in { } consists of letters, as in {who}; for the character itself write \\{.");
      if (parts.some((part) => typeof part !== "string" && part.name === name))
        throw new PatternError(`{${name}} is there twice.`);
      place(name, 1);
      at = end;
    } else plain += char;
  }
  if (plain !== "") parts.push(plain);
  return parts;
}

/**
 * Where the wildcards of a pattern are in a line. A text is taken at its first place behind the one before it: if the
 * line can be divided at all, it can be so, since what is left for the rest is then the longest.
 * @param {Part[]} parts @param {string} line
 */
function places(parts, line) {
  /** @type {{ name: string, from: number, to: number }[]} */
  const spans = [];
  let at = 0;
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    if (typeof part === "string") {
      // Only the first: the others are found with the place before them.
      if (!line.startsWith(part, at)) return null;
      at += part.length;
      continue;
    }
    const next = parts[index + 1];
    if (next === undefined) {
      if (line.length - at < part.least) return null;
      spans.push({ name: part.name, from: at, to: line.length });
      at = line.length;
    } else {
      const text = /** @type {string} */ (next);
      const isLast = index + 2 === parts.length;
      const to = isLast ? line.length - text.length : line.indexOf(text, at + part.least);
      if (to < at + part.least || !line.startsWith(text, to)) return null;
      spans.push({ name: part.name, from: at, to });
      at = to + text.length;
      index += 1;
    }
  }
  return at === line.length ? spans : null;
}
