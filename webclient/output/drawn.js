// Maps, tables and other drawings of letters: what is wider than the view is scrolled sideways and not wrapped, or
// nothing would stand below what it belongs to. row.js and view.js ask.

/** Shorter rows fit everywhere. */
const SHORT = 36;

/** Rules, boxes and blocks. */
const BOX = /[\u2500-\u259f]/;

/** What stands in columns, or begins as a row of a table does. */
const COLUMNS = /\S {3,}\S|^\s*[|+].*[|+]\s*$/;

/** Of prose, most is letters. */
const LETTERS = 0.5;

/**
 * Whether a text is drawn. A row of prose among its rows would be hard to read if it were not wrapped: so it is not,
 * unless all rows that may be too long are drawn.
 * @param {string} text
 * @returns {boolean}
 */
export function isDrawn(text) {
  if (text.length <= SHORT) return false;
  const long = text.split("\n").filter((row) => row.length > SHORT);
  return long.length > 0 && long.every(isRowDrawn);
}

/** @param {string} row */
function isRowDrawn(row) {
  if (BOX.test(row) || COLUMNS.test(row)) return true;
  const signs = row.replace(/\s/g, "");
  const letters = signs.match(/[\p{L}\p{M}\p{N}\p{Extended_Pictographic}]/gu)?.length ?? 0;
  // A long address has few of others.
  return letters < signs.length * LETTERS;
}

/** What of a line scrolls sideways. @param {...(Node | string)} content */
export function drawing(...content) {
  const box = document.createElement("div");
  box.className = "drawn";
  box.append(...content);
  return box;
}

/** Now that it is on the page: what does not fit is come to by keyboard, too. @param {HTMLElement} line */
export function reach(line) {
  const box = line.firstElementChild;
  if (!(box instanceof HTMLElement) || box.className !== "drawn" || box.scrollWidth <= box.clientWidth) return;
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Wider than the page");
}
