// Never lost: whatever breaks between the page and the game, every line comes, once and in order, both ways. Somebody
// counts aloud all the while, and the page counts as well.

import { Counter, numbers, upTo } from "./counting.js";
import { CUT, Player, expect, together as test } from "./game.js";
import { Way } from "./way.js";

/**
 * Two players who count: one by telnet, straight; one in the browser, by a way that breaks.
 * @param {import("./game.js").Player} player
 */
async function count(player) {
  const { game, page } = player;
  const way = await Way.to(game);
  player.causes(CUT);
  const [anna, bert] = [game.name("anna"), game.name("bert")];
  await page.goto(way.client);
  await player.sees("hangs up.");
  await player.register(anna);
  const other = await game.player(bert);
  await player.sees(`${bert} has entered the game.`);
  const counter = new Counter(other);
  let typed = 0;
  /** The page has got so far. @param {string} who @param {number} number */
  const isAt = (who, number) =>
    expect.poll(async () => numbers(await player.lines(), who).at(-1) ?? 0, { message: `${who}: ${number}` }).toBeGreaterThanOrEqual(number);
  return {
    way,
    counter,
    /** The page says its next number. */
    async types() {
      typed += 1;
      await player.types(`say number ${typed}.`);
    },
    /** What was typed so far has been answered. */
    isAnswered: () => isAt("You", typed),
    /** The page is where the counter is now. */
    isThere: () => isAt(bert, counter.said),
    /** All came: what was said, and what was typed. */
    async isComplete() {
      await counter.stop();
      await isAt(bert, counter.said);
      await isAt("You", typed);
      await expect.poll(() => counter.heard(anna).at(-1)).toBe(typed);
      const lines = await player.lines();
      expect(numbers(lines, bert), "what was said").toEqual(upTo(counter.said));
      expect(numbers(lines, "You"), "answers to what was typed").toEqual(upTo(typed));
      expect(counter.heard(anna), "what was typed").toEqual(upTo(typed));
      expect(lines.filter((line) => /is missing here|not sent/.test(line))).toEqual([]);
      await way.end();
    },
  };
}

test("connections that are cut", async ({ player }) => {
  const { way, counter, types, isThere, isComplete } = await count(player);
  counter.start();
  for (let time = 0; time < 3; time += 1) {
    await types();
    way.cut();
    await types();
    await counter.more(20);
    await isThere();
  }
  await isComplete();
});

test("no network for a while", async ({ player }) => {
  const { way, counter, types, isComplete } = await count(player);
  const status = player.page.locator("#status");
  counter.start();
  await types();
  way.down();
  await expect(status).toHaveText("Reconnecting. What you type is kept.");
  for (let time = 0; time < 5; time += 1) await types();
  await counter.more(60);
  way.up();
  // The browser says so when there is a network again.
  await player.page.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(status).toHaveText(/^Connected/);
  await types();
  await isComplete();
});

test("a connection that is dead and does not say so, as from Wi-Fi to cellular", async ({ player }) => {
  const { way, counter, types, isComplete } = await count(player);
  counter.start();
  await types();
  way.silence();
  await types();
  await player.page.evaluate(() => window.dispatchEvent(new Event("online")));
  await types();
  await expect(player.page.locator("#status")).toHaveText(/^Reconnecting/);
  await expect(player.page.locator("#status")).toHaveText(/^Connected/);
  await isComplete();
});

test("the page is loaded anew, again and again", async ({ player }) => {
  const { counter, types, isAnswered, isThere, isComplete } = await count(player);
  counter.start();
  for (let time = 0; time < 3; time += 1) {
    await types();
    // What was typed and not taken yet may go with the page; it would say so.
    await isAnswered();
    await player.page.reload();
    await counter.more(20);
    await isThere();
  }
  await isComplete();
});

test("the Server is reloaded, also while there is no connection", async ({ player }) => {
  const { way, counter, types, isComplete } = await count(player);
  counter.start();
  await types();
  const reloading = player.game.meadow("reload");
  await types();
  await reloading;
  await types();
  way.down();
  await player.game.meadow("reload");
  await types();
  way.up();
  // The browser says so when there is a network again; otherwise the next try may be half a minute away.
  await player.page.evaluate(() => window.dispatchEvent(new Event("online")));
  await types();
  await isComplete();
});

test("the Server is killed, also with the page", async ({ player }) => {
  const { way, counter, types, isThere, isComplete } = await count(player);
  const { game } = player;
  for (const breakAlso of [() => {}, () => way.cut(), () => player.page.reload()]) {
    counter.start();
    await types();
    await counter.more(10);
    // What the Server has done and not yet told dies with it (ARCHITECTURE.md): nothing is on its way here.
    await counter.stop();
    await isThere();
    process.kill(await game.pid("server"), "SIGKILL");
    counter.say(10);
    await breakAlso();
    await counter.more(10);
    await isThere();
  }
  await types();
  await isComplete();
});

test("the whole game is restarted, Portal and all", async ({ player, browser }) => {
  const { game, page } = player;
  const [anna, bert] = [game.name("anna"), game.name("bert")];
  await player.open();
  await player.register(anna);
  // Telnet ends with its Portal, so it is another page that counts.
  const context = await browser.newContext();
  const other = new Player(await context.newPage(), game);
  for (const one of [player, other]) one.causes(CUT);
  await other.open();
  await other.register(bert);
  await player.sees(`${bert} has entered the game.`);
  await other.page.evaluate(async () => {
    const { client } = await import(String(new URL("main.js", document.baseURI)));
    let said = 0;
    const timer = setInterval(() => client.hub.command(`say number ${(said += 1)}.`), 100);
    Object.assign(window, { stop: () => (clearInterval(timer), said) });
  });
  const portal = await game.pid("portal");
  const last = async (/** @type {Player} */ who, /** @type {string} */ name) => numbers(await who.lines(), name).at(-1) ?? 0;
  await expect.poll(() => last(player, bert)).toBeGreaterThan(5);
  await player.types("say number 1.");
  const restarting = game.meadow("restart");
  // Before, while or after there is no game: whenever the machine comes to it.
  await player.types("say number 2.");
  await player.types("say number 3.");
  await restarting;
  await game.locate();
  await expect(page.locator("#status")).toHaveText(/^Connected/);
  await player.types("say number 4.");
  expect(await game.pid("portal")).not.toBe(portal);
  await expect.poll(() => last(other, anna)).toBe(4);
  const said = Number(await other.page.evaluate("window.stop()"));
  await expect.poll(() => last(player, bert)).toBe(said);
  await expect.poll(() => last(other, "You")).toBe(said);
  for (const [who, name, count] of /** @type {const} */ ([[player, bert, said], [player, "You", 4], [other, anna, 4], [other, "You", said]])) {
    const lines = await who.lines();
    expect(numbers(lines, name), name).toEqual(upTo(count));
    expect(lines.filter((line) => /is missing here|not sent|new one/.test(line))).toEqual([]);
  }
  expect(other.errors).toEqual([]);
  await context.close();
});
