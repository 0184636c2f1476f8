// How high the lines of a view are, measured or guessed, so that a scrollback of which little is drawn has its true
// length. view.js asks. Sums are kept for blocks of lines: every answer costs a few hundred additions at most.

const BLOCK = 128;

export class Heights {
  /** Number of the line that the first height belongs to; the first block may have lines that are gone. */
  #base = 0;
  #first = 0;
  /** @type {number[]} */
  #heights = [];
  /** @type {number[]} */
  #sums = [];
  #total = 0;

  /** Of all lines together. */
  get total() {
    return this.#total;
  }

  /** Number of the first line. */
  get first() {
    return this.#first;
  }

  /** One past the number of the last line. */
  get end() {
    return this.#base + this.#heights.length;
  }

  /** Forgets everything; the next line has this number. @param {number} first */
  reset(first) {
    this.#base = first - (first % BLOCK);
    this.#first = first;
    this.#heights = new Array(first - this.#base).fill(0);
    this.#sums = this.#heights.length > 0 ? [0] : [];
    this.#total = 0;
  }

  /** Adds a line at the end. @param {number} height */
  push(height) {
    const at = this.#heights.length;
    this.#heights.push(height);
    if (at % BLOCK === 0) this.#sums.push(height);
    else this.#sums[this.#sums.length - 1] += height;
    this.#total += height;
  }

  /** @param {number} line */
  get(line) {
    return this.#heights[line - this.#base] ?? 0;
  }

  /** @param {number} line @param {number} height */
  set(line, height) {
    const at = line - this.#base;
    const change = height - this.#heights[at];
    this.#heights[at] = height;
    this.#sums[Math.floor(at / BLOCK)] += change;
    this.#total += change;
  }

  /** The lines before this one are gone. @param {number} first */
  drop(first) {
    for (let line = this.#first; line < first; line += 1) this.set(line, 0);
    this.#first = Math.max(first, this.#first);
    const blocks = Math.floor((this.#first - this.#base) / BLOCK);
    this.#heights.splice(0, blocks * BLOCK);
    this.#sums.splice(0, blocks);
    this.#base += blocks * BLOCK;
  }

  /** Where a line begins, from the top. @param {number} line */
  top(line) {
    const at = Math.min(line - this.#base, this.#heights.length);
    const block = Math.floor(at / BLOCK);
    let top = 0;
    for (let index = 0; index < block; index += 1) top += this.#sums[index];
    for (let index = block * BLOCK; index < at; index += 1) top += this.#heights[index];
    return top;
  }

  /** The line at a height, counted from the top; the first or last one beyond the ends. @param {number} y */
  at(y) {
    let top = 0;
    let block = 0;
    while (block < this.#sums.length - 1 && top + this.#sums[block] <= y) {
      top += this.#sums[block];
      block += 1;
    }
    let at = block * BLOCK;
    const end = Math.min(at + BLOCK, this.#heights.length) - 1;
    while (at < end && top + this.#heights[at] <= y) {
      top += this.#heights[at];
      at += 1;
    }
    return Math.max(this.#base + at, this.#first);
  }
}
