// Search in the scrollback: a bar above it, opened by Ctrl+F; all hits are marked, and Enter goes from one to the
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

/** @param {import("../main.js").Client} client */
export function install({ hub, output, entry }) {
  const { view, store } = output;
  const bar = /** @type {HTMLElement} */ (document.getElementById("find"));
  const field = /** @type {HTMLInputElement} */ (bar.querySelector("input"));
  const count = /** @type {HTMLElement} */ (bar.querySelector("output"));
  /** @type {Hit[]} */
  let found = [];
  let at = -1;
  /** @type {RegExp | null} */
  let wanted = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** Searches so far: a new one ends the one before. */
  let searches = 0;

  function open() {
    bar.hidden = false;
    const marked = getSelection()?.toString().trim() ?? "";
    if (marked !== "" && !marked.includes("\n") && marked.length < 100) field.value = marked;
    field.select();
    field.focus();
    search();
  }

  function close() {
    bar.hidden = true;
    searches += 1;
    found = [];
    wanted = null;
    paint();
    entry.focus();
  }

  async function search() {
    const text = field.value;
    const mine = (searches += 1);
    found = [];
    at = -1;
    wanted = text === "" ? null : pattern(text);
    if (wanted === null) return show();
    // From the newest back, so that the first hit is there at once.
    const lines = store.list();
    for (let end = lines.length; end > 0 && found.length < MOST; end -= SLICE) {
      /** @type {Hit[]} */
      const more = [];
      for (const line of lines.slice(Math.max(0, end - SLICE), end)) {
        for (const hit of hits(line.text, wanted)) more.push({ line: line.id, ...hit });
      }
      const first = found.length === 0 && more.length > 0;
      found = more.concat(found);
      if (at >= 0) at += more.length;
      if (first) {
        at = found.length;
        go(-1);
      }
      await new Promise((resolve) => setTimeout(resolve));
      if (mine !== searches) return;
    }
    show();
  }

  /** Goes to the next hit, or the one before. @param {1 | -1} by */
  function go(by) {
    const gone = found.findIndex((hit) => hit.line >= store.first);
    if (gone > 0) {
      found.splice(0, gone);
      at -= gone;
    }
    if (found.length === 0) return show();
    at = (Math.max(at, 0) + by + found.length) % found.length;
    view.reveal(found[at].line);
    show();
  }

  function show() {
    tell();
    paint();
  }

  function tell() {
    const many = found.length >= MOST ? `${MOST.toLocaleString()}+` : found.length.toLocaleString();
    count.textContent = field.value === "" ? "" : found.length === 0 ? "Nothing found" : `${(at + 1).toLocaleString()} of ${many}`;
  }

  /** Marks the hits that are drawn. */
  function paint() {
    if (typeof Highlight === "undefined") return;
    const all = new Highlight();
    const current = new Highlight();
    if (wanted !== null) {
      for (const row of view.rows.children) {
        if (!(row instanceof HTMLElement)) continue;
        const id = Number(row.dataset.id);
        for (const hit of hits(store.get(id)?.text ?? "", wanted)) {
          const range = rangeIn(row, hit.at, hit.length);
          const isCurrent = at >= 0 && found[at]?.line === id && found[at].at === hit.at;
          if (range !== null) (isCurrent ? current : all).add(range);
        }
      }
    }
    CSS.highlights.set("found", all);
    CSS.highlights.set("found-current", current);
  }

  view.watch(() => wanted !== null && paint());
  hub.on("client:added", ({ kwargs: line }) => {
    if (wanted === null || found.length >= MOST) return;
    const more = hits(line.text, wanted);
    for (const hit of more) found.push({ line: line.id, ...hit });
    if (more.length > 0) tell();
  });
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, PAUSE);
  });
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target === field) go(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  bar.addEventListener("click", (event) => {
    const action = event.target instanceof Element ? event.target.closest("button")?.dataset.action : undefined;
    if (action === "close") close();
    if (action === "next") go(1);
    if (action === "previous") go(-1);
  });
  document.getElementById("open-find")?.addEventListener("click", () => (bar.hidden ? open() : close()));
  document.addEventListener("keydown", (event) => {
    const find = event.key.toLowerCase() === "f" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (event.key === "F3" && wanted !== null) {
      event.preventDefault();
      go(event.shiftKey ? -1 : 1);
    } else if (find && document.activeElement !== field && document.querySelector("dialog[open]") === null) {
      // A second time it is the browser's own.
      event.preventDefault();
      open();
    }
  });
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
