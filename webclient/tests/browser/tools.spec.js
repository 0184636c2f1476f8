// The player's own triggers, aliases, keys and timers, the settings, and the client as an app.

import axe from "axe-core";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CUT, Player, expect, test } from "./game.js";

/** @typedef {import("@playwright/test").Page} Page */

/** What a part of the client has set. @param {Page} page @param {string} key @returns {Promise<any>} */
function setting(page, key) {
  return page.evaluate(async (key) => {
    const { client } = await import(String(new URL("main.js", document.baseURI)));
    return client.settings.get(key);
  }, key);
}

/** @param {Page} page @param {string} key @param {unknown} value */
async function set(page, key, value) {
  const taken = await page.evaluate(async ([key, value]) => {
    const { client } = await import(String(new URL("main.js", document.baseURI)));
    return client.settings.set(key, value);
  }, /** @type {const} */ ([key, value]));
  expect(taken, `${key} may be so`).toBe(true);
}

/** @param {Page} page @param {string} item */
async function choose(page, item) {
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** Paths of what the service worker has kept. @param {Page} page @returns {Promise<string[]>} */
function keptFiles(page) {
  return page.evaluate(async () => {
    const names = await caches.keys();
    const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return all.flat().map(({ url }) => new URL(url).pathname);
  });
}

/** Every module is kept, wanted before or not. @param {Page} page */
async function isKept(page) {
  const folder = join(import.meta.dirname, "../..");
  // Without the worker itself, and what stays on this machine.
  const other = /^(?:sw\.js|tests|node_modules)/;
  const files = await Promise.all(
    ["", "input", "net", "output", "panes", "player"].map(async (part) =>
      (await readdir(join(folder, part))).map((file) => join(part, file)),
    ),
  );
  const modules = files.flat().filter((file) => file.endsWith(".js") && !other.test(file));
  expect(modules.length).toBeGreaterThan(80);
  await expect
    .poll(async () => {
      const kept = await keptFiles(page);
      return modules.filter((module) => !kept.includes(`/webclient/${module}`));
    })
    .toEqual([]);
}

/** The page has no violation of the accessibility rules. @param {Page} page */
async function isAccessible(page) {
  // By the debugger: the page's policy lets no other script in.
  await page.evaluate(axe.source);
  const found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
  const { violations } = /** @type {import("axe-core").AxeResults} */ (found);
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`)).toEqual([]);
}

test("a trigger made by keyboard answers what the game says, and nobody can misuse it", async ({ player, game }) => {
  const { page } = player;
  const keys = page.keyboard;
  await player.open();
  await player.register("anna");
  await page.getByRole("button", { name: "Menu", exact: true }).focus();
  await keys.press("Enter");
  await expect(page.getByRole("menuitem", { name: /Triggers/ })).toBeFocused();
  await keys.press("Enter");
  await expect(page.getByRole("tab", { name: "Triggers" })).toBeFocused();
  await isAccessible(page);
  const goTo = async (/** @type {import("@playwright/test").Locator} */ to) => {
    for (let tabs = 0; tabs < 40 && !(await to.evaluate((one) => one === document.activeElement)); tabs += 1)
      await keys.press("Tab");
    await expect(to).toBeFocused();
  };
  const dialog = page.getByRole("dialog");
  await goTo(dialog.getByRole("button", { name: "New trigger" }));
  await keys.press("Enter");
  await expect(dialog.getByLabel("When a line")).toBeFocused();
  await keys.press("i"); // "is like a pattern"
  await goTo(dialog.getByLabel("this text"));
  await keys.type("{who}{what}");
  await keys.press("Enter");
  await expect(dialog.getByLabel("this text")).toHaveAttribute("aria-invalid", "true");
  await isAccessible(page);
  await keys.press("Control+A");
  await keys.type('{who} says, "ping {what}"');
  await goTo(dialog.getByLabel("Send commands"));
  await keys.type("say pong {what} to {who};pose nods.");
  await goTo(dialog.getByLabel("Mark the line"));
  await keys.type("green");
  await goTo(dialog.getByLabel("Try it on a line"));
  await keys.type('Bert says, "ping a;b"');
  await expect(dialog.getByText("It means this line.")).toContainText(
    'It sends "say pong a;b to Bert", then "pose nods."',
  );
  await goTo(dialog.getByRole("button", { name: "Save" }).first());
  await keys.press("Enter");
  await expect(dialog.getByRole("button", { name: /^Change:/ })).toBeFocused();
  await isAccessible(page);
  await keys.press("Escape");
  await expect(page.getByRole("button", { name: "Menu", exact: true })).toBeFocused();

  const bert = await game.player("bert");
  bert.send("say ping 1;quit");
  await bert.expect('anna says, "pong 1;quit to bert"');
  await bert.expect("anna nods.");
  await player.sees('bert says, "ping 1;quit"');
  await expect(player.log.locator(".bgcolor-157").first()).toContainText("bert says");
});

test("what answers itself is stopped, and the page stays alive", async ({ player }) => {
  await player.open();
  await player.register("anna");
  await set(player.page, "triggers", [
    { text: 'You say, "loop', send: "say loop" },
    { text: "(a+)+$", how: "regex", mark: "red" },
    { text: "secret", hide: true },
  ]);
  await player.types("say loop");
  await player.sees("They send nothing for 10 seconds now.");
  await player.types(`say ${"a".repeat(3000)}!`);
  await player.sees("aaa!");
  await player.types("say secret");
  await player.types("say after");
  await player.sees('You say, "after"');
  await expect(player.log).not.toContainText('You say, "secret"');
});

test("aliases, keys and timers send commands", async ({ player }) => {
  const { page } = player;
  await player.open();
  await player.register("anna");
  await set(page, "aliases", [{ text: "greet {who} *", send: "say Hello, {who}!;say $2" }]);
  await player.types("greet Bert how are you; well?");
  await player.sees('You say, "Hello, Bert!"');
  await player.sees('You say, "how are you; well?"');
  await player.line.press("ArrowUp");
  await expect(player.line, "the history has what was typed").toHaveValue("greet Bert how are you; well?");
  await player.line.fill("");
  await choose(page, "Triggers");
  await page.getByRole("tab", { name: "Keys" }).click();
  await page.getByRole("button", { name: "Walk with the number pad" }).click();
  await isAccessible(page);
  await page.keyboard.press("Escape");
  await player.line.focus();
  await player.line.press("Numpad8");
  await player.sees("> north");
  await set(page, "timers", [{ every: 1, send: "say tick" }]);
  await expect(player.log.getByText('You say, "tick"').nth(1)).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 300 });
  await player.line.press("PageUp");
  await expect(page.getByRole("button", { name: /^[2-9] new lines/ }), "who reads above is left there").toBeVisible();
  await set(page, "timers", []);
});

test("buttons of the player's own send commands without a keyboard", async ({ player }) => {
  const { page } = player;
  await page.setViewportSize({ width: 390, height: 844 });
  await player.open();
  await player.register("anna");
  await choose(page, "Triggers");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("tab", { name: "Keys" }).click();
  await dialog.getByRole("button", { name: "New key" }).click();
  await dialog.getByLabel("Send commands").fill("say Hello\nsay Bye");
  await dialog.getByRole("button", { name: "Save" }).first().click();
  await expect(dialog.getByText("Press the key that is meant")).toBeVisible();
  await dialog.getByLabel("Show a button above the field").check();
  await dialog.getByLabel("Name").fill("Greet");
  await dialog.getByRole("button", { name: "Save" }).first().click();
  await page.keyboard.press("Escape");
  await page.getByRole("region", { name: "My buttons" }).getByRole("button", { name: "Greet" }).click();
  await player.sees('You say, "Hello"');
  await player.sees('You say, "Bye"');
  await isAccessible(page);
});

test("settings are kept on the account, and go into a file", async ({ player, game, browser }) => {
  const { page } = player;
  await player.open();
  await player.register("anna");
  await set(page, "aliases", [{ text: "k *", send: "kill $1" }]);
  await choose(page, "Settings");
  const dialog = page.getByRole("dialog", { name: "Settings" });
  const divider = dialog.getByRole("combobox", { name: "What divides commands" });
  const loudness = dialog.getByRole("spinbutton", { name: "Loudness of sounds, in percent" });
  await isAccessible(page);
  await dialog.getByLabel("Search").fill("divides");
  await expect(divider).toBeVisible();
  await expect(loudness).toBeHidden();
  await divider.selectOption("|");
  await dialog.getByLabel("Search").fill("loudness");
  await loudness.fill("200");
  await dialog.getByLabel("Search").focus();
  await expect(dialog.getByText("This has to be a number from 0 to 100.")).toBeVisible();
  const saving = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save to a file" }).click();
  const file = await (await saving).path();
  await page.keyboard.press("Escape");
  // It is on its way.
  await page.waitForTimeout(1500);

  const context = await browser.newContext();
  const other = new Player(await context.newPage(), game);
  await other.open();
  // Changed here, and not told yet.
  await set(other.page, "sounds.volume", 20);
  await other.logIn("anna");
  await expect.poll(() => setting(other.page, "commands.divider")).toBe("|");
  expect(await setting(other.page, "aliases")).toEqual([{ text: "k *", send: "kill $1" }]);
  expect(await setting(other.page, "sounds.volume")).toBe(20);

  await set(other.page, "commands.divider", ";");
  await set(other.page, "aliases", []);
  await choose(other.page, "Settings");
  const choosing = other.page.waitForEvent("filechooser");
  await other.page.getByRole("button", { name: "Load a file" }).click();
  await (await choosing).setFiles(file);
  await expect(other.page.getByText(/^Settings taken from/)).toBeVisible();
  expect(await setting(other.page, "commands.divider")).toBe("|");
  expect(await setting(other.page, "aliases")).toEqual([{ text: "k *", send: "kill $1" }]);
  expect(other.errors).toEqual([]);
  await context.close();
});

test("a package of Mudlet's brings its simple ones", async ({ player }) => {
  const { page } = player;
  await player.open();
  await choose(page, "Triggers");
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Load a file" }).click();
  const buffer = Buffer.from(`<?xml version="1.0"?><!DOCTYPE MudletPackage><MudletPackage version="1.001">
    <TriggerPackage><TriggerGroup isActive="yes"><name>Food</name>
      <Trigger isActive="yes"><name>Hungry</name><script></script><mCommand>eat bread</mCommand>
        <regexCodeList><string>You are hungry</string><string>^You (starve|faint)</string></regexCodeList>
        <regexCodePropertyList><integer>0</integer><integer>1</integer></regexCodePropertyList></Trigger>
      <Trigger isActive="yes"><name>Scripted</name><script>os.exit()</script><mCommand>x</mCommand>
        <regexCodeList><string>x</string></regexCodeList><regexCodePropertyList><integer>0</integer></regexCodePropertyList>
      </Trigger></TriggerGroup></TriggerPackage>
    <AliasPackage><Alias isActive="no"><name>k</name><script></script><command>kill dog</command><regex>^k$</regex></Alias>
    </AliasPackage>
    <TimerPackage><Timer isActive="yes"><name>T</name><script></script><command>look</command><time>00:01:05.000</time></Timer>
    </TimerPackage></MudletPackage>`);
  await (await choosing).setFiles({ name: "package.xml", mimeType: "text/xml", buffer });
  await expect(page.getByText("Added: 4. Left out, because they cannot be used here: 1.")).toBeVisible();
  expect(await setting(page, "triggers")).toEqual([
    { name: "Hungry", group: "Food", send: "eat bread", text: "You are hungry", cased: true },
    { name: "Hungry", group: "Food", send: "eat bread", text: "^You (starve|faint)", how: "regex", cased: true },
  ]);
  expect(await setting(page, "aliases")).toEqual([{ send: "kill dog", off: true, text: "k" }]);
  expect(await setting(page, "timers")).toEqual([{ name: "T", send: "look", every: 65 }]);
});

test("it can be installed, and starts without a network", async ({ player, game, context }) => {
  const { page } = player;
  await player.open();
  const manifest = await (await page.request.get(game.client("manifest.webmanifest"))).json();
  expect(manifest.name).toBe(await page.title());
  for (const { src } of manifest.icons) expect((await page.request.get(game.client(src))).status(), src).toBe(200);
  await isKept(page);
  player.causes(CUT);
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(manifest.name);
  await expect(page.locator("#status")).toContainText(/No connection|Reconnecting/);
  await choose(page, "Settings");
  await page.keyboard.press("Escape");
  const kept = await keptFiles(page);
  // Of the site, its colours alone.
  expect(kept.filter((path) => !path.startsWith("/webclient/"))).toEqual(["/website/theme.css"]);
  await context.setOffline(false);
  await expect(page.locator("#status")).toContainText("Connected", { timeout: 40_000 });
});

test("without a network every module is there, wanted before or not", async ({ player }) => {
  const { page } = player;
  await player.open();
  await isKept(page);
});

test("no other page takes the place of the client", async ({ player, game, context }) => {
  const { page } = player;
  await player.open();
  await isKept(page);
  const other = await context.newPage();
  for (const path of ["offline.html", "theme.css", "offline.html?x", "manifest.webmanifest"]) {
    await other.goto(game.client(path)).catch((error) => expect(String(error)).toContain("Download"));
  }
  player.causes(CUT);
  await context.setOffline(true);
  await page.reload();
  await expect(page.locator("#status")).toContainText(/No connection|Reconnecting/);
});

test("what is shown without a network has the game's colours", async ({ player, game, context }) => {
  const { page } = player;
  await player.open();
  await isKept(page);
  const colours = () => {
    const { backgroundColor, color } = getComputedStyle(document.body);
    return { backgroundColor, color };
  };
  const client = await page.evaluate(colours);
  // As in a browser that has been here only once, and had not kept the page.
  await page.evaluate(async () => {
    for (const name of await caches.keys()) await (await caches.open(name)).delete("./");
  });
  await context.setOffline(true);
  await page.goto(game.client(""));
  await expect(page.getByText("There is no network")).toBeVisible();
  expect(await page.evaluate(colours)).toEqual(client);
  await isAccessible(page);
  await context.setOffline(false);
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(page.locator("#status")).toContainText("Connected", { timeout: 40_000 });
});

test("what a visitor has made is nobody's who has not said so", async ({ player, game }) => {
  const { page } = player;
  const mine = [{ text: "nobody says this", send: "look" }];
  await player.open();
  await set(page, "triggers", mine);
  const name = game.name("Ivy");
  await player.register(name);
  const bar = page.getByRole("region", { name: /before you logged in/ });
  await expect(bar).toBeVisible();
  expect(await setting(page, "triggers")).toEqual([]);
  await isAccessible(page);
  // By keyboard: it is above the game, and gives the focus back.
  await bar.getByRole("button", { name: "Use them here" }).focus();
  await page.keyboard.press("Enter");
  await expect(bar).toBeHidden();
  await expect(page.locator("#line")).toBeFocused();
  expect(await setting(page, "triggers")).toEqual(mine);
});

test("the dialogs fit on a phone", async ({ player }) => {
  const { page } = player;
  await page.setViewportSize({ width: 390, height: 844 });
  await player.open();
  await set(page, "triggers", [
    { text: "{who} tells you *", how: "pattern", sound: "bell", notify: true, group: "Tells" },
  ]);
  for (const [item, inside] of /** @type {const} */ ([
    ["Settings", ""],
    ["Triggers", "Change: {who} tells you *"],
  ])) {
    await choose(page, item);
    if (inside !== "") await page.getByRole("button", { name: inside }).click();
    const body = page.locator("dialog");
    expect(await body.evaluate((one) => one.scrollWidth - one.clientWidth), "nothing is cut off").toBeLessThanOrEqual(
      0,
    );
    await isAccessible(page);
    await page.keyboard.press("Escape");
    if (inside !== "") await page.keyboard.press("Escape");
    await expect(body).toHaveCount(0);
  }
});
