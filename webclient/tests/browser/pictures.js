// Makes the pictures of the documentation (docs/pictures/): each main screen, at a desk and on a phone. By hand, after a
// change that one sees: `npm run pictures`, after `cargo build`. Then look at each of them.

import { chromium, expect } from "@playwright/test";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import config from "./playwright.config.js";
import { Game, PASSWORD, Player } from "./game.js";
import { quantised } from "./png.js";

const FOLDER = resolve(import.meta.dirname, "../../../docs/pictures");

/** No picture may be larger, in bytes. */
const LIMIT = 120_000;

const DESK = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** @param {import("@playwright/test").Page} page @param {string} name */
async function picture(page, name) {
  // What moves has come to rest, and no caret blinks.
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {}))));
  await page.waitForTimeout(300);
  const png = quantised(await page.screenshot({ animations: "disabled", caret: "hide" }));
  if (png.length > LIMIT) throw new Error(`${name} has ${png.length} bytes`);
  await writeFile(join(FOLDER, `${name}.png`), png);
  console.log(`${name}.png: ${png.length}`);
}

/** @param {import("@playwright/test").Page} page @param {string} item */
async function choose(page, item) {
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** Somebody walks about and talks, so that there is something to see. @param {Player} player @param {import("./game.js").Telnet} bert */
async function play(player, bert) {
  for (const [line, answer] of /** @type {[string, RegExp][]} */ ([
    ["get flower", /You pick up/],
    ["north", /The Old Oak/],
    ["west", /The Hives/],
    ["east", /The Old Oak/],
    ["east", /The Yard/],
    ["south", /By the Brook/],
    ["north", /The Yard/],
    ["west", /The Old Oak/],
    ["south", /A Meadow/],
  ])) {
    await player.types(line);
    // The answer to this line, not an older one that reads the same.
    const after = async () => (await player.lines()).join("\n").split(`> ${line}\n`).at(-1) ?? "";
    await expect.poll(after).toMatch(answer);
  }
  bert.send("say There you are! Have you been to the hives?");
  await player.sees("Have you been to the hives?");
  await player.types("say Only for a look: the bees were at home.");
  await player.sees("the bees were at home");
  bert.send("pose laughs, and picks a blade of grass.");
  bert.send("public Good evening, everybody!");
  bert.send("page Anna = The gate of the garden is locked. Do you know who has the key?");
  await player.sees("who has the key?");
  await player.types("public Good evening, Bert.");
  await player.sees("Anna: Good evening, Bert.");
  await player.types("look");
}

/** @param {import("@playwright/test").Browser} browser @param {Game} game @param {import("./game.js").Telnet} bert @param {"desktop" | "phone"} where */
async function tour(browser, game, bert, where) {
  const isPhone = where === "phone";
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const context = await browser.newContext({ ...(isPhone ? PHONE : DESK), colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    const player = new Player(page, game);
    const isLight = colorScheme === "light";
    if (isLight) {
      await page.goto(game.site);
      await picture(page, `site-${where}`);
      await page.goto(`${game.site}signin`);
      await page.getByLabel("Name").fill("Anna");
      await picture(page, `signin-${where}`);
    }
    await player.open();
    if (isLight) await picture(page, `welcome-${where}`);
    await player.logIn("Anna");
    await play(player, bert);
    await picture(page, `play-${colorScheme}-${where}`);
    if (isPhone) {
      await page.locator("#pages [role=tab]", { hasText: isLight ? "Map" : "Talk" }).click();
      await picture(page, isLight ? `map-${where}` : `talk-${where}`);
    } else if (!isLight) {
      await page.evaluate(async () => {
        const { client } = await import(String(new URL("main.js", document.baseURI)));
        client.layout.show("talk");
      });
      bert.send("public The bees are late today.");
      await page.getByRole("region", { name: "Talk" }).getByText("The bees are late").waitFor();
      await picture(page, `panes-${where}`);
    }
    if (isLight === isPhone) {
      await choose(page, "Settings");
      await picture(page, `settings-${where}`);
      await page.keyboard.press("Escape");
      await choose(page, "Triggers");
      await page.getByRole("button", { name: "New trigger" }).click();
      await page.getByRole("dialog").getByLabel("this text").fill("the bees are");
      await page.getByRole("dialog").getByLabel("Send commands").fill("pose listens to the hum.");
      await picture(page, `triggers-${where}`);
    }
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await player.types("drop flower");
    await player.types("quit");
    await expect(page.locator("#status")).toHaveText("Disconnected.");
    await context.close();
  }
}

const game = await Game.start();
const browser = await chromium.launch(config.use?.launchOptions);
try {
  await mkdir(FOLDER, { recursive: true });
  (await game.player("Anna")).send("quit");
  const bert = await game.player("Bert");
  await game.player("Carla");
  await tour(browser, game, bert, "desktop");
  await tour(browser, game, bert, "phone");
  await game.superuser("Olga");
  const context = await browser.newContext({ ...DESK, colorScheme: "light" });
  const page = await context.newPage();
  await page.goto(`${game.site}signin?next=/admin/`);
  await page.getByLabel("Name").fill("Olga");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/admin/);
  await page.waitForLoadState("networkidle");
  if ((await page.request.get(`${game.site}admin/`)).ok()) await picture(page, "admin-desktop");
  else console.log("admin-desktop.png: there is no such page yet");
  await context.close();
} finally {
  await browser.close();
  await game.end();
}
