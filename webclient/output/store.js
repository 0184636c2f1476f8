// The lines of a view, whether they are drawn or not. output.js adds to the main one; a pane may have its own.

/** Lines that are kept, and how many go at once when there are more. */
const LIMIT = { lines: 100_000, batch: 1_000 };

/** Number of the first line. */
const FIRST = 1_000_000;

/** @typedef {"said" | "typed" | "note" | "mark"} Kind of the game, of the player, of the page, where one left off */

/** A line: what was said at once, and may have several lines in it. */
export class Line {
  /** Its number: the next line has the next one. */
  id = 0;
  /** Classes of its element. @type {string[]} */
  classes = [];
  /** What stands above it: that one left off here. */
  mark = "";
  /** It was there before the page was loaded. */
  old = false;
  /** The pane that shows it, if a filter gave it to one. */
  pane = "";
  /** @type {() => HTMLElement | null} */
  find = () => null;

  /**
   * @param {string} text what is read
   * @param {string | null} html the same as the game said it; null for plain text
   * @param {{ kind?: Kind, type?: string, tags?: string[], time?: number, kwargs?: Record<string, any> }} [about]
   */
  constructor(text, html, { kind = "said", type = "text", tags = [], time = Date.now(), kwargs = {} } = {}) {
    this.text = text;
    this.html = html;
    this.kind = kind;
    this.type = type;
    this.tags = tags;
    this.time = time;
    this.kwargs = kwargs;
  }

  /** What shows it; null while it is not drawn. @returns {HTMLElement | null} */
  get element() {
    return this.find();
  }
}

export class LineStore {
  /** @type {Line[]} */
  #lines = [];
  // There is room for what was said before.
  #first = FIRST;
  #limit;
  /** Told when lines were added or have gone. @type {Set<() => void>} */
  #watchers = new Set();

  /** @param {number} [limit] lines that are kept */
  constructor(limit = LIMIT.lines) {
    this.#limit = limit;
  }

  /** Number of the first line that is kept. */
  get first() {
    return this.#first;
  }

  /** One past the number of the last line. */
  get end() {
    return this.#first + this.#lines.length;
  }

  /** @param {number} id @returns {Line | undefined} */
  get(id) {
    return this.#lines[id - this.#first];
  }

  /** Adds a line at the end, and gives it its number. @param {Line} line @returns {Line} */
  add(line) {
    line.id = this.end;
    this.#lines.push(line);
    if (this.#lines.length >= this.#limit + Math.min(LIMIT.batch, this.#limit)) {
      const gone = this.#lines.length - this.#limit;
      this.#lines.splice(0, gone);
      this.#first += gone;
    }
    for (const watcher of this.#watchers) watcher();
    return line;
  }

  /** Adds lines before all others. @param {Line[]} lines */
  prepend(lines) {
    const fitting = lines.slice(-Math.min(this.#limit, this.#first));
    this.#first -= fitting.length;
    fitting.forEach((line, index) => (line.id = this.#first + index));
    this.#lines = fitting.concat(this.#lines);
    for (const watcher of this.#watchers) watcher();
  }

  /** Forgets all lines; numbers go on. */
  clear() {
    this.#first = this.end;
    this.#lines = [];
    for (const watcher of this.#watchers) watcher();
  }

  /** @param {() => void} watcher called when lines were added or have gone @returns {() => void} ends it */
  watch(watcher) {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** The lines, from one on. @param {number} [from] @returns {Line[]} */
  list(from = this.#first) {
    return this.#lines.slice(Math.max(0, from - this.#first));
  }
}
