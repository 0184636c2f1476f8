// The service worker of the browser client: it lets the page start without a network, and shows notices on phones.
// player/pwa.js registers it. It never answers for anything but the page itself, its files (/webclient/) and the site's
// theme, and asks the network first, so that a new version is there at once; the game's own talk (/ws, /api) and other
// pages never come here.

/** Another number throws away what the one before has kept. */
const CACHE = "meadow-shell-2";

/** What is kept from the beginning. */
const FIRST = [
  "./",
  "offline.html",
  "offline.css",
  "../website/theme.css",
  "manifest.webmanifest",
  "icons/icon-192.png",
];

/** Files that are kept: what the page consists of, not the pictures and sounds of a game. */
const KEPT = /\.(?:html|css|js|svg|webmanifest|json)$|\/icons\/[^/]+\.png$/;

/** ... and of the site: colours, and the type that a game has chosen. */
const LOOK = /\.(?:css|woff2)$/;

/** How a module names others that it loads, at once or later, and workers: `import("./find.js")`. */
const NAMED = /(?:\bfrom|\bimport)[\s(]*"(\.{1,2}\/[^"]+\.js)"|\bnew URL\("([^"]+\.js)", import\.meta\.url\)/g;

/** @typedef {{ focus: () => Promise<unknown> }} Page */

/**
 * @typedef {object} Pages
 * @property {() => Promise<void>} claim
 * @property {(which: { type: string }) => Promise<Page[]>} matchAll
 * @property {(address: string) => Promise<unknown>} openWindow
 */

/**
 * What of a service worker the types of pages do not know.
 * @typedef {object} ServiceWorkerSelf
 * @property {() => void} skipWaiting
 * @property {{ navigationPreload?: { enable: () => Promise<void> } }} registration
 * @property {Pages} clients
 * @property {(name: string, handler: (event: any) => void) => void} addEventListener
 */

/**
 * @typedef {object} FetchEvent
 * @property {Request} request
 * @property {Promise<Response | undefined>} preloadResponse
 * @property {(done: Promise<unknown>) => void} waitUntil
 */

const worker = /** @type {ServiceWorkerSelf} */ (/** @type {unknown} */ (self));
const scope = new URL("./", location.href);
const site = new URL("../website/", scope);

worker.addEventListener("install", (event) => {
  worker.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FIRST)));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(begin());
});

async function begin() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name !== CACHE && name.startsWith("meadow-")).map((name) => caches.delete(name)),
  );
  await worker.registration.navigationPreload?.enable();
  await worker.clients.claim();
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || request.headers.has("range")) return;
  // Whatever else one can look at below the page's address is no page of ours, and must not be kept in its place.
  const isOurs = request.mode === "navigate" ? isPage(request.url) : isFile(request.url);
  if (isOurs) event.respondWith(answer(event));
});

/** Whether it is the address of the page. @param {string} address */
function isPage(address) {
  const { origin, pathname } = new URL(address);
  return origin === scope.origin && pathname === scope.pathname;
}

/** Whether a file belongs to the page. @param {string} address */
function isFile(address) {
  const { origin, pathname } = new URL(address);
  const isOf = (/** @type {URL} */ folder, /** @type {RegExp} */ kept) =>
    pathname.startsWith(folder.pathname) && kept.test(pathname);
  return origin === scope.origin && (isOf(scope, KEPT) || isOf(site, LOOK));
}

/** From the network, and if that is not there, as it was last. @param {FetchEvent} event */
async function answer(event) {
  const { request } = event;
  // Whatever the page was asked with (?as=NAME) is the page's own business.
  const key = request.mode === "navigate" ? scope.href : request;
  try {
    const answered = (await event.preloadResponse) ?? (await fetch(request));
    if (answered.status === 200 && answered.type === "basic") {
      const copy = answered.clone();
      event.waitUntil(caches.open(CACHE).then((cache) => cache.put(key, copy)));
    }
    return answered;
  } catch (error) {
    const kept = await caches.match(key, { ignoreVary: true });
    if (kept !== undefined) return kept;
    const instead = request.mode === "navigate" ? await caches.match("offline.html", { ignoreVary: true }) : undefined;
    if (instead !== undefined) return instead;
    throw error;
  }
}

/** The page says what it consists of: at its first visit it was loaded before there was a worker. */
worker.addEventListener("message", (event) => {
  const { files } = event.data ?? {};
  if (Array.isArray(files)) event.waitUntil(keep(files.map(String).filter(isFile)));
});

/**
 * Keeps these files, and what the modules among them load when it is wanted.
 * @param {string[]} files
 */
async function keep(files) {
  const cache = await caches.open(CACHE);
  const known = new Set((await cache.keys()).map(({ url }) => url));
  /** @type {Set<string>} */
  const wanted = new Set();
  /** @param {string} file */
  const want = async (file) => {
    if (wanted.has(file)) return;
    wanted.add(file);
    if (!known.has(file)) await cache.add(file).catch(() => {});
    const kept = file.endsWith(".js") ? await cache.match(file, { ignoreVary: true }) : undefined;
    const named = [...((await kept?.text()) ?? "").matchAll(NAMED)].map(([, module, worker]) => module ?? worker);
    await Promise.all(named.map((name) => new URL(name, file).href).filter(isFile).map(want));
  };
  await Promise.all([...FIRST.map((file) => new URL(file, scope).href), ...files].map(want));
  // What the page has no more goes.
  await Promise.all([...known].filter((url) => !wanted.has(url)).map((url) => cache.delete(url)));
}

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(come());
});

/** Shows the page that is there, or a new one. */
async function come() {
  const pages = await worker.clients.matchAll({ type: "window" });
  if (pages.length > 0) await pages[0].focus();
  else await worker.clients.openWindow(scope.href);
}
