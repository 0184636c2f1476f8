// How much text fits into a view, and how many rows a text takes before it is drawn. view.js asks.

/**
 * @typedef {object} Sizes
 * @property {number} width of a line, in pixels
 * @property {number} height of the box, in pixels
 * @property {number} columns that fit
 * @property {number} line its height, in pixels
 */

/**
 * Measures a box that scrolls and the column of rows in it.
 * @param {HTMLElement} box
 * @param {HTMLElement} rows
 * @returns {Sizes}
 */
export function measure(box, rows) {
  const probe = document.createElement("div");
  probe.className = "line";
  const text = document.createElement("span");
  text.textContent = "0".repeat(50);
  probe.append(text);
  probe.style.cssText = "position: absolute; visibility: hidden; white-space: pre";
  rows.append(probe);
  const glyph = text.getBoundingClientRect().width / 50 || 8;
  const line = probe.getBoundingClientRect().height || 20;
  // Times stand in front of the lines.
  const indent = parseFloat(getComputedStyle(probe).paddingLeft) || 0;
  probe.remove();
  const width = rows.clientWidth - indent;
  const { paddingTop, paddingBottom } = getComputedStyle(box);
  const height = box.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
  return { width, height, columns: Math.max(1, Math.floor(width / glyph + 0.01)), line };
}

/**
 * How many rows a text takes, nearly: words are not looked at.
 * @param {string} text
 * @param {number} columns
 * @returns {number}
 */
export function rowsOf(text, columns) {
  if (text.length <= columns && !text.includes("\n")) return 1;
  let rows = 0;
  for (const part of text.split("\n")) rows += Math.max(1, Math.ceil(part.length / columns));
  return rows;
}
