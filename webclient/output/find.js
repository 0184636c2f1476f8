// Search in the scrollback: a bar above it, opened by find-key.js; all hits are marked, and Enter goes from one to the
// next. What is found need not be drawn.

/** Hits beyond these are not counted. */
const MOST = 50_000;

/** Lines that are looked through before the page may draw again. */
const SLICE = 4_000;

/** How long the search waits while somebody types into it, in milliseconds. */
const PAUSE = 120;

/** @typedef {{ line: number, at: number, length: number }} Hit */

/**
 * Where a text is found in a line, whatever the case.
 * @param {string} text
 * @param {RegExp} pattern with `g`
 * @returns {{ at: number, length: number }[]}
 */
export function hits(text, pattern) {
  const found = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    found.push({ at: match.index, length: match[0].length });
  }
  return found;
}

/** What finds a text. @param {string} wanted @returns {RegExp} */
export function pattern(wanted) {
  // With `u` it knows the cases of all scripts, and takes ten times as long.
  return new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), /^[\x20-\x7e]*$/.test(wanted) ? "gi" : "giu");
}

export class Find {
  #entry;
  #view;
  #store;
  #bar = /** @type {HTMLElement} */ (document.getElementById("find"));
  #field = /** @type {HTMLInputElement} */ (document.getElementById("find-text"));
  #count = /** @type {HTMLElement} */ (this.#bar.querySelector("output"));
  /** @type {Hit[]} */
  #found = [];
  #at = -1;
  /** @type {RegExp | null} */
  #wanted = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;
  /** Searches so far: a new one ends the one before. */
  #searches = 0;

  /** @param {import("../main.js").Client} client */
  constructor({ hub, output, entry }) {
    this.#entry = entry;
    this.#view = output.view;
    this.#store = output.store;
    this.#view.watch(() => this.#wanted !== null && this.#paint());
    hub.on("client:added", ({ kwargs: line }) => this.#added(/** @type {any} */ (line)));
    this.#field.addEventListener("input", () => {
      clearTimeout(this.#waiting);
      this.#waiting = setTimeout(() => this.#search(), PAUSE);
    });
    this.#bar.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      else if (event.key === "Enter" && event.target === this.#field) this.go(event.shiftKey ? -1 : 1);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.#bar.addEventListener("click", (event) => {
      const action = event.target instanceof Element ? event.target.closest("button")?.dataset.action : undefined;
      if (action === "close") this.close();
      if (action === "next") this.go(1);
      if (action === "previous") this.go(-1);
    });
  }

  /** Opens the bar, and searches for what is marked, or for what was searched last. */
  open() {
    this.#bar.hidden = false;
    const marked = getSelection()?.toString().trim() ?? "";
    if (marked !== "" && !marked.includes("\n") && marked.length < 100) this.#field.value = marked;
    this.#field.select();
    this.#field.focus();
    this.#search();
  }

  close() {
    this.#bar.hidden = true;
    this.#searches += 1;
    this.#found = [];
    this.#wanted = null;
    this.#paint();
    this.#entry.ready();
  }

  toggle() {
    if (this.#bar.hidden) this.open();
    else this.close();
  }

  /** Goes to the next hit, or the one before. @param {1 | -1} by */
  go(by) {
    const found = this.#found;
    const gone = found.findIndex((hit) => hit.line >= this.#store.first);
    if (gone > 0) {
      found.splice(0, gone);
      this.#at -= gone;
    }
    if (found.length === 0) return this.#show();
    this.#at = (Math.max(this.#at, 0) + by + found.length) % found.length;
    this.#view.reveal(found[this.#at].line);
    this.#show();
  }

  async #search() {
    const text = this.#field.value;
    const mine = (this.#searches += 1);
    this.#found = [];
    this.#at = -1;
    const wanted = text === "" ? null : pattern(text);
    this.#wanted = wanted;
    if (wanted === null) return this.#show();
    // From the newest back, so that the first hit is there at once.
    const lines = this.#store.list();
    for (let end = lines.length; end > 0 && this.#found.length < MOST; end -= SLICE) {
      /** @type {Hit[]} */
      const more = [];
      for (const line of lines.slice(Math.max(0, end - SLICE), end)) {
        for (const hit of hits(line.text, wanted)) more.push({ line: line.id, ...hit });
      }
      const first = this.#found.length === 0 && more.length > 0;
      this.#found = more.concat(this.#found);
      if (this.#at >= 0) this.#at += more.length;
      if (first) {
        this.#at = this.#found.length;
        this.go(-1);
      }
      await new Promise((resolve) => setTimeout(resolve));
      if (mine !== this.#searches) return;
    }
    this.#show();
  }

  /** @param {import("./store.js").Line} line */
  #added(line) {
    if (this.#wanted === null || this.#found.length >= MOST) return;
    const more = hits(line.text, this.#wanted);
    for (const hit of more) this.#found.push({ line: line.id, ...hit });
    if (more.length > 0) this.#tell();
  }

  #show() {
    this.#tell();
    this.#paint();
  }

  #tell() {
    const count = this.#found.length;
    const many = `${count.toLocaleString()}${count >= MOST ? "+" : ""}`;
    const where = count === 0 ? "Nothing found" : `${(this.#at + 1).toLocaleString()} of ${many}`;
    this.#count.textContent = this.#field.value === "" ? "" : where;
  }

  /** Marks the hits that are drawn. */
  #paint() {
    if (typeof Highlight === "undefined") return this.#paintLine();
    const all = new Highlight();
    const current = new Highlight();
    const here = this.#found[this.#at];
    for (const row of this.#wanted === null ? [] : this.#view.rows.children) {
      if (!(row instanceof HTMLElement) || this.#wanted === null) continue;
      const id = Number(row.dataset.id);
      for (const hit of hits(this.#store.get(id)?.text ?? "", this.#wanted)) {
        const range = rangeIn(row, hit.at, hit.length);
        if (range !== null) (here?.line === id && here.at === hit.at ? current : all).add(range);
      }
    }
    CSS.highlights.set("found", all);
    CSS.highlights.set("found-current", current);
  }

  /** Where the browser can't mark words (Firefox before 140), the line is marked. */
  #paintLine() {
    const line = this.#wanted === null ? undefined : this.#found[this.#at]?.line;
    for (const row of this.#view.rows.children) {
      if (row instanceof HTMLElement) row.classList.toggle("found", Number(row.dataset.id) === line);
    }
  }
}

/**
 * A part of the text of a row, where it stands on the page.
 * @param {HTMLElement} row @param {number} at @param {number} length
 */
function rangeIn(row, at, length) {
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const range = document.createRange();
  let passed = 0;
  let started = false;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeName === "BR") passed += 1;
    if (node.nodeType !== 3) continue;
    const size = /** @type {Text} */ (node).length;
    if (!started && passed + size > at) {
      range.setStart(node, at - passed);
      started = true;
    }
    if (started && passed + size >= at + length) {
      range.setEnd(node, at + length - passed);
      return range;
    }
    passed += size;
  }
  return null;
}
