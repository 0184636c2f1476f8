// The rooms that one has seen, and where each is drawn: by the directions of exits, or by coordinates if the game
// gives them. Plain data, for map.js.

import { direction, ordered, step } from "./directions.js";

/** How many rooms are drawn at most, and how far away. */
const DRAWN = 400;
const FAR = 30;

/** How much further a room is put when its place is taken. */
const STRETCH = 3;

/** Longest way that is walked at a click. */
const LONGEST_WAY = 60;

/** Most exits of a room, and longest names, that are kept. */
const LIMIT = { exits: 60, name: 200 };

/**
 * A room as it is remembered.
 * @typedef {object} Room
 * @property {string} num
 * @property {string} name
 * @property {string} area
 * @property {Record<string, string>} exits names, and the number of where each leads; "" if that is not known
 * @property {[number, number, number] | null} coords east, north, up
 */

/** @typedef {{ num: string, name: string, x: number, y: number, known: boolean, up: boolean, down: boolean }} Place */
/** @typedef {{ from: [number, number], to: [number, number], stub: boolean }} Way */

/**
 * What a `room_info` says; null if it is of no room with a number.
 * @param {Record<string, any>} info
 * @returns {Room | null}
 */
export function room(info) {
  const num = key(info.num ?? info.vnum ?? info.id);
  if (num === "") return null;
  const exits = typeof info.exits === "object" && info.exits !== null ? info.exits : {};
  /** @type {[string, unknown][]} */
  const pairs = Array.isArray(exits) ? exits.map((name) => [String(name), ""]) : Object.entries(exits);
  const kept = pairs.slice(0, LIMIT.exits).map(([name, to]) => [name.slice(0, LIMIT.name), key(to)]);
  return {
    num,
    name: String(info.name ?? "").slice(0, LIMIT.name),
    area: typeof info.area === "string" ? info.area.slice(0, LIMIT.name) : "",
    exits: Object.fromEntries(kept),
    coords: coordinates(info.coords ?? info.coord),
  };
}

/** @param {unknown} value */
function key(value) {
  return typeof value === "number" || typeof value === "string" ? String(value).slice(0, LIMIT.name) : "";
}

/**
 * Coordinates in any of the ways that games send them: "area,x,y,z" (Iron Realms), [x, y, z], {x, y, z}.
 * @param {any} value
 * @returns {[number, number, number] | null}
 */
export function coordinates(value) {
  /** @type {unknown[]} */
  let given = [];
  if (typeof value === "string") given = value.split(",").slice(-3);
  else if (Array.isArray(value)) given = value;
  else if (typeof value === "object" && value !== null) given = [value.x, value.y, value.z ?? 0];
  if (given.length < 2) return null;
  const [x, y, z = 0] = given.map((one) => (one === "" || one === null ? NaN : Number(one)));
  return [x, y, z].every(Number.isFinite) ? [x, y, z] : null;
}

/**
 * Where the rooms around one are drawn, that one at 0, 0: columns to the east, rows to the south.
 * @param {Map<string, Room>} rooms
 * @param {string} here
 * @returns {{ places: Place[], ways: Way[] }}
 */
export function chart(rooms, here) {
  /** @type {Map<string, Place>} */
  const places = new Map();
  /** @type {Map<string, string>} */
  const taken = new Map();
  const cell = (/** @type {number} */ x, /** @type {number} */ y) => `${x} ${y}`;
  const put = (/** @type {string} */ num, /** @type {number} */ x, /** @type {number} */ y) => {
    const room = rooms.get(num);
    const leads = (/** @type {string} */ way) => Object.keys(room?.exits ?? {}).some((exit) => direction(exit) === way);
    const name = room?.name ?? "";
    places.set(num, { num, name, x, y, known: room !== undefined, up: leads("up"), down: leads("down") });
    taken.set(cell(x, y), num);
  };
  put(here, 0, 0);
  const queue = [here];
  for (let at = 0; at < queue.length && places.size < DRAWN; at += 1) {
    const from = /** @type {Place} */ (places.get(queue[at]));
    for (const [exit, to] of Object.entries(rooms.get(from.num)?.exits ?? {})) {
      if (to === "" || places.has(to)) continue;
      const free = spot(exit, rooms.get(from.num), rooms.get(to), from, (x, y) => !taken.has(cell(x, y)));
      if (free === null || Math.max(Math.abs(free[0]), Math.abs(free[1])) > FAR) continue;
      put(to, ...free);
      if (rooms.has(to)) queue.push(to);
    }
  }
  beside(rooms, here, places, (x, y) => !taken.has(cell(x, y)), put);
  return { places: [...places.values()], ways: ways(rooms, places) };
}

/**
 * Where a room is put that an exit leads to.
 * @param {string} exit
 * @param {Room | undefined} from
 * @param {Room | undefined} to
 * @param {Place} at
 * @param {(x: number, y: number) => boolean} isFree
 * @returns {[number, number] | null}
 */
function spot(exit, from, to, at, isFree) {
  if (from?.coords && to?.coords && from.area === to.area) {
    const [east, north, up] = from.coords.map((one, axis) => /** @type {number[]} */ (to.coords)[axis] - one);
    if (up !== 0 || (east === 0 && north === 0)) return null;
    return isFree(at.x + east, at.y - north) ? [at.x + east, at.y - north] : null;
  }
  const way = step(exit);
  // Another floor is another map.
  if (way === undefined || way[2] !== 0) return null;
  for (let far = 1; far <= STRETCH; far += 1) {
    const [x, y] = [at.x + way[0] * far, at.y + way[1] * far];
    if (isFree(x, y)) return [x, y];
  }
  return null;
}

/**
 * Exits of where one is that are no directions: what they lead to is put where there is room, so that it can be
 * walked to.
 * @param {Map<string, Room>} rooms @param {string} here @param {Map<string, Place>} places
 * @param {(x: number, y: number) => boolean} isFree
 * @param {(num: string, x: number, y: number) => void} put
 */
function beside(rooms, here, places, isFree, put) {
  const around = [
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0],
    [1, -1],
    [1, 1],
    [-1, 1],
    [-1, -1],
  ];
  for (const [exit, to] of Object.entries(rooms.get(here)?.exits ?? {})) {
    if (to === "" || places.has(to) || direction(exit) !== undefined) continue;
    const free = around.find(([x, y]) => isFree(x, y));
    if (free !== undefined) put(to, free[0], free[1]);
  }
}

/**
 * The lines between places, each once; a way into the unknown is a stub.
 * @param {Map<string, Room>} rooms
 * @param {Map<string, Place>} places
 * @returns {Way[]}
 */
function ways(rooms, places) {
  /** @type {Map<string, Way>} */
  const found = new Map();
  for (const from of places.values()) {
    for (const [exit, num] of Object.entries(rooms.get(from.num)?.exits ?? {})) {
      const to = places.get(num);
      const way = step(exit);
      if (to !== undefined) {
        const id = [from.num, to.num].sort().join("\n");
        if (!found.has(id)) found.set(id, { from: [from.x, from.y], to: [to.x, to.y], stub: false });
      } else if (way !== undefined && way[2] === 0) {
        const end = /** @type {[number, number]} */ ([from.x + way[0] / 2, from.y + way[1] / 2]);
        found.set(`${from.num}\n${exit}`, { from: [from.x, from.y], to: end, stub: true });
      }
    }
  }
  return [...found.values()];
}

/**
 * The exits to go by from one room to another, and the rooms on the way; null if no way is known.
 * @param {Map<string, Room>} rooms
 * @param {string} from
 * @param {string} to
 * @returns {{ exit: string, to: string }[] | null}
 */
export function path(rooms, from, to) {
  /** @type {Map<string, { exit: string, from: string } | null>} */
  const came = new Map([[from, null]]);
  const queue = [from];
  for (let at = 0; at < queue.length && !came.has(to); at += 1) {
    const exits = rooms.get(queue[at])?.exits ?? {};
    // Directions first: "climb" may be the same way, but not as sure.
    for (const exit of ordered(Object.keys(exits))) {
      const next = exits[exit];
      if (next === "" || came.has(next)) continue;
      came.set(next, { exit, from: queue[at] });
      queue.push(next);
    }
  }
  if (!came.has(to) || from === to) return null;
  const way = [];
  for (let at = to, step = came.get(at); step; at = step.from, step = came.get(at))
    way.unshift({ exit: step.exit, to: at });
  return way.length <= LONGEST_WAY ? way : null;
}
