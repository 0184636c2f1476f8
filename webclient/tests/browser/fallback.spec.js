// Where something on the way refuses websockets, the game is played by server-sent events and requests; the player
// notices nothing but that it takes a moment longer to connect.

import { Counter, numbers, upTo } from "./counting.js";
import { CUT, expect, together as test } from "./game.js";
import { Way } from "./way.js";

test("a whole session without a websocket: nothing is missing and nothing comes twice", async ({ player, game }) => {
  const { page } = player;
  const way = await Way.to(game);
  player.causes(CUT);
  way.refusesWebsockets = true;
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  const [anna, bert] = [game.name("anna"), game.name("bert")];
  await page.goto(way.client);
  await player.sees("hangs up.");
  await player.register(anna);
  expect(way.websockets, "it was tried").toBeGreaterThan(0);
  expect(asked).toContain("POST /webclientdata");

  const counter = new Counter(await game.player(bert));
  let typed = 0;
  const types = () => player.types(`say number ${(typed += 1)}.`);
  const isThere = (/** @type {number} */ said) =>
    expect.poll(async () => numbers(await player.lines(), bert).at(-1) ?? 0).toBeGreaterThanOrEqual(said);
  const isAnswered = () => expect.poll(async () => numbers(await player.lines(), "You").at(-1)).toBe(typed);

  await test.step("the Server is reloaded", async () => {
    counter.start();
    await types();
    await game.meadow("reload");
    await types();
    await counter.more(10);
    await isThere(counter.said);
  });
  await test.step("streams and requests break", async () => {
    for (let time = 0; time < 2; time += 1) {
      await types();
      way.cut();
      await types();
      await counter.more(10);
      await isThere(counter.said);
    }
  });
  await test.step("there is no network for a while", async () => {
    way.down();
    await types();
    await types();
    await counter.more(20);
    way.up();
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await isAnswered();
  });
  await test.step("the page is loaded anew, and does not try websockets again", async () => {
    const tried = way.websockets;
    await page.reload();
    await counter.more(10);
    await isThere(counter.said);
    expect(way.websockets).toBe(tried);
    await types();
  });
  await test.step("the Server is killed", async () => {
    await isAnswered();
    await counter.stop();
    await isThere(counter.said);
    process.kill(await game.pid("server"), "SIGKILL");
    counter.say(10);
    await types();
    await isThere(counter.said);
    await counter.stop();
  });

  await isAnswered();
  await expect.poll(() => counter.heard(anna).at(-1)).toBe(typed);
  const lines = await player.lines();
  expect(numbers(lines, bert)).toEqual(upTo(counter.said));
  expect(numbers(lines, "You")).toEqual(upTo(typed));
  expect(counter.heard(anna)).toEqual(upTo(typed));
  await player.types("quit");
  await expect(page.locator("#status")).toHaveText("Disconnected.");
  await way.end();
});
