// The first visit: the page complains of nothing, and what is typed before it is ready is not lost.

import { expect, together as test } from "./game.js";

/** Holds requests back, until it is called. @param {import("@playwright/test").Page} page @param {string} path */
async function held(page, path) {
  /** @type {() => void} */
  let release = () => {};
  const released = new Promise((resolve) => (release = () => resolve(undefined)));
  await page.route(`**/${path}`, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** What the game was told. @param {import("@playwright/test").Page} page */
function told(page) {
  /** @type {string[]} */
  const lines = [];
  page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => {
      const [name, args] = JSON.parse(String(payload));
      if (name === "text") lines.push(args[0]);
    }),
  );
  return lines;
}

test("lines that are typed before the scripts are there are sent in order, once, and the rest stays", async ({ player, game }) => {
  const { page, line } = player;
  const lines = told(page);
  const release = await held(page, "main.js");
  await page.goto(game.client(), { waitUntil: "commit" });
  await expect(line, "one may type at once").toBeFocused();
  await page.keyboard.type("help\n\nhelp connect\nhel");
  await expect(line).toHaveValue("help\n\nhelp connect\nhel");
  await page.evaluate(() => Object.assign(window, { same: true }));
  release();
  await player.sees("hangs up.");
  await expect(line).toHaveValue("hel");
  await expect(line).toBeFocused();
  await page.keyboard.type("p quit");
  await expect(line, "the caret stayed where it was").toHaveValue("help quit");
  await line.press("Enter");
  await expect.poll(() => lines).toEqual(["help", "help connect", "help quit"]);
  await expect.poll(async () => (await player.lines()).filter((text) => text.startsWith("> "))).toEqual(
    ["> help", "> help connect", "> help quit"],
  );
  const all = await player.lines();
  const greeting = all.findIndex((text) => text.includes("hangs up."));
  expect(all.indexOf("> help"), "the game spoke first").toBeGreaterThan(greeting);
  expect(await page.evaluate(() => "same" in window), "the page was not loaded anew").toBe(true);
});

test("the button that is pressed before the scripts are there leads nowhere else, and the line is sent", async ({ player, game }) => {
  const { page, line } = player;
  const lines = told(page);
  const release = await held(page, "main.js");
  await page.goto(game.client("?x=1"), { waitUntil: "commit" });
  await line.fill("help");
  await page.evaluate(() => Object.assign(window, { same: true }));
  const send = page.getByRole("button", { name: "Send" });
  await send.click();
  await send.click();
  await expect(line).toHaveValue("help");
  release();
  await player.sees("> help");
  await expect(line).toHaveValue("");
  await expect(page).toHaveURL(game.client("?x=1"));
  expect(await page.evaluate(() => "same" in window)).toBe(true);
  await player.types("help quit");
  await expect.poll(() => lines).toEqual(["help", "help quit"]);
});

test("lines that are entered before there is a connection wait for it", async ({ player, game }) => {
  const { page, line } = player;
  const lines = told(page);
  await page.addInitScript(() => {
    // The next websocket is opened when the test says so.
    const { WebSocket } = window;
    /** @type {any} */ (window).WebSocket = class extends EventTarget {
      static OPEN = 1;
      readyState = 0;
      /** @param {string} address @param {string} protocol */
      constructor(address, protocol) {
        super();
        Object.assign(window, {
          connect: () => {
            window.WebSocket = WebSocket;
            this.dispatchEvent(new CloseEvent("close", { code: 1006 }));
          },
        });
        void [address, protocol];
      }
      close() {}
    };
  });
  await page.goto(game.client());
  await expect(page.locator("#status")).toHaveText("Connecting.");
  await player.types("help");
  await expect(line).toHaveValue("help\n");
  await expect(page.locator("#status")).toHaveText("Connecting; what you typed is sent then.");
  await page.keyboard.type("help connect\n");
  await page.evaluate(() => /** @type {any} */ (window).connect());
  await player.sees("> help connect");
  await expect(line).toHaveValue("");
  await player.types("help quit");
  await expect.poll(() => lines).toEqual(["help", "help connect", "help quit"]);
});

test.describe("of one page after another", () => {
  // Requests of a service worker can't be held back.
  test.use({ serviceWorkers: "block" });
  test("a page that goes on with its session takes what is typed before its scripts are there", async ({ player, game }) => {
    const { page, line } = player;
    await player.open();
    await player.register(game.name("early"));
    const lines = told(page);
    const release = await held(page, "main.js");
    await page.reload({ waitUntil: "commit" });
    await line.pressSequentially("say Good morning.\nsay and");
    release();
    await player.sees('You say, "Good morning."');
    await expect(line).toHaveValue("say and");
    expect(lines).toEqual(["say Good morning."]);
  });
});

test("a first visit, a session and the next visit write no error into the console", async ({ player, game }) => {
  const { page } = player;
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (message) => /error|warning/.test(message.type()) && complaints.push(message.text()));
  await page.goto(game.site);
  await page.getByRole("link", { name: "Play" }).first().click();
  await player.sees("hangs up.");
  await player.register(game.name("calm"));
  await player.types("look");
  await page.reload();
  await player.types("quit");
  await expect(page.locator("#status")).toHaveText("Disconnected.");
  await page.goto(game.client());
  await player.sees("hangs up.");
  expect(complaints).toEqual([]);
});
