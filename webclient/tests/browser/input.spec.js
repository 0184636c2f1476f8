// Typing in a browser: several lines, history, completion, secrets, who types; by keyboard, and by thumb.

import AxeBuilder from "axe-core";
import { Player, expect, test } from "./game.js";

test("lines that were sent come again, and are searched", async ({ player }) => {
  const { page, line } = player;
  await player.open();
  await player.register("anna");
  for (const text of ["say one", "look", "say two"]) await player.types(text);
  await line.fill("say");
  await line.press("ArrowUp");
  await expect(line).toHaveValue("say two");
  await line.press("ArrowUp");
  await expect(line).toHaveValue("say one");
  await line.press("ArrowDown");
  await line.press("ArrowDown");
  await expect(line).toHaveValue("say");
  await line.fill("");
  await line.press("Control+r");
  await page.keyboard.type("one");
  await expect(page.getByRole("option")).toHaveText(["say one"]);
  await line.press("Enter");
  await expect(line).toHaveValue("say one");
  await expect(page.getByRole("listbox")).toBeHidden();
  // Passwords are not among them.
  await line.fill("");
  await line.press("Control+r");
  await page.keyboard.type("connect");
  await expect(page.getByRole("option")).toHaveText(["connect anna "]);
  await line.press("Escape");
  await line.fill("first line");
  await line.press("Shift+Enter");
  await page.keyboard.type("second line");
  await expect(line).toHaveValue("first line\nsecond line");
});

test("Tab completes, goes through, and can be left", async ({ player, game }) => {
  const { page, line } = player;
  await player.open();
  await player.register("anna");
  await game.player("Bernadette");
  await player.sees("Bernadette has entered the game.");
  await line.fill("whisper berna");
  await line.press("Tab");
  await expect(line).toHaveValue("whisper Bernadette ");
  await line.press("Escape");
  await line.press("Tab");
  await expect(line, "Escape and Tab leave the field").not.toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(line).toBeFocused();
});

test("a secret is typed where nobody sees it, and kept nowhere", async ({ player }) => {
  const { page, line } = player;
  await player.open();
  await player.register("anna");
  const mode = (/** @type {boolean} */ secret) =>
    page.evaluate(async (secret) => {
      const { client } = await import(String(new URL("main.js", document.baseURI)));
      client.hub.emit({ name: "input_mode", kwargs: { secret } });
    }, secret);
  await mode(true);
  const field = page.locator("#secret");
  await expect(field).toBeFocused();
  expect(await field.evaluate((one) => [/** @type {any} */ (one).type, /** @type {any} */ (one).autocomplete])).toEqual(
    ["password", "off"],
  );
  await page.keyboard.type("say hush-hush");
  await page.keyboard.press("Enter");
  await player.sees('You say, "hush-hush"');
  await mode(false);
  await expect(line).toBeFocused();
  await line.press("ArrowUp");
  await expect(line).not.toHaveValue(/hush/);
  await expect(player.log).not.toContainText("> say hush");
});

test("one sees who is typing", async ({ player, game, browser }) => {
  await player.open();
  await player.register("anna");
  const context = await browser.newContext();
  const bert = new Player(await context.newPage(), game);
  await bert.open();
  await bert.register("bert");
  await player.line.pressSequentially("say Hel");
  await expect(bert.page.locator("#typing")).toHaveText("anna is typing…");
  await player.line.press("Enter");
  await expect(bert.page.locator("#typing")).toBeHidden();
  await player.line.pressSequentially("look");
  await bert.page.waitForTimeout(500);
  await expect(bert.page.locator("#typing")).toBeHidden();
  await context.close();
});

for (const [name, width, height] of /** @type {const} */ ([
  ["a desk", 1280, 800],
  ["a phone", 390, 844],
])) {
  test(`nothing is in the way on ${name}`, async ({ player }) => {
    const { page, line } = player;
    await page.setViewportSize({ width, height });
    await player.open();
    await player.register("anna");
    const aside = await page.evaluate(() => {
      window.scrollTo(200, 0);
      const { scrollX } = window;
      const log = /** @type {HTMLElement} */ (document.getElementById("log"));
      return [scrollX, log.scrollWidth - log.clientWidth];
    });
    expect(aside, "nothing is wider than the page").toEqual([0, 0]);
    await expect(line).toBeInViewport({ ratio: 1 });
    // A soft keyboard takes half of it.
    await page.setViewportSize({ width, height: height / 2 });
    await expect(line).toBeInViewport({ ratio: 1 });
    await player.sees("Exits:");
    await page.setViewportSize({ width, height });
    for (const theme of ["dark", "light", "contrast", "contrast-light"]) {
      await page.evaluate(async (theme) => {
        const { client } = await import(String(new URL("main.js", document.baseURI)));
        client.settings.set("look.theme", theme);
      }, theme);
      const found = await violations(page, ["header", "#text", "#entry", "#find"]);
      expect(found, `${name}, ${theme}`).toEqual([]);
    }
  });
}

/** What axe finds in parts of the page. @param {import("@playwright/test").Page} page @param {string[]} parts */
async function violations(page, parts) {
  // The page's policy lets no script in but its own: this one comes by the debugger.
  await page.evaluate(AxeBuilder.source);
  return page.evaluate(async (parts) => {
    const include = parts.filter((part) => document.querySelector(part) !== null).map((part) => [part]);
    const { violations } = await /** @type {any} */ (window).axe.run({ include });
    return violations.map(
      (/** @type {any} */ one) => `${one.id}: ${one.nodes.map((/** @type {any} */ node) => node.html).join(" ")}`,
    );
  }, parts);
}

test.describe("by thumb", () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test("lines that were sent are chosen again", async ({ player }) => {
    const { page, line } = player;
    await player.open();
    await player.register("anna");
    await player.types("say by hand");
    await player.types("look");
    await page.getByRole("button", { name: "Lines sent before" }).tap();
    await page.getByRole("option", { name: "say by hand" }).tap();
    await expect(line).toHaveValue("say by hand");
    await page.getByRole("button", { name: "Send" }).tap();
    await expect(page.locator("#log .said", { hasText: 'You say, "by hand"' })).toHaveCount(2);
    await page.getByRole("button", { name: "Lines sent before" }).tap();
    await expect(page.getByRole("listbox")).toBeVisible();
    await page.locator("#log").tap();
    await expect(page.getByRole("listbox")).toBeHidden();
    // A link types its command, and raises no keyboard.
    await page.locator("#log [data-command]", { hasText: "north" }).last().tap();
    await player.sees("> north");
    await expect(line).not.toBeFocused();
  });
});
