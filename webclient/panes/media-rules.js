// What `client_media_play` and its kind mean: where a file is, whether it may be fetched, how loud it is at a time,
// what a `client_media_stop` fits. Plain data, for media.js. The fields are Mudlet's.

/** @typedef {"sound" | "music" | "video" | "image"} Type */

/**
 * @typedef {object} Medium
 * @property {string} name
 * @property {string} address
 * @property {Type} type
 * @property {string} tag
 * @property {string} key
 * @property {number} volume 0 to 1
 * @property {number} fadein milliseconds
 * @property {number} fadeout milliseconds
 * @property {number} start seconds
 * @property {number | null} finish seconds
 * @property {number} loops -1: for ever
 * @property {number} priority
 * @property {boolean} continues
 * @property {string} caption
 */

/** Longest texts. */
const MAX_TEXT = 500;

/** What endings of files say of them. */
const PICTURES = /\.(?:png|jpe?g|gif|webp|avif|svg)$/i;
const FILMS = /\.(?:mp4|webm)$/i;

/** @param {any} value @param {number} min @param {number} max @param {number} initial */
function number(value, min, max, initial) {
  const given = Number(value);
  return value === undefined || value === null || !Number.isFinite(given)
    ? initial
    : Math.min(Math.max(given, min), max);
}

const text = (/** @type {unknown} */ value) => (typeof value === "string" ? value.slice(0, MAX_TEXT) : "");

/**
 * Where a file is; null if it lies elsewhere than the page: the page's Content-Security-Policy forbids that.
 * @param {string} name
 * @param {string} folder a folder with its last slash, relative to the page or whole; empty for the default
 * @param {string} base address of the page
 * @returns {string | null}
 */
export function address(name, folder, base) {
  // With a wildcard, the client is to choose among files that it can't list.
  if (name === "" || /[*?]/.test(name)) return null;
  try {
    const found = new URL(name, new URL(folder || "../media/", base));
    return found.origin === new URL(base).origin && /^https?:$/.test(found.protocol) ? found.href : null;
  } catch {
    return null;
  }
}

/**
 * A message as it is played; null if it can't be.
 * @param {Record<string, any>} told
 * @param {string} folder of `client_media_default`
 * @param {string} base address of the page
 * @returns {Medium | null}
 */
export function medium(told, folder, base) {
  const name = text(told.name);
  const where = address(name, text(told.url) || folder, base);
  if (where === null) return null;
  const guess = PICTURES.test(name) ? "image" : FILMS.test(name) ? "video" : "sound";
  /** @type {Type} */
  const type = ["sound", "music", "video", "image"].includes(told.type) ? told.type : guess;
  return {
    name,
    address: where,
    type,
    tag: text(told.tag),
    key: text(told.key),
    volume: number(told.volume, 0, 100, 50) / 100,
    fadein: number(told.fadein, 0, 600_000, 0),
    fadeout: number(told.fadeout, 0, 600_000, 0),
    start: number(told.start, 0, 86_400_000, 0) / 1000,
    finish: told.finish === undefined ? null : number(told.finish, 0, 86_400_000, 0) / 1000,
    loops: Math.round(number(told.loops, -1, 1000, 1)),
    priority: number(told.priority, 0, 100, 0),
    continues: told.continue !== false,
    caption: text(told.caption),
  };
}

/**
 * Whether a `client_media_stop` means it: every field that is given has to fit.
 * @param {Medium} playing
 * @param {Record<string, any>} told
 */
export function stops(playing, told) {
  const same = /** @type {const} */ (["name", "type", "tag", "key"]).every(
    (field) => told[field] === undefined || told[field] === playing[field],
  );
  return same && (told.priority === undefined || playing.priority <= Number(told.priority));
}

/**
 * How loud it is at a time, from 0 to 1, without the player's own volume.
 * @param {Medium} playing
 * @param {number} at seconds in the file
 * @param {number} end seconds; where it ends
 */
export function loudness({ volume, fadein, fadeout, start }, at, end) {
  const into = fadein > 0 ? ((at - start) * 1000) / fadein : 1;
  const outOf = fadeout > 0 && Number.isFinite(end) ? ((end - at) * 1000) / fadeout : 1;
  return volume * Math.min(Math.max(Math.min(into, outOf), 0), 1);
}
