// Completes words that the game has said lately, where nobody knows better: names, mostly.

/** Lines that are looked through, and how many words are offered. */
const LOOK = { lines: 300, words: 12 };

/**
 * Words of a text that begin so, whatever the case.
 * @param {string[]} texts newest first
 * @param {string} start
 * @returns {string[]}
 */
export function words(texts, start) {
  const wanted = start.toLowerCase();
  const found = new Map();
  for (const text of texts) {
    for (const [word] of text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}'_-]*/gu)) {
      const key = word.toLowerCase();
      if (key.length > wanted.length && key.startsWith(wanted) && !found.has(key))
        found.set(key, word.replace(/['_-]+$/, ""));
    }
    if (found.size >= LOOK.words) break;
  }
  return [...found.values()].slice(0, LOOK.words);
}

/** @param {import("../main.js").Client} client */
export function install({ entry, output }) {
  entry.completers.push(async (text, caret) => {
    const start = text.slice(0, caret).match(/[\p{L}\p{N}][\p{L}\p{N}'_-]*$/u)?.[0] ?? "";
    if (start.length < 2) return null;
    const { store } = output;
    const texts = store
      .list(store.end - LOOK.lines)
      .filter((line) => line.kind === "said")
      .map((line) => line.text)
      .reverse();
    return { from: caret - start.length, to: caret, options: words(texts, start) };
  });
}
