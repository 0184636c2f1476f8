// Game text without its markup: what a screen reader says, what is searched, what is copied. No document is needed.

import { read } from "./html.js";

/**
 * What is read of a piece of HTML.
 * @param {string} html
 * @returns {string}
 */
export function plain(html) {
  // Most lines have nothing in them, and need no copy.
  if (!/[<&]/.test(html)) return html;
  let text = "";
  for (const part of read(html)) {
    if ("text" in part) text += part.text;
    else if ("open" in part && part.open === "br") text += "\n";
  }
  return text;
}

/**
 * What is read of elements that were built.
 * @param {Node} node
 * @returns {string}
 */
export function textOf(node) {
  if (node.nodeType === 3) return /** @type {Text} */ (node).data;
  if (node.nodeName === "BR") return "\n";
  let text = "";
  for (const child of node.childNodes) text += textOf(child);
  return text;
}
