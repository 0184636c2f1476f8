// What gauges show, from what games send: `char_vitals` has numbers, and the bound of `hp` is `maxhp` (Iron Realms,
// Meadow), `max_hp`, `hpmax`, `hp_max` or in `char_maxstats` (Aardwolf). Plain data; gauges.js draws it.

/** Most gauges that are shown. */
const MAX = 12;

/** What the usual short names mean. @type {Record<string, { label: string, kind: string }>} */
const KNOWN = {
  hp: { label: "Health", kind: "health" },
  health: { label: "Health", kind: "health" },
  life: { label: "Life", kind: "health" },
  mp: { label: "Mana", kind: "magic" },
  mana: { label: "Mana", kind: "magic" },
  sp: { label: "Spirit", kind: "magic" },
  ep: { label: "Endurance", kind: "moves" },
  wp: { label: "Willpower", kind: "magic" },
  moves: { label: "Moves", kind: "moves" },
  mv: { label: "Moves", kind: "moves" },
  stamina: { label: "Stamina", kind: "moves" },
  endurance: { label: "Endurance", kind: "moves" },
  energy: { label: "Energy", kind: "moves" },
  nl: { label: "Next level", kind: "" },
  xp: { label: "Experience", kind: "" },
};

/** Those come first, in this order; the others as the game names them. */
const ORDER = ["health", "magic", "moves"];

/**
 * @typedef {object} Gauge
 * @property {string} name
 * @property {string} label
 * @property {string} kind
 * @property {number} value
 * @property {number} max
 */

/** @typedef {{ name: string, label: string, value: string }} Fact */

/** Numbers are often sent as texts. @param {unknown} value @returns {number | null} */
function number(value) {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string" || value.trim() === "") return null;
  const read = Number(value.replace(/%$/, ""));
  return Number.isFinite(read) ? read : null;
}

/** A name as people read it: `fire_resistance` is "Fire resistance". @param {string} name */
function readable(name) {
  const words = name.replace(/_/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const isBound = (/** @type {string} */ name) => /^max_?.|._?max$/.test(name);

/**
 * What a game has told so far as gauges, and what has no bound as facts.
 * @param {Record<string, unknown>} vitals of all `char_vitals`
 * @param {Record<string, unknown>} [bounds] of `char_maxstats`
 * @param {Record<string, unknown>} [labels] what fields are called: `char_statusvars`
 * @returns {{ gauges: Gauge[], facts: Fact[] }}
 */
export function gauges(vitals, bounds = {}, labels = {}) {
  const lower = (/** @type {Record<string, unknown>} */ fields) =>
    new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
  const [all, maxima] = [lower(vitals), lower(bounds)];
  const boundOf = (/** @type {string} */ name) => {
    for (const one of [`max${name}`, `max_${name}`, `${name}max`, `${name}_max`]) {
      const found = number(all.get(one)) ?? number(maxima.get(one));
      if (found !== null) return found;
    }
    return number(maxima.get(name));
  };
  /** @type {Gauge[]} */
  const found = [];
  /** @type {Fact[]} */
  const facts = [];
  for (const [name, given] of all) {
    if (isBound(name) || name === "string") continue;
    const { label, kind } = Object.hasOwn(KNOWN, name) ? KNOWN[name] : { label: readable(name), kind: "" };
    const called = typeof labels[name] === "string" && labels[name] !== "" ? String(labels[name]) : label;
    const value = number(given);
    // Iron Realms' way to the next level is a percentage.
    const max = boundOf(name) ?? (name === "nl" ? 100 : null);
    if (value !== null && max !== null && max > 0) found.push({ name, label: called, kind, value, max });
    else if (["string", "number"].includes(typeof given)) facts.push({ name, label: called, value: String(given) });
  }
  const rank = (/** @type {Gauge} */ { kind }) => (kind === "" ? ORDER.length : ORDER.indexOf(kind));
  found.sort((one, other) => rank(one) - rank(other));
  return { gauges: found.slice(0, MAX), facts: facts.slice(0, 2 * MAX) };
}

/** How full it is, from 0 to 1. @param {Gauge} gauge */
export function share({ value, max }) {
  return Math.min(Math.max(value / max, 0), 1);
}
