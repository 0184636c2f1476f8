// The keys that go from one to the next within a menu or a row of tabs, round and round: as ARIA's practices have them.

/** Which keys go on and back. */
const KEYS = { menu: ["ArrowDown", "ArrowUp"], tabs: ["ArrowRight", "ArrowLeft"] };

/**
 * Where a key goes to; null if it is for something else.
 * @param {keyof typeof KEYS} kind
 * @param {string} key
 * @param {number} at the one that has the focus; -1 for none
 * @param {number} count how many there are
 * @returns {number | null}
 */
export function target(kind, key, at, count) {
  const [next, previous] = KEYS[kind];
  if (count === 0) return null;
  if (key === next) return (at + 1) % count;
  if (key === previous) return at <= 0 ? count - 1 : at - 1;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

/**
 * The one that a key goes to, among these; the key is used up then.
 * @template {HTMLElement} T
 * @param {keyof typeof KEYS} kind
 * @param {KeyboardEvent} event
 * @param {T[]} all
 * @returns {T | null}
 */
export function going(kind, event, all) {
  const to = target(kind, event.key, all.indexOf(/** @type {T} */ (document.activeElement)), all.length);
  if (to === null) return null;
  event.preventDefault();
  return all[to];
}
