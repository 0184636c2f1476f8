// Lists that a game keeps up to date one by one: what is carried, who is here. Plain data, for things.js.

/** Most entries that are kept. */
const MAX = 1000;

/** @typedef {{ id?: number | string, name: string, fullname?: string, icon?: string, attrib?: string }} Entry */

/** What a game says of one, if it can be one. @param {any} value @returns {Entry | null} */
export function entry(value) {
  if (typeof value === "string") return { name: value };
  if (typeof value !== "object" || value === null) return null;
  const name = value.name ?? value.fullname;
  return typeof name === "string" ? { ...value, name } : null;
}

/** @param {unknown} values @returns {Entry[]} */
export function entries(values) {
  const given = Array.isArray(values) ? values : Object.values(values ?? {});
  return given
    .map(entry)
    .filter((one) => one !== null)
    .slice(0, MAX);
}

/** Whether two are the same thing: by number if they have one, else by name. @param {Entry} one @param {Entry} other */
function same(one, other) {
  return one.id !== undefined && other.id !== undefined ? String(one.id) === String(other.id) : one.name === other.name;
}

/** @param {Entry[]} list @param {Entry} added @returns {Entry[]} */
export function add(list, added) {
  const known = added.id !== undefined && list.some((one) => same(one, added));
  return known ? update(list, added) : [...list, added].slice(0, MAX);
}

/** One of those that fit goes: two bees are two. @param {Entry[]} list @param {Entry} gone @returns {Entry[]} */
export function remove(list, gone) {
  const at = list.findIndex((one) => same(one, gone));
  return at < 0 ? list : list.toSpliced(at, 1);
}

/** @param {Entry[]} list @param {Entry} changed @returns {Entry[]} */
export function update(list, changed) {
  return list.map((one) => (same(one, changed) ? { ...one, ...changed } : one));
}

/**
 * Things of the same name count as one with a number: "pebble (3)".
 * @param {Entry[]} list
 * @returns {{ entry: Entry, count: number }[]}
 */
export function counted(list) {
  /** @type {Map<string, { entry: Entry, count: number }>} */
  const found = new Map();
  for (const one of list) {
    const key = `${one.name}\n${one.attrib ?? ""}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { entry: one, count: 1 });
    else known.count += 1;
  }
  return [...found.values()];
}

/** What the letters of `attrib` mean (Iron Realms). @param {string | undefined} attrib @returns {string} */
export function marks(attrib) {
  /** @type {Record<string, string>} */
  const meanings = { w: "worn", l: "left hand", L: "right hand", c: "container", d: "dead", m: "monster" };
  return [...(attrib ?? "")]
    .map((letter) => meanings[letter])
    .filter(Boolean)
    .join(", ");
}
