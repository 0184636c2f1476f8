// The file that save.js makes of what was said: all lines that the page still has, with their times if the player has
// those shown.

/**
 * The file's text.
 * @param {{ text: string, time: number }[]} lines
 * @param {((time: number) => string) | null} when writes a time; null: there is none
 */
export function written(lines, when) {
  return lines.map(({ text, time }) => `${when === null ? "" : `${when(time)} `}${text}\n`).join("");
}

/** A name that every system takes: the game's, and the day. @param {string} game @param {Date} now */
export function fileName(game, now) {
  const plain = game.normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${plain || "game"}-${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}.txt`;
}
