// What a tab remembers of its session, so that it goes on when the page is loaded anew: in sessionStorage, which only
// this tab can read, and only pages of this server. link.js writes it.

const KEY = "meadow.session";

/** How long the tab that was copied may need to let go, in milliseconds: a reload lets go at once. */
const LETTING_GO = 1_500;

/**
 * @typedef {object} Saved
 * @property {string} id of the session, as this browser calls it
 * @property {"websocket" | "events"} kind how the server is reached
 * @property {boolean} loggedIn somebody has logged in
 * @property {string} as the character that was asked for
 * @property {any} state what the connection needs (`Connection.saved`)
 */

/** @returns {Saved | null} */
export function load() {
  try {
    const saved = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return typeof saved?.id === "string" && saved.state ? saved : null;
  } catch {
    return null;
  }
}

/** @param {Saved | null} saved null: there is nothing to come back to */
export function save(saved) {
  try {
    if (saved === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(saved));
  } catch {
    // Then a reload begins anew.
  }
}

/** A name for a new session, which nobody else has. */
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Takes a session for this tab; says whether it is free. A tab that is duplicated takes its memory along, and the
 * session stays with the first one.
 * @param {string} id
 * @returns {Promise<boolean>}
 */
export function claim(id) {
  // Pages without TLS have no locks; there the newer tab takes the session over.
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const held = new Promise(() => {});
    const signal = AbortSignal.timeout(LETTING_GO);
    navigator.locks
      .request(`meadow-session-${id}`, { signal }, () => {
        resolve(true);
        return held;
      })
      .catch(() => resolve(false));
  });
}
