// What names of exits mean on a map, and the order in which people look for them. Plain data, for room.js and map.js.

/**
 * Steps on the map: columns to the east, rows to the south, floors up.
 * @typedef {[east: number, south: number, up: number]} Step
 */

/** @type {Record<string, Step>} */
const STEPS = {
  north: [0, -1, 0],
  northeast: [1, -1, 0],
  east: [1, 0, 0],
  southeast: [1, 1, 0],
  south: [0, 1, 0],
  southwest: [-1, 1, 0],
  west: [-1, 0, 0],
  northwest: [-1, -1, 0],
  up: [0, 0, 1],
  down: [0, 0, -1],
};

/** @type {Record<string, string>} */
const SHORT = {
  n: "north",
  ne: "northeast",
  e: "east",
  se: "southeast",
  s: "south",
  sw: "southwest",
  w: "west",
  nw: "northwest",
  u: "up",
  d: "down",
};

const ORDER = Object.keys(STEPS);

/**
 * The direction that an exit's name is; none if it is a name of another kind.
 * @param {string} name
 * @returns {string | undefined}
 */
export function direction(name) {
  const lower = name.toLowerCase().replace(/[\s-]/g, "");
  const long = SHORT[lower] ?? lower;
  return Object.hasOwn(STEPS, long) ? long : undefined;
}

/** @param {string} name @returns {Step | undefined} */
export function step(name) {
  const found = direction(name);
  return found === undefined ? undefined : STEPS[found];
}

/** Names of exits, directions first, by the compass. @param {string[]} names @returns {string[]} */
export function ordered(names) {
  const rank = (/** @type {string} */ name) => {
    const at = ORDER.indexOf(direction(name) ?? "");
    return at < 0 ? ORDER.length : at;
  };
  return [...names].sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
}
