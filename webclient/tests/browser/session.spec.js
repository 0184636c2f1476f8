// A session that is never lost: the page is loaded anew, the tab crashes, websockets are blocked, the Server goes.
// Lines are numbered: none may be missing, and none may come twice.

import { CUT, PASSWORD, Player, expect, test } from "./game.js";

/** @param {import("@playwright/test").Page} page @returns {Promise<string[]>} all lines, drawn or not */
const lines = (page) =>
  page.evaluate(async () => {
    const { client } = await import(String(new URL("main.js", document.baseURI)));
    return client.output.store.list().map((/** @type {{ text: string }} */ line) => line.text);
  });

/** Numbers that somebody has said, in the order they came. @param {import("@playwright/test").Page} page */
const numbers = async (page) =>
  (await lines(page)).flatMap((line) => line.match(/says, "number (\d+)"/)?.[1] ?? []).map(Number);

/** @param {number} from @param {number} to */
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** A browser on whose way websockets are not let through. @param {import("@playwright/test").Page} page */
const block = (page) =>
  page.addInitScript(() => {
    window.WebSocket = /** @type {any} */ (
      class extends EventTarget {
        static OPEN = 1;
        readyState = 0;
        constructor() {
          super();
          setTimeout(() => this.dispatchEvent(new CloseEvent("close", { code: 1006 })), 20);
        }
        send() {}
        close() {}
      }
    );
  });

test("a page that is loaded anew goes on, with all that was said", async ({ player, game }) => {
  const { page } = player;
  await player.open();
  await player.register("anna");
  const bert = await game.player("bert");
  let said = 0;
  const say = (/** @type {number} */ count) => {
    for (const end = said + count; said < end;) bert.send(`say number ${(said += 1)}`);
  };
  say(10);
  await player.sees("number 10");
  for (let time = 0; time < 3; time += 1) {
    say(10);
    await page.reload();
    say(10);
    await player.sees(`number ${said}"`);
  }
  expect(await numbers(page)).toEqual(range(1, said));
  await expect(page.locator("#status")).toHaveText(/^Connected/);
  await player.types("look");
  await player.sees("This is a beautiful meadow.");
  expect((await lines(page)).filter((line) => line.includes("Welcome to")).length, "nobody logs in again").toBe(1);
  await expect(page.getByRole("heading", { name: "A Meadow" }).first(), "panes know where one is").toBeVisible();
});

test("so does a page that had no time to say anything", async ({ player, game }) => {
  const { page } = player;
  await player.open();
  await player.register("anna");
  const bert = await game.player("bert");
  // As if its process had been killed: nothing of what it does when it is left is done.
  await page.evaluate(() => {
    for (const name of ["pagehide", "visibilitychange", "beforeunload"]) {
      for (const target of [window, document])
        target.addEventListener(name, (event) => event.stopImmediatePropagation(), true);
    }
  });
  for (const number of range(1, 60)) {
    bert.send(`say number ${number}`);
    if (number % 20 === 0) await page.waitForTimeout(230);
  }
  await player.sees("number 2");
  await page.goto(game.client());
  await player.sees('number 60"');
  expect(await numbers(page)).toEqual(range(1, 60));
});

test("the last visit is there at the next one, until one signs out of it", async ({ player, game, context }) => {
  const { page } = player;
  await player.open();
  await player.register("anna");
  await player.types("say to be remembered");
  await player.sees('You say, "to be remembered"');
  await player.types("quit");
  await expect(page.locator("#status")).toHaveText("Disconnected.");
  await page.waitForTimeout(800);
  const again = new Player(await context.newPage(), game);
  await again.open();
  await again.logIn("anna");
  await expect
    .poll(async () => (await lines(again.page)).join("\n"))
    .toMatch(/to be remembered[^]*until[^]*Welcome to[^]*logged in as/);
  expect((await lines(again.page)).join("\n")).not.toContain("correct-horse");
  await again.page.evaluate(async () => {
    const { client } = await import(String(new URL("main.js", document.baseURI)));
    client.settings.set("output.keep", false);
    await client.keep.forget();
  });
  const third = new Player(await context.newPage(), game);
  await third.open();
  await third.logIn("anna");
  await third.page.waitForTimeout(500);
  expect((await lines(third.page)).join("\n")).not.toContain("to be remembered");
});

test("a tab that is duplicated leaves the session to the first", async ({ player, game, context }) => {
  const { page } = player;
  await player.open();
  await player.register("anna");
  await page.waitForTimeout(300);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.waitForTimeout(2_500);
  const memory = await page.evaluate(() => ({ ...sessionStorage }));
  expect(Object.keys(memory)).toContain("meadow.session");
  const second = new Player(await context.newPage(), game);
  await second.page.addInitScript((memory) => {
    for (const [key, value] of Object.entries(memory))
      if (sessionStorage.getItem(key) === null) sessionStorage.setItem(key, value);
  }, memory);
  await second.open();
  await player.types("say still here");
  await player.sees('You say, "still here"');
  await expect(page.locator("#status")).toHaveText(/^Connected/);
});

test("where websockets are blocked it goes on by events and requests", async ({ player, game, context }) => {
  const { page } = player;
  await block(page);
  await player.open();
  await player.register("anna");
  const bert = await game.player("bert");
  for (const number of range(1, 20)) bert.send(`say number ${number}`);
  await player.sees('number 20"');
  await page.reload();
  for (const number of range(21, 40)) bert.send(`say number ${number}`);
  await player.sees('number 40"');
  player.causes(CUT);
  await context.setOffline(true);
  await player.types("say typed without a network");
  for (const number of range(41, 60)) bert.send(`say number ${number}`);
  await page.waitForTimeout(1_000);
  await context.setOffline(false);
  await player.sees('number 60"');
  await player.sees('You say, "typed without a network"');
  await bert.expect('anna says, "typed without a network"');
  expect(await numbers(page)).toEqual(range(1, 60));
  await game.meadow("reload");
  await player.types("say after the reload");
  await player.sees('You say, "after the reload"');
  await player.types("quit");
  await expect(page.locator("#status")).toHaveText("Disconnected.");
});

test("the Server may be killed", async ({ player, game }) => {
  const { page } = player;
  await player.open();
  await player.register("anna");
  await player.types("say before");
  await player.sees('You say, "before"');
  process.kill(await game.pid("server"), "SIGKILL");
  await player.types("say after");
  await player.sees('You say, "after"');
  await page.reload();
  await player.types("say at last");
  await player.sees('You say, "at last"');
  const all = (await lines(page)).join("\n");
  for (const word of ["before", "after", "at last"]) expect(all.split(`You say, "${word}"`).length, word).toBe(2);
});

test("one signs in by a form and out in the bar", async ({ player, game }) => {
  const { page } = player;
  const carl = await game.player("carl");
  carl.end();
  await player.open();
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("Name").fill("carl");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(game.client());
  await player.sees("Exits:");
  await player.types("say I am in");
  await player.sees('You say, "I am in"');
  await page.reload();
  await player.sees('You say, "I am in"');
  await player.sees("> say I am in");
  await player.types("look");
  await player.sees("This is a beautiful meadow.");
  await page.getByRole("button", { name: "carl: your account" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(game.site);
  await player.open();
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  expect((await lines(page)).join("\n")).not.toContain("I am in");
});

test("whoever signs out on the site leaves no session and no word to who comes next", async ({ player, game }) => {
  const { page } = player;
  const [carl, dora] = [await game.player("carl"), await game.player("dora")];
  carl.end();
  dora.end();
  const signIn = async (/** @type {string} */ name) => {
    await page.goto(`${game.site}signin`);
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(game.client());
  };
  await signIn("carl");
  await player.sees("Exits:");
  await player.types("say my secret");
  await player.sees('You say, "my secret"');
  await page.waitForTimeout(3_000);
  await page.goto(game.site);
  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn("dora");
  await expect(page.getByRole("button", { name: "dora: your account" })).toBeVisible();
  await player.sees("Exits:");
  await player.types("say who am I");
  await player.sees('You say, "who am I"');
  // She was in the room, and heard it; what carl read is not there.
  expect((await lines(page)).join("\n")).not.toContain('You say, "my secret"');
  await page.locator("#line").press("ArrowUp");
  await page.locator("#line").press("ArrowUp");
  await expect(page.locator("#line")).not.toHaveValue("say my secret");
});
