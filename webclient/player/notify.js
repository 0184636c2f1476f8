// Notices outside of the page, by which the browser tells of a line while the player looks elsewhere.

/** Least time between two, in milliseconds: many lines may come at once. */
const PAUSE = 2_000;

/** Longest text of one. */
const MAX_TEXT = 200;

let last = 0;

/** Whether the player may be told outside of the page. @returns {boolean} */
export function mayNotify() {
  return typeof Notification !== "undefined" && Notification.permission === "granted";
}

/** Asks the player for leave; only in answer to a click. @returns {Promise<boolean>} */
export async function askToNotify() {
  if (typeof Notification === "undefined") return false;
  return (await Notification.requestPermission()) === "granted";
}

/**
 * Tells the player, unless the page is in sight.
 * @param {string} title
 * @param {string} text
 */
export async function notify(title, text) {
  const now = Date.now();
  if (!mayNotify() || document.visibilityState === "visible" || now - last < PAUSE) return;
  last = now;
  const options = { body: text.slice(0, MAX_TEXT), tag: "meadow-trigger", icon: "icons/icon-192.png" };
  // Phones take them from a service worker only.
  const worker = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  if (worker?.active) await worker.showNotification(title, options);
  else new Notification(title, options).addEventListener("click", () => window.focus());
}
