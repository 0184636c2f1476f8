// Takes lines out of a piece of game text, or marks them: a piece may have several, of which a trigger means one.
// triggers.js uses it. What comes out is game text again, which output/html.js reads like any other.

import { read } from "../output/html.js";

/** @typedef {"drop" | { classes: string } | undefined} Change what becomes of a line */

/**
 * The lines of a piece, as plain text.
 * @param {string} html
 */
export function linesOf(html) {
  return read(html)
    .map((part) => ("text" in part ? part.text : "open" in part && part.open === "br" ? "\n" : ""))
    .join("")
    .split("\n");
}

/**
 * The piece with its lines changed.
 * @param {string} html
 * @param {Change[]} changes by the number of the line
 */
export function rewrite(html, changes) {
  let line = 0;
  let out = "";
  // The end of a line stands before each but the first of those that are left.
  let begun = false;
  let owed = false;
  const say = (/** @type {string} */ text) => {
    const change = changes[line];
    if (change === "drop" || text === "") return;
    out += change === undefined ? escape(text) : `<span class="${change.classes}">${escape(text)}</span>`;
  };
  const start = () => {
    if (changes[line] === "drop") return;
    if (begun && owed) out += "<br>";
    begun = true;
    owed = false;
  };
  const end = () => {
    if (changes[line] !== "drop") owed = true;
    line += 1;
    start();
  };
  start();
  for (const part of read(html)) {
    if ("text" in part) {
      part.text.split("\n").forEach((text, index) => {
        if (index > 0) end();
        say(text);
      });
    } else if ("close" in part) out += `</${part.close}>`;
    else if (part.open === "br") end();
    else {
      const attributes = [...part.attributes].map(([name, value]) => ` ${name}="${escape(value)}"`);
      out += `<${part.open}${attributes.join("")}>`;
    }
  }
  return out;
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
