// The lines that were sent, to be had again. entry.js walks through them with the arrow keys; recall.js searches them.

/** How many lines are remembered. */
const MOST = 500;

export class History {
  /** @type {string[]} */
  #lines = [];
  /** Where one is; the end is the line being written. */
  #at = 0;
  /** The line being written, whose beginning the others must have. */
  #draft = "";

  /** Keeps a line. One that was there before moves to the end. @param {string} line */
  add(line) {
    if (line.trim() !== "") {
      const before = this.#lines.lastIndexOf(line);
      if (before >= 0 && before >= this.#lines.length - 20) this.#lines.splice(before, 1);
      this.#lines.push(line);
      if (this.#lines.length > MOST) this.#lines.shift();
    }
    this.#at = this.#lines.length;
  }

  /** The line being written was sent, or changed by hand. */
  leave() {
    this.#at = this.#lines.length;
  }

  /**
   * The next older (-1) or newer (1) line that begins as the one being written does; null if there is none.
   * @param {1 | -1} by
   * @param {string} current what stands in the field
   * @returns {string | null}
   */
  go(by, current) {
    const end = this.#lines.length;
    if (this.#at === end) this.#draft = current;
    for (let at = this.#at + by; at >= 0 && at <= end; at += by) {
      const line = at === end ? this.#draft : this.#lines[at];
      if (at < end && (!line.startsWith(this.#draft) || line === current)) continue;
      this.#at = at;
      return line;
    }
    return null;
  }

  /**
   * Lines with all these words in them, newest first, each once.
   * @param {string} text
   * @param {number} [most]
   * @returns {string[]}
   */
  find(text, most = 50) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = new Set();
    for (let at = this.#lines.length - 1; at >= 0 && found.size < most; at -= 1) {
      const line = this.#lines[at].toLowerCase();
      if (words.every((word) => line.includes(word))) found.add(this.#lines[at]);
    }
    return [...found];
  }

  /** All of them, oldest first. */
  list() {
    return [...this.#lines];
  }

  /** Forgets all, or takes others in their place. @param {string[]} [lines] */
  replace(lines = []) {
    this.#lines = lines.slice(-MOST);
    this.#at = this.#lines.length;
  }
}
