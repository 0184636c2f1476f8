// Inside TLS everything that is no websocket comes by HTTP/2, over one connection; in the clear it stays with HTTP/1.1.

import { PASSWORD, expect, together as test } from "./game.js";

test.use({ ignoreHTTPSErrors: true, serviceWorkers: "block" });

/** Where the game is inside TLS. @param {import("./game.js").Game} game */
async function encrypted(game) {
  const { services } = JSON.parse((await game.meadow("status", "--json")).stdout);
  const { address } = services.find((/** @type {{ name: string }} */ { name }) => name === "web-tls");
  return `https://${address}/`;
}

/** What the page and its files came by. @param {import("@playwright/test").Page} page @returns {Promise<string[]>} */
const protocols = (page) =>
  page.evaluate(() => {
    const all = /** @type {PerformanceResourceTiming[]} */ ([
      ...performance.getEntriesByType("navigation"),
      ...performance.getEntriesByType("resource"),
    ]);
    return [...new Set(all.map(({ nextHopProtocol }) => nextHopProtocol))];
  });

test("a first visit inside TLS comes by HTTP/2, in few bytes, and all of it is asked for at once", async ({ player, game }) => {
  const { page } = player;
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  const files = { number: 0, bytes: 0 };
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => {
    files.number += 1;
    files.bytes += encodedDataLength;
  });
  await page.goto(`${await encrypted(game)}webclient/`);
  await player.sees("hangs up.");
  expect(await protocols(page)).toEqual(["h2"]);
  expect(files.number).toBeGreaterThan(50);
  // A checkout's files, which are tried without a build, are not packed.
  if (process.env.WEB === undefined) expect(files.bytes, "with what is said of each file").toBeLessThan(115_000);
  // No module is found only when another one has been read: the page names them all.
  const unnamed = await page.evaluate(() => {
    const named = [...document.querySelectorAll("link[rel=modulepreload], link[rel=stylesheet], script[src]")];
    const known = named.map((one) => /** @type {any} */ (one).href ?? /** @type {any} */ (one).src);
    return performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => /\.(js|css)$/.test(name) && !known.includes(name));
  });
  expect(unnamed).toEqual([]);
  // One plays, by a websocket.
  await player.register(game.name("anna"));
  await player.types("say Good morning.");
  await player.sees('You say, "Good morning."');
  await page.reload();
  await player.types("say Good evening.");
  await player.sees('You say, "Good evening."');
});

test("events and requests go by HTTP/2 where websockets are blocked", async ({ player, game }) => {
  const { page } = player;
  await page.addInitScript(() => {
    window.WebSocket = /** @type {any} */ (
      class extends EventTarget {
        static OPEN = 1;
        readyState = 0;
        constructor() {
          super();
          setTimeout(() => this.dispatchEvent(new CloseEvent("close", { code: 1006 })), 20);
        }
        close() {}
      }
    );
  });
  await page.goto(`${await encrypted(game)}webclient/`);
  await player.sees("hangs up.");
  await player.register(game.name("bert"));
  for (const number of [1, 2, 3]) {
    await player.types(`say number ${number}.`);
    await player.sees(`You say, "number ${number}."`);
  }
  expect(await protocols(page)).toEqual(["h2"]);
  const asked = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
  expect(asked).toContain("/webclientdata");
});

test("one signs in and out by forms inside TLS, and is known there", async ({ player, game }) => {
  const { page } = player;
  const site = await encrypted(game);
  const name = game.name("cleo");
  (await game.player(name)).send("quit");
  await page.goto(`${site}signin`);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("main").getByRole("button", { name: "Sign in", exact: true }).click();
  await player.sees("This is a beautiful meadow.");
  expect(await protocols(page)).toEqual(["h2"]);
  await page.getByRole("button", { name: new RegExp(name) }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(site);
});

test("in the clear it stays with HTTP/1.1", async ({ player }) => {
  await player.open();
  expect(await protocols(player.page)).toEqual(["http/1.1"]);
});
