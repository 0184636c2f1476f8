// The client as an app: the service worker (sw.js), installing, and a screen that stays on while one plays.

import { add } from "./menu.js";

/** @param {import("../main.js").Client} client */
export function install(client) {
  startWorker().catch((error) => console.warn("the service worker:", error));
  offerToInstall();
  keepAwake(client);
}

/** Registers the worker, and tells it which files the page consists of; it finds what those load later. */
async function startWorker() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("sw.js", { updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  const isLoaded = document.readyState === "complete";
  if (!isLoaded) await new Promise((done) => window.addEventListener("load", done));
  const files = performance.getEntriesByType("resource").map(({ name }) => name.replace(/#.*/, ""));
  active?.postMessage({ files: [...new Set(files)] });
}

/** What Chromium sends when one can install. @typedef {Event & { prompt: () => Promise<unknown> }} InstallEvent */

function offerToInstall() {
  /** @type {InstallEvent | null} */
  let offer = null;
  const item = add("Install as an app", () => {
    offer?.prompt();
    offer = null;
    item.hidden = true;
  });
  item.hidden = true;
  window.addEventListener("beforeinstallprompt", (event) => {
    // Not now: when the player wants it.
    event.preventDefault();
    offer = /** @type {InstallEvent} */ (event);
    item.hidden = false;
  });
  window.addEventListener("appinstalled", () => (item.hidden = true));
}

/** @param {import("../main.js").Client} client */
function keepAwake({ hub, settings }) {
  if (!("wakeLock" in navigator)) return;
  settings.define({
    key: "device.awake",
    label: "Keep the screen on while I play",
    kind: "bool",
    initial: false,
    section: "This device",
    place: "browser",
  });
  /** @type {WakeLockSentinel | null} */
  let lock = null;
  let inGame = false;
  const wanted = () => settings.get("device.awake") && inGame && document.visibilityState === "visible";
  const look = async () => {
    if (!wanted()) {
      await lock?.release();
      lock = null;
    } else if (lock === null || lock.released) {
      try {
        lock = await navigator.wakeLock.request("screen");
        // It may have been unwanted meanwhile.
        if (!wanted()) await lock.release();
      } catch {
        // A battery that is nearly empty, say.
        lock = null;
      }
    }
  };
  settings.on("device.awake", look);
  document.addEventListener("visibilitychange", look);
  hub.on("logged_in", () => {
    inGame = true;
    look();
  });
  hub.on("client:state", ({ kwargs: { state, news } }) => {
    if (state === "closed" || !news.resumed) inGame = false;
    look();
  });
}
