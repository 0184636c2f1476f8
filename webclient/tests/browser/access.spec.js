// Everybody can play: with axe on each main screen, in dark and light, at a desk and on a phone; by keyboard alone;
// with thumbs; without motion.

import { fits, focus, isAccessible, isForThumbs, tabThrough } from "./accessible.js";
import { PASSWORD, expect, together as test } from "./game.js";

/** @typedef {import("@playwright/test").Page} Page */

const DESK = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** All panes are open, and have something in them. @param {import("./game.js").Player} player */
async function openPanes(player) {
  await player.page.evaluate(async () => {
    const { client } = await import(String(new URL("main.js", document.baseURI)));
    for (const id of ["talk", "media"]) client.layout.show(id);
    client.layout.showText();
  });
  await player.types("get flower");
  await player.types("public Hello, everybody!");
  await player.hears("text", { type: "page", talker: "bert" }, ["bert pages: psst"]);
  await player.hears("client_media_play", { name: "../webclient/icons/icon-192.png", caption: "A meadow" });
  await player.sees("bert pages: psst");
}

/** @param {Page} page @param {string} item */
async function choose(page, item) {
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

for (const [where, device] of /** @type {const} */ ([["a desk", DESK], ["a phone", PHONE]])) {
  test.describe(`at ${where}`, () => {
    test.use(device);
    const isPhone = where === "a phone";
    const check = async (/** @type {Page} */ page, /** @type {string} */ what) => {
      await isAccessible(page, what);
      await fits(page, what);
      if (isPhone) await isForThumbs(page, what);
    };

    test("the pages of the site have no violation", async ({ player, game }) => {
      const { page } = player;
      const name = game.name("anna");
      (await game.player(name)).send("quit");
      player.causes(/status of 404 .*\/no-such-page\)|status of 401 .*\/signin\)/);
      for (const path of ["", "signin", "register", "no-such-page"]) {
        await page.goto(game.site + path);
        await check(page, `/${path}`);
      }
      await page.goto(`${game.site}signin`);
      await page.getByLabel("Name").fill(name);
      await page.getByLabel("Password").fill("wrong");
      await page.keyboard.press("Enter");
      await expect(page.locator("#error")).toBeVisible();
      await check(page, "a wrong password");
      await page.getByLabel("Password").fill(PASSWORD);
      await page.keyboard.press("Enter");
      await player.sees("This is a beautiful meadow.");
      for (const path of ["", "account"]) {
        await page.goto(game.site + path);
        await check(page, `/${path}, signed in`);
      }
    });

    test("the client has no violation", async ({ player, game }) => {
      const { page } = player;
      await player.open();
      await check(page, "before login");
      await player.register(game.name("anna"));
      await openPanes(player);
      await check(page, "in play");
      const tabs = page.locator("#pages [role=tab]");
      for (let at = 1; at < (await tabs.count()); at += 1) {
        await tabs.nth(at).click();
        await expect(tabs.nth(at)).toHaveAttribute("aria-selected", "true");
        await check(page, `the page ${await tabs.nth(at).textContent()}`);
      }
      if (isPhone) await tabs.first().click();
      await page.getByRole("button", { name: "Menu", exact: true }).click();
      await check(page, "the menu");
      await page.getByRole("menuitem", { name: "Panes" }).click();
      await check(page, "the menu of panes");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+f");
      await page.getByRole("searchbox").fill("meadow");
      await expect(page.locator("#find output")).toHaveText(/ of /);
      await check(page, "the search");
      await page.keyboard.press("Escape");
      for (let line = 0; line < 100; line += 1) await player.hears("text", {}, [`Line ${line}`]);
      await player.log.press("PageUp");
      await expect(page.locator("#newlines")).toBeVisible();
      await check(page, "reading above");
    });

    test("the dialogs have no violation", async ({ player, game }) => {
      const { page } = player;
      await player.open();
      await player.register(game.name("anna"));
      await choose(page, "Settings");
      await check(page, "the settings");
      await page.keyboard.press("Escape");
      await choose(page, "Triggers");
      await check(page, "no triggers");
      await page.getByRole("button", { name: "New trigger" }).click();
      await check(page, "a new trigger");
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("this text").fill("A wasp");
      await dialog.getByLabel("Send commands").fill("wave");
      await dialog.getByRole("button", { name: "Save" }).first().click();
      await check(page, "a trigger");
      for (const list of ["Aliases", "Keys", "Timers"]) {
        await page.getByRole("tab", { name: list }).click();
        await page.getByRole("button", { name: /^New / }).click();
        await check(page, list);
        await page.keyboard.press("Escape");
        if ((await dialog.count()) === 0) await choose(page, "Triggers");
      }
    });
  });
}

test("by keyboard alone: each thing that can be used is come to, in order, and one sees where one is", async ({ player, game }) => {
  const { page } = player;
  const keys = page.keyboard;
  await player.open();
  await expect(player.line).toBeFocused();
  const before = await tabThrough(page);
  expect(before).toEqual(expect.arrayContaining(["Sign in", "Menu", "Game", "Send"]));
  await player.line.focus();
  await keys.type(`create ${game.name("anna")} ${PASSWORD}`);
  await keys.press("Enter");
  await player.isAsked("Is this what you intended?");
  await keys.type("y");
  await keys.press("Enter");
  await player.sees("You can now log in");
  await keys.type(`connect ${(await page.locator("#log").textContent())?.match(/anna\d+/)?.[0]} ${PASSWORD}`);
  await keys.press("Enter");
  await player.sees("Exits:");
  await openPanes(player);
  await player.line.focus();
  const names = await tabThrough(page);
  for (const name of ["Menu", "Game", "Room", "Arrange: Room", "north", "east", "Map", "Smaller", "Larger", "Inventory", "Here", "Talk", "All", "Sort", "Media", "Stop", "Send"]) {
    expect.soft(names, name).toContain(name);
  }
  expect(names.indexOf("Menu"), "from above to below").toBeLessThan(names.indexOf("Game"));
  expect(names.indexOf("Room")).toBeLessThan(names.indexOf("Map"));
  expect(names.at(-1), "the field for commands comes between the text and its button").not.toBe("Menu");
  const back = await tabThrough(page, "Shift+Tab");
  expect(back, "and the same way back").toEqual(names.toReversed());

  // Each function, and the focus is where it was afterwards.
  const menu = page.getByRole("button", { name: "Menu", exact: true });
  const open = async (/** @type {RegExp} */ item) => {
    await menu.focus();
    await keys.press("Enter");
    for (let downs = 0; downs < 10 && !item.test((await focus(page)).name); downs += 1) await keys.press("ArrowDown");
    await expect(page.getByRole("menuitem", { name: item })).toBeFocused();
    await keys.press("Enter");
  };
  for (const [item, title] of /** @type {const} */ ([[/^Settings/, "Settings"], [/^Triggers/, "Triggers, aliases, keys and timers"]])) {
    await open(item);
    const dialog = page.getByRole("dialog", { name: title });
    await expect(dialog).toBeVisible();
    const inside = await tabThrough(page);
    expect(inside.length, title).toBeGreaterThan(3);
    expect(await dialog.evaluate((one) => one.contains(document.activeElement) || document.activeElement === document.body), "the focus stays in the dialog").toBe(true);
    await keys.press("Escape");
    await expect(dialog).toHaveCount(0);
    await expect(menu).toBeFocused();
  }
  await open(/^Panes/);
  await expect(page.getByRole("menuitemcheckbox").first()).toBeFocused();
  await keys.press("Escape");
  await keys.press("Control+f");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await keys.type("meadow");
  await expect(page.locator("#find output")).toHaveText(/ of /);
  await keys.press("Enter");
  await keys.press("Escape");
  await expect(player.line).toBeFocused();
  // Whoever reads and begins to type has what was typed.
  await player.log.focus();
  await keys.type("look");
  await expect(player.line).toHaveValue("look");
});

test("by keyboard alone one signs in, plays, and leaves", async ({ player, game }) => {
  const { page } = player;
  const keys = page.keyboard;
  const name = game.name("anna");
  (await game.player(name)).send("quit");
  const goTo = async (/** @type {string | RegExp} */ wanted) => {
    for (let tabs = 0; tabs < 60; tabs += 1) {
      const { name, faults } = await focus(page);
      expect.soft(faults).toEqual([]);
      if (typeof wanted === "string" ? name === wanted : wanted.test(name)) return;
      await keys.press("Tab");
    }
    throw new Error(`no way to ${wanted}`);
  };
  await page.goto(game.site);
  await keys.press("Tab");
  expect((await focus(page)).name).toMatch(/^Skip/);
  await goTo("Sign in");
  await keys.press("Enter");
  await expect(page.getByLabel("Name")).toBeFocused();
  await keys.type(name);
  await keys.press("Tab");
  await keys.type(PASSWORD);
  await keys.press("Enter");
  await player.sees("This is a beautiful meadow.");
  await expect(player.line).toBeFocused();
  await keys.type("say Hello.");
  await keys.press("Enter");
  await player.sees('You say, "Hello."');
  await goTo(`${name}: your account`);
  await keys.press("Enter");
  await goTo("Sign out");
  await keys.press("Enter");
  await expect(page).toHaveURL(game.site);
});

test("without motion for whoever wants none", async ({ player }) => {
  const { page } = player;
  const moving = () => page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === "running").length);
  await player.open();
  await player.hears("text", {}, ['<span class="blink">Look here!</span>']);
  await expect.poll(moving).toBe(1);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await expect.poll(moving).toBe(0);
  await expect(page.locator(".blink"), "it stands out all the same").toHaveCSS("font-weight", "700");
  await page.setViewportSize({ width: 390, height: 844 });
  const tab = page.locator("#pages [role=tab]").nth(1);
  await tab.click();
  await expect(tab).toHaveAttribute("aria-selected", "true");
  expect(await moving()).toBe(0);
});
