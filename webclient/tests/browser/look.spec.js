// How it looks, measured: what is where, how large it is, and whether it is cut off, on phones, tablets and desks.

import { fits, isForThumbs } from "./accessible.js";
import { expect, together as test } from "./game.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("@playwright/test").Locator} Locator */

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const TABLET = { viewport: { width: 800, height: 1100 }, hasTouch: true, isMobile: true };

/** @param {Locator} one */
async function box(one) {
  const found = await one.boundingBox();
  if (found === null) throw new Error(`${one} is not to be seen`);
  return found;
}

/** Opens panes by the menu, as a player does. @param {Page} page @param {string[]} names */
async function openPanes(page, names) {
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await page.getByRole("menuitem", { name: "Panes" }).click();
  for (const name of names) await page.getByRole("menuitemcheckbox", { name }).click();
  await page.keyboard.press("Escape");
}

/** What is cut off within. @param {Locator} among */
function cutOff(among) {
  return among.evaluateAll((all) =>
    all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent),
  );
}

const pane = (/** @type {Page} */ page, /** @type {string} */ name) => page.getByRole("region", { name, exact: true });

for (const [where, device] of /** @type {const} */ ([
  ["a tablet", TABLET],
  ["a desk", { viewport: { width: 800, height: 800 } }],
])) {
  test.describe(`at ${where} of 800 pixels`, () => {
    test.use(device);
    test("all panes open leave room for the text and the map", async ({ player, game }) => {
      const { page } = player;
      await player.open();
      await player.register(game.name("mapper"));
      await openPanes(page, ["Talk", "Media"]);
      await expect(pane(page, "Media")).toBeVisible();
      await expect.poll(async () => (await box(player.log)).width).toBeGreaterThanOrEqual(400);
      const map = await box(pane(page, "Map").getByRole("group", { name: "Map" }));
      expect(map.height, "the map is high enough for the rooms around").toBeGreaterThanOrEqual(110);
      // Its buttons are within it, too.
      const larger = await box(pane(page, "Map").getByRole("button", { name: "Larger" }));
      const around = await box(pane(page, "Map"));
      expect(larger.y + larger.height).toBeLessThanOrEqual(around.y + around.height + 1);
      await fits(page, "the page");
      if (where === "a tablet") await isForThumbs(page, "all panes");
    });
  });
}

test.describe("what is new elsewhere", () => {
  test("is counted on each tab, and every tab can be read", async ({ player, game }) => {
    const { page } = player;
    const bert = await game.player(game.name("bert"));
    const name = game.name("counter");
    await player.open();
    await player.register(name);
    await openPanes(page, ["Talk"]);
    const talk = pane(page, "Talk");
    bert.send(`page ${name} = one`);
    const tells = talk.getByRole("tab", { name: /^Tells/ });
    await expect(tells, "all is in sight: nothing is new").toHaveText("Tells");
    expect(await cutOff(talk.getByRole("tab"))).toEqual([]);
    const bar = await box(talk.getByRole("tablist"));
    for (const tab of await talk.getByRole("tab").all()) {
      const { x, y, width, height } = await box(tab);
      expect(x + width, "it is not cut off by what is beside it").toBeLessThanOrEqual(bar.x + bar.width + 1);
      expect(y + height).toBeLessThanOrEqual(bar.y + bar.height + 1);
    }
    await talk.getByRole("tab", { name: "Public" }).click();
    bert.send(`page ${name} = two`);
    bert.send(`page ${name} = three`);
    await expect(talk.getByRole("tab", { name: "Tells, 2 new" })).toHaveText("Tells2");
    await tells.click();
    await expect(tells).toHaveText("Tells");
    // Folded, the title of the pane counts.
    await page.getByRole("button", { name: "Talk", exact: true }).click();
    bert.send(`page ${name} = four`);
    await expect(page.getByRole("button", { name: "Talk, 1 new" })).toHaveText("Talk1");
    await page.getByRole("button", { name: "Talk, 1 new" }).click();
    await expect(page.getByRole("button", { name: "Talk", exact: true })).toHaveText("Talk");
    await expect(tells, "unfolded, it is seen").toHaveText("Tells");
  });
});

test.describe("on a phone", () => {
  test.use(PHONE);

  test("the login screen holds, and pages count what is new", async ({ player, game }) => {
    const { page } = player;
    await player.open();
    // No line of it is wrapped: it is as many rows high as it has lines.
    const screen = player.log.locator(".line", { hasText: "hangs up." });
    const [rows, lines] = await screen.evaluate((one) => [
      Math.round(one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)),
      one.textContent?.split("\n").length,
    ]);
    expect(rows).toBe(lines);
    const bert = await game.player(game.name("bert"));
    const name = game.name("thumb");
    await player.register(name);
    bert.send(`page ${name} = one`);
    bert.send(`page ${name} = two`);
    const tab = page.getByRole("tab", { name: "Talk, 2 new" });
    await tab.tap();
    await expect(page.getByRole("tab", { name: "Talk", exact: true, selected: true })).toBeVisible();
    await fits(page, "the pane of talk");
  });

  test("the soft keyboard leaves the text and the field, and the text stays at its end", async ({ player, game }) => {
    const { page } = player;
    await player.open();
    await player.register(game.name("typist"));
    for (const [width, height, keyboard] of [[390, 844, 300], [360, 640, 300], [844, 390, 200]]) {
      await page.setViewportSize({ width, height });
      await player.types("look");
      const end = () => player.log.evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop);
      await expect.poll(end).toBeLessThanOrEqual(8);
      await page.setViewportSize({ width, height: height - keyboard });
      // Six lines at least.
      await expect.poll(async () => (await box(player.log)).height).toBeGreaterThanOrEqual(110);
      const line = await box(player.line);
      expect(line.y + line.height).toBeLessThanOrEqual(height - keyboard);
      await expect.poll(end).toBeLessThanOrEqual(8);
      await page.setViewportSize({ width, height });
      await expect.poll(end, `${width}×${height}: the keyboard is gone, and the end is in sight`).toBeLessThanOrEqual(8);
      await expect(page.locator("header")).toBeVisible();
      // It follows what comes.
      await player.types("look");
      await expect(page.locator("#newlines")).toBeHidden();
    }
  });
});
