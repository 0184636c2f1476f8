// Regular expressions whose time grows only with the length of the line, whatever the expression: those of the
// browser can take years for a line that somebody has written for it, and would freeze the page. pattern.js uses it.
//
// All ways through the expression are walked at once, one character at a time (Thompson 1968, with captures as in
// Pike's `sam`). So there are no back references and no looking around. The rest is as in JavaScript: `.` `[a-z]` `\d \w \s \b`
// `^ $` `( )` `(?: )` `(?<name> )` `|` `* + ? {2,5}`, and `?` behind these for as few as possible.

/** Most steps of a program: `{1,1000}` writes what it repeats out. */
const MAX_STEPS = 3000;

/** Deepest groups in groups. */
const MAX_DEPTH = 50;

/** What is wrong with an expression, in a sentence for the player. */
export class PatternError extends Error {}

/**
 * @typedef {{ op: "char", code: number } | { op: "set", has: (code: number) => boolean }
 *   | { op: "split", first: number, second: number } | { op: "jump", to: number } | { op: "save", slot: number }
 *   | { op: "at", where: "^" | "$" | "b" | "B" } | { op: "done" }} Step
 */

/**
 * @typedef {{ kind: "one", has: ((code: number) => boolean) | number, not?: boolean } | { kind: "at", where: "^" | "$" | "b" | "B" }
 *   | { kind: "all", parts: Tree[] } | { kind: "any", parts: Tree[] } | { kind: "group", index: number, part: Tree }
 *   | { kind: "repeat", part: Tree, least: number, most: number, lazy: boolean }} Tree
 */

/** Code unit of a character without case, if that is one. @param {number} code */
function fold(code) {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code;
  const lower = String.fromCharCode(code).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : code;
}

/** Code unit of a capital. @param {number} code */
function raised(code) {
  return String.fromCharCode(code).toUpperCase().charCodeAt(0);
}

/** A line without case, as long as before. @param {string} text */
export function folded(text) {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return [...Array(text.length).keys()].map((at) => String.fromCharCode(fold(text.charCodeAt(at)))).join("");
}

const isDigit = (/** @type {number} */ code) => code >= 48 && code <= 57;
const isSpace = (/** @type {number} */ code) => /\s/.test(String.fromCharCode(code));
/** Letters of all languages: names have them. */
const isWord = (/** @type {number} */ code) => /[\p{L}\p{N}_]/u.test(String.fromCharCode(code));

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

class Parser {
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
      if (part.kind === "at" || part.kind === "repeat") throw new PatternError("There is nothing before * + ? or { } to repeat.");
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
    else if (this.#text[this.#at] === "?") throw new PatternError("(? is only known as (?: ) and (?<name> ): there is no looking around.");
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
        if (typeof member === "function" || member < first) throw new PatternError("In [ ] the smaller character comes before the -.");
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

/** @param {Tree} tree @param {boolean} caseless @returns {Step[]} */
function program(tree, caseless) {
  /** @type {Step[]} */
  const steps = [];
  const add = (/** @type {Step} */ step) => {
    if (steps.length >= MAX_STEPS) throw new PatternError("This is too long, or repeats too much.");
    return steps.push(step) - 1;
  };
  const single = (/** @type {Extract<Tree, { kind: "one" }>} */ { has, not = false }) => {
    if (typeof has === "number") add({ op: "char", code: caseless ? fold(has) : has });
    else if (!caseless) add({ op: "set", has: (code) => has(code) !== not });
    else add({ op: "set", has: (code) => (has(code) || has(raised(code))) !== not });
  };
  /** One way or the other; the first is the one that is preferred. @param {boolean} lazy */
  const fork = (lazy) => {
    const at = add({ op: "split", first: 0, second: 0 });
    const step = /** @type {Extract<Step, { op: "split" }>} */ (steps[at]);
    const [into, past] = lazy ? /** @type {const} */ (["second", "first"]) : /** @type {const} */ (["first", "second"]);
    step[into] = at + 1;
    return { at, end: () => (step[past] = steps.length) };
  };
  const write = (/** @type {Tree} */ part) => {
    if (part.kind === "one") single(part);
    else if (part.kind === "at") add({ op: "at", where: part.where });
    else if (part.kind === "all") part.parts.forEach(write);
    else if (part.kind === "group") {
      add({ op: "save", slot: 2 * part.index });
      write(part.part);
      add({ op: "save", slot: 2 * part.index + 1 });
    } else if (part.kind === "any") {
      const ends = part.parts.map((one, index) => {
        if (index === part.parts.length - 1) return write(one), -1;
        const branch = fork(false);
        write(one);
        const end = add({ op: "jump", to: 0 });
        branch.end();
        return end;
      });
      for (const end of ends) if (end >= 0) steps[end] = { op: "jump", to: steps.length };
    } else {
      for (let times = 0; times < part.least; times += 1) write(part.part);
      if (part.most === Infinity) {
        const loop = fork(part.lazy);
        write(part.part);
        add({ op: "jump", to: loop.at });
        loop.end();
      } else {
        const optional = [];
        for (let times = part.least; times < part.most; times += 1) {
          optional.push(fork(part.lazy));
          write(part.part);
        }
        optional.forEach((one) => one.end());
      }
    }
  };
  write(tree);
  add({ op: "done" });
  return steps;
}

/** The longest text that has to stand in every line that matches: most lines are sorted out by it. @param {Tree} tree */
function required(tree) {
  const parts = tree.kind === "all" ? tree.parts : [tree];
  let best = "";
  let run = "";
  for (const part of parts) {
    run = part.kind === "one" && typeof part.has === "number" ? run + String.fromCharCode(part.has) : "";
    if (run.length > best.length) best = run;
  }
  return best;
}

/**
 * Makes an expression ready; throws a `PatternError`.
 * @param {string} text
 * @param {{ caseless?: boolean }} [options]
 * @returns {(line: string) => { index: number, groups: [name: string, value: string][] } | null} finds the first
 *   place in a line; the groups are named by their names, or numbers; "0" is all of it
 */
export function regex(text, { caseless = false } = {}) {
  const parser = new Parser(text);
  const tree = parser.whole();
  const steps = program(tree, caseless);
  const needed = caseless ? folded(required(tree)) : required(tree);
  return (line) => {
    const read = caseless ? folded(line) : line;
    if (needed !== "" && !read.includes(needed)) return null;
    const slots = walk(steps, read);
    if (slots === null) return null;
    /** @type {[string, string][]} */
    const groups = [["0", line.slice(slots[0], slots[1])]];
    for (let group = 1; group < parser.names.length; group += 1) {
      const [start, end] = [slots[2 * group], slots[2 * group + 1]];
      const value = start === undefined || end === undefined ? "" : line.slice(start, end);
      groups.push([String(group), value]);
      if (parser.names[group] !== "") groups.push([parser.names[group], value]);
    }
    return { index: slots[0], groups };
  };
}

/** @typedef {{ pc: number, slots: number[] }} Thread */

/** Walks all ways at once; the slots say where each group begins and ends. @param {Step[]} steps @param {string} line */
function walk(steps, line) {
  /** When a step was last reached: each once a character, the preferred way first. */
  const reached = new Int32Array(steps.length).fill(-1);
  /** @type {Thread[]} */
  let now = [];
  /** @type {number[] | null} */
  let found = null;
  const follow = (/** @type {Thread[]} */ threads, /** @type {number} */ from, /** @type {number[]} */ given, /** @type {number} */ at) => {
    /** @type {Thread[]} */
    const stack = [{ pc: from, slots: given }];
    for (let thread = stack.pop(); thread !== undefined; thread = stack.pop()) {
      const { pc, slots } = thread;
      if (reached[pc] === at) continue;
      reached[pc] = at;
      const step = steps[pc];
      if (step.op === "jump") stack.push({ pc: step.to, slots });
      else if (step.op === "split") stack.push({ pc: step.second, slots }, { pc: step.first, slots });
      else if (step.op === "save") {
        const saved = slots.slice();
        saved[step.slot] = at;
        stack.push({ pc: pc + 1, slots: saved });
      } else if (step.op === "at") {
        if (holds(step.where, line, at)) stack.push({ pc: pc + 1, slots });
      } else threads.push(thread);
    }
  };
  for (let at = 0; at <= line.length; at += 1) {
    // A new way begins at each place until one has come to its end.
    if (found === null) follow(now, 0, [at], at);
    const code = at < line.length ? line.charCodeAt(at) : -1;
    /** @type {Thread[]} */
    const next = [];
    for (const { pc, slots } of now) {
      const step = steps[pc];
      if (step.op === "done") {
        found = slots.slice();
        found[1] = at;
        break;
      }
      if (code < 0) continue;
      const fits = step.op === "char" ? step.code === code : step.op === "set" && step.has(code);
      if (fits) follow(next, pc + 1, slots, at + 1);
    }
    now = next;
    if (found !== null && now.length === 0) break;
  }
  return found;
}

/** @param {"^" | "$" | "b" | "B"} where @param {string} line @param {number} at */
function holds(where, line, at) {
  if (where === "^") return at === 0;
  if (where === "$") return at === line.length;
  const before = at > 0 && isWord(line.charCodeAt(at - 1));
  const after = at < line.length && isWord(line.charCodeAt(at));
  return (before !== after) === (where === "b");
}
