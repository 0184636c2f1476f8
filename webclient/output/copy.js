// Copying out of a scrollback: plain text, with the lines between that are not drawn, and all of it after Ctrl+A.
// output.js installs it on the main view; a pane may install it on its own.

import { textOf } from "./text.js";

/**
 * Makes copying work on a view.
 * @param {import("./view.js").OutputView} view
 * @param {{ main?: boolean }} [options] main: Ctrl+A in an empty field means this view
 */
export function installCopying(view, { main = false } = {}) {
  /** All lines are selected, drawn or not. */
  let all = false;

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "a" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    // In a field where nothing is to be selected, it can only mean this.
    const idle = main && event.target instanceof HTMLTextAreaElement && event.target.value === "";
    if (!idle && !(event.target instanceof Node && view.box.contains(event.target))) return;
    event.preventDefault();
    view.box.focus({ preventScroll: true });
    all = true;
    getSelection()?.selectAllChildren(view.rows);
  });

  // Rows that are drawn later belong to it, too.
  view.watch(() => {
    if (all && covers(view)) getSelection()?.selectAllChildren(view.rows);
  });

  document.addEventListener("selectionchange", () => {
    if (all && !covers(view)) all = false;
  });

  document.addEventListener("copy", (event) => {
    if (event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement) return;
    const text = all
      ? view.store
          .list()
          .map((line) => line.text)
          .join("\n")
      : selectedText(view);
    if (text === null || event.clipboardData === null) return;
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  });
}

/** Whether the selection is that of all rows. @param {import("./view.js").OutputView} view */
function covers(view) {
  const selection = getSelection();
  return (
    selection !== null &&
    !selection.isCollapsed &&
    selection.anchorNode === view.rows &&
    selection.focusNode === view.rows
  );
}

/**
 * What is selected of a view, as plain text; null if nothing is.
 * @param {import("./view.js").OutputView} view
 * @returns {string | null}
 */
export function selectedText(view) {
  const selection = getSelection();
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(view.rows)) return null;
  const { store } = view;
  const startRow = view.rows.contains(range.startContainer) ? view.rowOf(range.startContainer) : null;
  const endRow = view.rows.contains(range.endContainer) ? view.rowOf(range.endContainer) : null;
  if (startRow !== null && startRow === endRow) return textOf(range.cloneContents());
  const before = startRow === null && !view.box.contains(range.startContainer);
  const after = endRow === null && !view.box.contains(range.endContainer);
  // The whole page is selected, say.
  if (before && after)
    return store
      .list()
      .map((line) => line.text)
      .join("\n");
  const drawn = [...view.rows.children]
    .filter((row) => range.intersectsNode(row))
    .map((row) => Number(/** @type {HTMLElement} */ (row).dataset.id));
  if (drawn.length === 0) return null;
  const [first, last] = [drawn[0], drawn[drawn.length - 1]];
  const lines = [];
  for (let id = first; id <= last; id += 1) {
    const row = view.element(id);
    if (row !== null && row === startRow) lines.push(partOf(row, range.startContainer, range.startOffset, true));
    else if (row !== null && row === endRow) lines.push(partOf(row, range.endContainer, range.endOffset, false));
    else lines.push(store.get(id)?.text ?? "");
  }
  return lines.join("\n");
}

/**
 * The text of a row behind or before a place in it.
 * @param {HTMLElement} row @param {Node} node @param {number} offset @param {boolean} behind
 */
function partOf(row, node, offset, behind) {
  const range = document.createRange();
  range.selectNodeContents(row);
  if (behind) range.setStart(node, offset);
  else range.setEnd(node, offset);
  return textOf(range.cloneContents());
}
