// Reads a regular expression of a player's; regex.js says what is known, and walks it.

import { PatternError } from "./fold.js";

/** Deepest groups in groups. */
const MAX_DEPTH = 50;

/** A place in the line where one can be. @typedef {"^" | "$" | "b" | "B"} Where */

/** Which characters are meant: one, or those for which it holds. @typedef {number | ((code: number) => boolean)} Has */

/** @typedef {{ kind: "one", has: Has, not?: boolean } | { kind: "at", where: Where }} Leaf a character, or a place */

/** @typedef {{ kind: "all", parts: Tree[] } | { kind: "any", parts: Tree[] }} Several one after the other, or any */

/** @typedef {{ kind: "group", index: number, part: Tree }} Group */

/** @typedef {{ kind: "repeat", part: Tree, least: number, most: number, lazy: boolean }} Repeat */

/** What an expression consists of. @typedef {Leaf | Several | Group | Repeat} Tree */

const isDigit = (/** @type {number} */ code) => code >= 48 && code <= 57;
const isSpace = (/** @type {number} */ code) => /\s/.test(String.fromCharCode(code));
/** Letters of all languages: names have them. */
export const isWord = (/** @type {number} */ code) => /[\p{L}\p{N}_]/u.test(String.fromCharCode(code));

/** @type {Record<string, (code: number) => boolean>} */
const CLASSES = {
  d: isDigit,
  D: (code) => !isDigit(code),
  s: isSpace,
  S: (code) => !isSpace(code),
  w: isWord,
  W: (code) => !isWord(code),
};

/** @type {Record<string, number>} */
const CONTROLS = { t: 9, n: 10, r: 13, f: 12, v: 11, 0: 0 };

export class Parser {
  #text;
  #at = 0;
  #depth = 0;
  /** Names of the groups, by number; "" for those without. */
  names = [""];

  /** @param {string} text */
  constructor(text) {
    this.#text = text;
  }

  /** @returns {Tree} */
  whole() {
    const tree = this.#any();
    if (this.#at < this.#text.length) throw new PatternError("There is a ) without its (.");
    return tree;
  }

  /** @returns {Tree} */
  #any() {
    if ((this.#depth += 1) > MAX_DEPTH) throw new PatternError("There are too many groups in groups.");
    const parts = [this.#all()];
    while (this.#take("|")) parts.push(this.#all());
    this.#depth -= 1;
    return parts.length === 1 ? parts[0] : { kind: "any", parts };
  }

  /** @returns {Tree} */
  #all() {
    const parts = [];
    while (this.#at < this.#text.length && !"|)".includes(this.#text[this.#at])) parts.push(this.#repeated());
    return { kind: "all", parts };
  }

  /** @returns {Tree} */
  #repeated() {
    let part = this.#one();
    for (;;) {
      const counts = this.#counts();
      if (counts === null) return part;
      if (part.kind === "at" || part.kind === "repeat")
        throw new PatternError("There is nothing before * + ? or { } to repeat.");
      part = { kind: "repeat", part, least: counts[0], most: counts[1], lazy: this.#take("?") };
    }
  }

  /** @returns {[number, number] | null} */
  #counts() {
    if (this.#take("*")) return [0, Infinity];
    if (this.#take("+")) return [1, Infinity];
    if (this.#take("?")) return [0, 1];
    const found = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#text.slice(this.#at, this.#at + 12));
    if (found === null) return null;
    this.#at += found[0].length;
    const least = Number(found[1]);
    const most = found[2] === undefined ? least : found[3] === "" ? Infinity : Number(found[3]);
    if (most < least) throw new PatternError(`In ${found[0]} the smaller number comes first.`);
    return [least, most];
  }

  /** @returns {Tree} */
  #one() {
    const char = this.#text[this.#at++];
    if (char === "(") return this.#group();
    if (char === "[") return this.#set();
    if (char === ".") return { kind: "one", has: (code) => code !== 10 };
    if (char === "^" || char === "$") return { kind: "at", where: char };
    if (char === "\\") return this.#escaped();
    if ("*+?".includes(char)) throw new PatternError(`There is nothing before ${char} to repeat.`);
    return { kind: "one", has: char.charCodeAt(0) };
  }

  /** @returns {Tree} */
  #group() {
    if (this.#text.startsWith("?:", this.#at)) {
      this.#at += 2;
      return this.#closed(this.#any());
    }
    const named = /^\?<([A-Za-z_]\w{0,31})>/.exec(this.#text.slice(this.#at, this.#at + 40));
    if (named !== null) this.#at += named[0].length;
    else if (this.#text[this.#at] === "?")
      throw new PatternError("(? is only known as (?: ) and (?<name> ): there is no looking around.");
    const index = this.names.push(named?.[1] ?? "") - 1;
    return { kind: "group", index, part: this.#closed(this.#any()) };
  }

  /** @param {Tree} tree */
  #closed(tree) {
    if (!this.#take(")")) throw new PatternError("There is a ( without its ).");
    return tree;
  }

  /** @returns {Tree} */
  #escaped() {
    const char = this.#text[this.#at];
    if (char === "b" || char === "B") {
      this.#at += 1;
      return { kind: "at", where: char };
    }
    return { kind: "one", has: this.#escape() };
  }

  /** What stands behind a backslash. @returns {((code: number) => boolean) | number} */
  #escape() {
    const char = this.#text[this.#at++];
    if (char === undefined) throw new PatternError("There is nothing behind the last \\.");
    if (char in CLASSES) return CLASSES[char];
    if (char in CONTROLS) return CONTROLS[char];
    const hex = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i.exec(this.#text.slice(this.#at - 1, this.#at + 4));
    if (hex !== null) {
      this.#at += hex[0].length - 1;
      return parseInt(hex[1] ?? hex[2], 16);
    }
    if (/[1-9k]/.test(char)) throw new PatternError("What was found before cannot be asked for again (no \\1).");
    if (/[A-Za-z]/.test(char)) throw new PatternError(`\\${char} is not known.`);
    return char.charCodeAt(0);
  }

  /** The inside of [ ]. @returns {Tree} */
  #set() {
    const not = this.#take("^");
    /** @type {((code: number) => boolean)[]} */
    const has = [];
    while (!this.#take("]")) {
      if (this.#at >= this.#text.length) throw new PatternError("There is a [ without its ].");
      const first = this.#member();
      if (typeof first === "function") {
        has.push(first);
        continue;
      }
      let last = first;
      if (this.#text[this.#at] === "-" && this.#text[this.#at + 1] !== "]" && this.#at + 1 < this.#text.length) {
        this.#at += 1;
        const member = this.#member();
        if (typeof member === "function" || member < first)
          throw new PatternError("In [ ] the smaller character comes before the -.");
        last = member;
      }
      has.push((code) => code >= first && code <= last);
    }
    return { kind: "one", has: (code) => has.some((one) => one(code)), not };
  }

  #member() {
    const char = this.#text[this.#at++];
    if (char !== "\\") return char.charCodeAt(0);
    if (this.#text[this.#at] !== "b") return this.#escape();
    this.#at += 1;
    return 8;
  }

  /** @param {string} char */
  #take(char) {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }
}
