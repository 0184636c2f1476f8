// How much of what the game says can be heard: a few dozen lines at once, and in a flood of them only so many as anybody
// can listen to. Plain data, for announce.js.

/** Lines said at once. */
const MOST = 30;

/** Lines a second that may follow; nobody hears more. */
const PER_SECOND = 3;

/** So many letters count as a line. */
const LONG = 100;

/** How long lines are gathered, in milliseconds: what comes together is said together; and in a flood. */
const GATHER = { usual: 150, flood: 2_000 };

/** Most lines that wait; of a flood the newest are said. */
const WAITING = 500;

/** Something to say: a letter or a digit of any script. */
const SAYING = /[\p{L}\p{N}]/u;

/** A line that has an end of its own. */
const ENDED = /[.!?…:;,。！？：；，、—–-]["'”’»)\]]*$/u;

/** What may go on with the line before, if that was as long as a line can be. */
const GOES_ON = /^\p{Ll}/u;
const FULL = 55;

/**
 * The lines of a text that have something to say: no rules of dashes, nor frames of tables.
 * @param {string} text
 * @returns {string[]}
 */
export function lines(text) {
  return text
    .split("\n")
    .filter((line) => SAYING.test(line))
    .map((line) => line.replace(/([^\p{L}\p{N}\s])\1{3,}|[│║┃|]+/gu, " ").replace(/\s+/g, " ").trim());
}

/**
 * Lines as one text, with pauses where they end.
 * @param {string[]} lines
 * @returns {string}
 */
export function joined(lines) {
  return lines.reduce((text, line, at) => {
    if (at === 0) return line;
    const before = lines[at - 1];
    const isOne = ENDED.test(before) || (before.length >= FULL && GOES_ON.test(line));
    return text + (isOne ? " " : ". ") + line;
  }, "");
}

const count = (/** @type {number} */ lines) => `${lines} more ${lines === 1 ? "line" : "lines"}`;

export class Pace {
  /** @type {string[]} */
  #waiting = [];
  /** Lines that came and will not be said. */
  #left = 0;
  #room = MOST;
  #last = -Infinity;
  #flood = false;

  /** There is something to say. @param {string} text */
  add(text) {
    this.#waiting.push(...lines(text));
    // The first ones are said, unless it is a flood.
    const over = this.#waiting.length - WAITING;
    if (over <= 0) return;
    this.#waiting.splice(this.#flood ? 0 : MOST, over);
    this.#left += over;
  }

  /** What comes now is an answer: there is room for all of it. */
  begin() {
    this.#room = MOST;
    this.#flood = false;
  }

  /** In how many milliseconds it is time to say it. @param {number} now milliseconds, from whenever */
  wait(now) {
    return this.#flood ? Math.max(GATHER.usual, this.#last + GATHER.flood - now) : GATHER.usual;
  }

  /**
   * What is to be said now; empty for nothing.
   * @param {number} now milliseconds, from whenever
   * @returns {string}
   */
  take(now) {
    const grown = ((now - this.#last) / 1000) * PER_SECOND;
    this.#room = Math.min(MOST, this.#room + (Number.isFinite(grown) ? grown : 0));
    this.#last = now;
    const all = this.#waiting;
    this.#waiting = [];
    const newest = this.#flood;
    const said = newest ? this.#fitting(all.toReversed()).reverse() : this.#fitting(all);
    const left = this.#left + all.length - said.length;
    this.#left = 0;
    this.#flood = left > 0;
    if (left === 0) return joined(said);
    const more = count(left);
    if (said.length === 0) return `${more}.`;
    return newest ? `${more}, then: ${joined(said)}` : joined([...said, `And ${more}.`]);
  }

  /** The first of these for which there is room, which is taken. @param {string[]} lines */
  #fitting(lines) {
    let at = 0;
    for (; at < lines.length; at += 1) {
      const cost = Math.max(1, lines[at].length / LONG);
      // What is longer than everything that fits is said all the same.
      if (cost > this.#room && !(at === 0 && this.#room >= 1)) break;
      this.#room = Math.max(0, this.#room - cost);
    }
    return lines.slice(0, at);
  }
}
