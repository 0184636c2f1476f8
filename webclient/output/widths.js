// Holds columns together. A game counts cells: a letter is one, a Chinese character or an emoji is two. A font that
// lacks a character borrows it from another one, where it may be wider or narrower, and maps and tables break. Each
// such character is put into a box of as many cells as it counts. row.js asks for it.

/** Characters of two cells (Unicode, East Asian Width W and F). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\ufe0f]|\p{Emoji_Presentation}/u;

/** Characters of none: they belong to the one before. */
const NONE = /^[\p{M}\p{Cf}\p{Cc}]+$/u;

/** Whatever is not in every font. */
const DOUBTFUL = /[^\u0000-\u024f]/;

/** What stands alone. Letters of Arabic, say, change with their neighbours and must stay with them. */
const ALONE = /^[\p{S}\p{P}\p{N}]/u;

/** How much a character may differ, as a part of a cell. */
const TOLERANCE = 0.02;

/**
 * How many cells a character takes, with all that belongs to it.
 * @param {string} cluster
 * @returns {0 | 1 | 2}
 */
export function cells(cluster) {
  if (WIDE.test(cluster)) return 2;
  return NONE.test(cluster) ? 0 : 1;
}

/** @type {CanvasRenderingContext2D | null | undefined} */
let canvas;
let font = "";
let cell = 0;
/** Characters, and whether they need a box. @type {Map<string, boolean>} */
let known = new Map();
/** @type {Intl.Segmenter | undefined} */
let segmenter;

/**
 * The font of the output has changed.
 * @param {string} newFont as CSS writes it
 */
export function setFont(newFont) {
  if (newFont === font) return;
  font = newFont;
  known = new Map();
  canvas ??= typeof document === "undefined" ? null : document.createElement("canvas").getContext("2d");
  if (!canvas) return;
  canvas.font = font;
  const [zero, thin] = ["0", "i"].map(
    (letter) => /** @type {any} */ (canvas).measureText(letter.repeat(20)).width / 20,
  );
  // Where letters have widths of their own there are no columns to hold.
  cell = Math.abs(zero - thin) < 0.01 ? zero : 0;
}

/** @param {string} cluster */
function needsBox(cluster) {
  let needs = known.get(cluster);
  if (needs === undefined) {
    const count = cells(cluster);
    const width = canvas?.measureText(cluster).width ?? 0;
    needs = (count === 2 || (count === 1 && ALONE.test(cluster))) && Math.abs(width - count * cell) > TOLERANCE * cell;
    if (known.size > 20_000) known = new Map();
    known.set(cluster, needs);
  }
  return needs;
}

/**
 * Boxes the characters in an element that would break its columns.
 * @param {HTMLElement} element
 */
export function align(element) {
  if (cell === 0 || !DOUBTFUL.test(element.textContent ?? "")) return;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const text of texts) {
    if (!DOUBTFUL.test(text.data)) continue;
    /** @type {(string | HTMLElement)[]} */
    const parts = [];
    let plain = "";
    for (const { segment } of segmenter.segment(text.data)) {
      if (!DOUBTFUL.test(segment) || !needsBox(segment)) {
        plain += segment;
        continue;
      }
      if (plain !== "") parts.push(plain);
      plain = "";
      const box = document.createElement("span");
      box.className = cells(segment) === 2 ? "cell wide" : "cell";
      box.textContent = segment;
      parts.push(box);
    }
    if (parts.length === 0) continue;
    if (plain !== "") parts.push(plain);
    text.replaceWith(...parts);
  }
}
