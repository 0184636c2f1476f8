// What happens in the game is seen beside its text, in every browser of a player's, with what they have made
// themselves: gauges that fall, things that come, lines that go where they are wanted, a layout that comes along.

import { Player, expect, test as alone, together as test } from "./game.js";

/** @typedef {import("@playwright/test").Page} Page */

/** @param {Page} page @param {string} name */
const pane = (page, name) => page.getByRole("region", { name, exact: true });

/** @param {Page} page @param {string} item */
async function choose(page, item) {
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

test("bees sting: the gauge falls, and says so again after a reload and a crash", async ({ player, game }) => {
  const { page } = player;
  await player.open();
  await player.register(game.name("anna"));
  const health = page.getByRole("meter", { name: "Health" });
  await expect(health).toHaveAttribute("aria-valuetext", "20 of 20");
  await player.types("north");
  await player.sees("The Old Oak");
  await player.types("west");
  await player.sees("The Hives");
  await player.types("get honeycomb");
  await expect(health).not.toHaveAttribute("aria-valuetext", "20 of 20");
  const hurt = Number(await health.getAttribute("aria-valuenow"));
  expect(hurt).toBeLessThan(20);
  const width = async () => (await health.locator(".fill").boundingBox())?.width ?? 0;
  const whole = (await health.boundingBox())?.width ?? 0;
  await expect.poll(async () => Math.abs((await width()) / whole - hurt / 20)).toBeLessThan(0.05);
  await game.meadow("reload");
  await page.reload();
  await expect(health).toHaveAttribute("aria-valuemax", "20");
  await expect(pane(page, "Room")).toContainText("The Hives");
  process.kill(await game.pid("server"), "SIGKILL");
  await player.types("look");
  await player.sees("> look");
  await expect(health, "it gets better by and by").toHaveAttribute("aria-valuenow", /^1\d$/);
});

test("a trigger made in the editor sends lines of the game elsewhere, an alias makes long ones of short ones", async ({ player, game }) => {
  const { page } = player;
  const [anna, bert] = [game.name("anna"), game.name("bert")];
  const other = await game.player(bert);
  await player.open();
  await player.register(anna);
  await choose(page, "Triggers");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "New trigger" }).click();
  await dialog.getByLabel("When a line").selectOption({ label: "contains" });
  await dialog.getByLabel("this text").fill("honey");
  await dialog.getByLabel("Show it in a pane instead").fill("Bees");
  await dialog.getByRole("button", { name: "Save" }).first().click();
  await dialog.getByRole("tab", { name: /^Aliases/ }).click();
  await dialog.getByRole("button", { name: "New alias" }).click();
  await dialog.getByLabel("When I type").fill("hi *");
  await dialog.getByLabel("send", { exact: true }).fill("say Hello, $1!\npose waves.");
  await dialog.getByRole("button", { name: "Save" }).first().click();
  await page.keyboard.press("Escape");
  await player.types(`hi ${bert}`);
  await other.expect(`${anna} says, "Hello, ${bert}!"`);
  await other.expect(`${anna} waves.`);
  other.send("say I have some honey for you.");
  await expect(pane(page, "Talk").getByRole("tab", { name: "Bees" })).toBeVisible();
  await expect(pane(page, "Talk").getByRole("tabpanel").getByText("I have some honey for you.")).toHaveCount(1);
  // A screen reader says it, too, unless it is not to.
  const said = page.getByRole("log", { name: "New lines" });
  await expect(said).toContainText("I have some honey for you.");
  await player.set("output.announce", "off");
  other.send("say More honey.");
  await expect(pane(page, "Talk").getByRole("tabpanel").getByText("More honey.")).toHaveCount(1);
  await expect(said).not.toContainText("More honey.");
  other.send("say And bread.");
  await player.sees("And bread.");
  await expect(player.log).not.toContainText("honey");
});

alone.describe("two browsers of one player", () => {
  alone.use({ settings: { "accounts.multisession": "1" } });

  alone("have the same panes, and what is changed in one changes in the other", async ({ player, game, browser }) => {
    const { page } = player;
    await player.open();
    await player.register("anna");
    const context = await browser.newContext();
    const other = new Player(await context.newPage(), game);
    await other.open();
    await other.logIn("anna");
    for (const one of [page, other.page]) await expect(pane(one, "Map")).toBeVisible();
    await page.getByRole("button", { name: "Arrange: Map" }).click();
    await page.getByRole("menuitem", { name: "Close" }).click();
    for (const one of [page, other.page]) await expect(pane(one, "Map")).toBeHidden();
    await other.page.getByRole("button", { name: "Arrange: Room" }).click();
    await other.page.getByRole("menuitem", { name: "Put it on the left" }).click();
    for (const one of [page, other.page]) {
      await expect(one.getByRole("complementary", { name: "Panes on the left" }).getByRole("region", { name: "Room" })).toBeVisible();
    }
    // What is typed in one is seen in both, as they have one body.
    await player.types("get flower");
    for (const one of [page, other.page]) await expect(pane(one, "Inventory")).toContainText("flower");
    expect(other.errors).toEqual([]);
    await context.close();
  });
});
