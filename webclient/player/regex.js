// Regular expressions whose time grows only with the length of the line, whatever the expression: those of the
// browser can take years for a line that somebody has written for it, and would freeze the page. pattern.js uses it.
//
// All ways through the expression are walked at once, one character at a time (Thompson 1968, with captures as in
// Pike's `sam`). So there are no back references and no looking around. The rest is as in JavaScript: `.` `[a-z]`
// `\d \w \s \b` `^ $` `( )` `(?: )` `(?<name> )` `|` `* + ? {2,5}`, and `?` behind these for as few as possible.

import { PatternError, fold, folded } from "./fold.js";
import { Parser, isWord } from "./regex-parse.js";
import { screen } from "./regex-screen.js";

/** Most steps of a program: `{1,1000}` writes what it repeats out. */
const MAX_STEPS = 3000;

/**
 * @typedef {{ op: "char", code: number } | { op: "set", has: (code: number) => boolean }
 *   | { op: "split", first: number, second: number } | { op: "jump", to: number } | { op: "save", slot: number }
 *   | { op: "at", where: import("./regex-parse.js").Where } | { op: "done" }} Step
 */

/** @typedef {import("./regex-parse.js").Tree} Tree */

/** Code unit of a capital. @param {number} code */
function raised(code) {
  return String.fromCharCode(code).toUpperCase().charCodeAt(0);
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
        if (index === part.parts.length - 1) return (write(one), -1);
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

/** The longest text that every line has that fits: most lines are sorted out by it. @param {Tree} tree */
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
  const mayFit = screen(steps);
  return (line) => {
    const read = caseless ? folded(line) : line;
    if ((needed !== "" && !read.includes(needed)) || mayFit?.(read) === false) return null;
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

/**
 * Walks all ways at once; the slots say where each group begins and ends.
 * @param {Step[]} steps
 * @param {string} line
 */
function walk(steps, line) {
  /** When a step was last reached: each once a character, the preferred way first. */
  const reached = new Int32Array(steps.length).fill(-1);
  /** @type {Thread[]} */
  let now = [];
  /** @type {number[] | null} */
  let found = null;
  const follow = (
    /** @type {Thread[]} */ threads,
    /** @type {number} */ from,
    /** @type {number[]} */ given,
    /** @type {number} */ at,
  ) => {
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

/** @param {import("./regex-parse.js").Where} where @param {string} line @param {number} at */
function holds(where, line, at) {
  if (where === "^") return at === 0;
  if (where === "$") return at === line.length;
  const before = at > 0 && isWord(line.charCodeAt(at - 1));
  const after = at < line.length && isWord(line.charCodeAt(at));
  return (before !== after) === (where === "b");
}
