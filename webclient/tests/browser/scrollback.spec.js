// A long evening and a busy one: as many lines as the page keeps, by the way that all lines take (triggers, panes,
// the scrollback on the disk, screen readers), and hundreds a second from the game itself. How long things take is
// written into the report of the test; what fails is only what no machine should need.

import { PASSWORD, expect, test } from "./game.js";
import { numbers, upTo } from "./counting.js";

/** As many as the page keeps. */
const MANY = 100_000;

/** How many talk at once, how much each says at least, and how often, in milliseconds: five hundred lines a second. */
const CROWD = { speakers: 5, lines: 200, pace: 10 };

test.use({ settings: { "limits.commands_per_second": "0", "limits.input_queue_lines": "5000", "limits.connections_per_address": "100" } });

/** @param {import("@playwright/test").TestInfo} info @param {string} type @param {string} description */
function tell(info, type, description) {
  info.annotations.push({ type, description });
  console.log(`${type}: ${description}`);
}

test("a hundred thousand lines of the game", async ({ player, context }, info) => {
  test.setTimeout(120_000);
  const { page } = player;
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await player.open();
  await player.register("anna");
  await player.set("triggers", [{ text: "Nobody says that", send: "look" }]);
  const time = await page.evaluate(async (many) => {
    const { client } = await import(String(new URL("main.js", document.baseURI)));
    const start = performance.now();
    for (let line = 1; line <= many; line += 1) {
      const words = "and in the grass something hums, ".repeat(line % 5);
      client.hub.emit({ name: "text", args: [`<span class="color-0${10 + (line % 6)}">Line ${line} of the flood</span> &amp; ${words}`], kwargs: {} });
      if (line % 1_000 === 0) await new Promise((drawn) => requestAnimationFrame(drawn));
    }
    return performance.now() - start;
  }, MANY);
  tell(info, "100,000 lines", `${Math.round(time)} ms`);
  await player.sees(`Line ${MANY} of the flood`);
  expect(await page.locator("#log .line").count(), "what is drawn").toBeLessThan(200);
  expect(await page.evaluate("document.querySelectorAll('*').length"), "the whole page").toBeLessThan(2_000);

  await page.keyboard.press("Control+f");
  const start = Date.now();
  await page.getByRole("searchbox").fill("line 7 of the flood");
  await expect(page.locator("#find output")).toHaveText("1 of 1");
  tell(info, "search for a line at the beginning", `${Date.now() - start} ms`);
  await expect(player.log.getByText("Line 7 of the flood", { exact: true })).toBeInViewport();
  await page.keyboard.press("Escape");

  // It stays where it is, whatever comes; and the way back says how much that was.
  const line = player.log.getByText("Line 7 of the flood", { exact: true });
  const before = await line.boundingBox();
  for (let more = 0; more < 30; more += 1) await player.hears("text", {}, [`More ${more}`]);
  await expect(page.locator("#newlines")).toContainText(/\d new lines/);
  expect((await line.boundingBox())?.y).toBeCloseTo(before?.y ?? 0, 0);
  await page.locator("#newlines").click();
  await player.sees("More 29");

  await player.log.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  const copied = (await page.evaluate(() => navigator.clipboard.readText())).split("\n").filter((one) => one.startsWith("Line "));
  // Some of the first had to go: the page keeps so many in all.
  expect(copied.length).toBeGreaterThan(MANY - 2_000);
  expect(copied.at(-1), "plain text").toBe(`Line ${MANY} of the flood & `);
});

test("five hundred lines a second from the game: none is missing, and one can read, type and scroll", async ({ player, game }, info) => {
  test.setTimeout(120_000);
  const { page } = player;
  await player.open();
  await player.register("anna");
  const names = Array.from({ length: CROWD.speakers }, (_, at) => `bert${at}`);
  const crowd = await Promise.all(names.map(async (name) => {
    const telnet = await game.stranger();
    await telnet.ask(`create ${name} ${PASSWORD}`, "Is this what you intended?");
    await telnet.ask("y", "You can now log in");
    await telnet.ask(`connect ${name} ${PASSWORD}`, "Exits:");
    return telnet;
  }));
  const heard = async () => {
    const lines = await player.lines();
    return names.map((name) => numbers(lines, name));
  };
  const start = Date.now();
  let isEnough = false;
  const talking = Promise.all(crowd.map(async (telnet) => {
    let said = 0;
    while (!isEnough || said < CROWD.lines) {
      telnet.send(`say number ${(said += 1)}.`);
      await new Promise((next) => setTimeout(next, CROWD.pace));
    }
    return said;
  }));
  await expect.poll(async () => (await heard()).flat().length).toBeGreaterThan(100);
  // One reads above: it does not move.
  await player.log.press("PageUp");
  await expect(page.locator("#newlines")).toBeVisible();
  const held = () => page.evaluate(() => {
    const box = /** @type {HTMLElement} */ (document.getElementById("log")).getBoundingClientRect();
    const row = document.elementFromPoint(box.left + 30, box.top + box.height / 2)?.closest(".line");
    return `${row?.textContent} ${Math.round(row?.getBoundingClientRect().top ?? 0)}`;
  });
  const there = await held();
  await expect(page.locator("#newlines")).toContainText(/\d{2,} new lines/);
  expect(await held()).toBe(there);
  // One types: it is answered.
  const typed = Date.now();
  await player.line.fill("say I am still here.");
  await player.line.press("Enter");
  await expect.poll(() => player.lines().then((lines) => lines.includes('You say, "I am still here."'))).toBe(true);
  tell(info, "an answer in the middle of it", `${Date.now() - typed} ms`);
  isEnough = true;
  const said = await talking;
  const all = said.reduce((sum, one) => sum + one);
  await expect.poll(async () => (await heard()).flat().length, { timeout: 30_000 }).toBe(all);
  tell(info, "lines a second", `${Math.round(all / ((Date.now() - start) / 1_000))}`);
  expect(await heard()).toEqual(said.map(upTo));
  expect(await page.locator("#log .line").count()).toBeLessThan(200);
});
