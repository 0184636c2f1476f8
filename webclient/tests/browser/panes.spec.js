// The panes: what the game sends to them, how a player arranges them, and what a game adds.

import axe from "axe-core";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "./game.js";

/** @typedef {import("@playwright/test").Page} Page */

/**
 * As if the server had said it.
 * @param {Page} page
 * @param {string} name
 * @param {Record<string, unknown>} [kwargs]
 * @param {unknown[]} [args]
 */
function hears(page, name, kwargs = {}, args = []) {
  return page.evaluate(async ([name, kwargs, args]) => {
    const { client } = await import(String(new URL("main.js", document.baseURI)));
    client.hub.emit({ name, args, kwargs });
  }, /** @type {const} */ ([name, kwargs, args]));
}

/** The page has no violation of the accessibility rules. @param {Page} page */
async function isAccessible(page) {
  // By the debugger: the page's policy lets no other script in.
  await page.evaluate(axe.source);
  const found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
  const { violations } = /** @type {import("axe-core").AxeResults} */ (found);
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`)).toEqual([]);
}

/** A finger goes sideways. @param {Page} page @param {number} from @param {number} to */
async function swipe(page, from, to) {
  const debug = await page.context().newCDPSession(page);
  const touch = (/** @type {"touchStart" | "touchMove" | "touchEnd"} */ type, /** @type {number} */ x) =>
    debug.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y: 350 }] });
  await touch("touchStart", from);
  for (let at = 1; at <= 12; at += 1) {
    await touch("touchMove", from + ((to - from) * at) / 12);
    await page.waitForTimeout(16);
  }
  await touch("touchEnd", to);
}

const pane = (/** @type {Page} */ page, /** @type {string} */ name) => page.getByRole("region", { name, exact: true });

test("rooms, people, things and vitals are shown, as the game has them", async ({ player, game }) => {
  const { page } = player;
  const bob = await game.player("bob");
  await player.open();
  await player.register("anna");
  const [room, here, carried] = ["Room", "Here", "Inventory"].map((name) => pane(page, name));
  await expect(room).toContainText("A Meadow");
  await expect(here).toContainText("bob");
  await expect(page.getByRole("meter", { name: "Health" })).toHaveAttribute("aria-valuetext", "20 of 20");
  await expect(carried).toContainText("You carry nothing.");

  bob.send("north");
  await expect(here).toContainText("Nobody else is here.");
  await room.getByRole("button", { name: "north" }).click();
  await expect(room).toContainText("The Old Oak");
  await expect(here).toContainText("bob");
  await expect(player.log).toContainText("> north");
  await expect(player.line, "who has clicked goes on typing").toBeFocused();

  const map = pane(page, "Map");
  await expect(map.getByRole("img", { name: "You are here: The Old Oak" })).toBeVisible();
  await map.getByRole("button", { name: "south: A Meadow" }).click();
  await expect(room).toContainText("A Meadow");

  await player.types("get flower");
  await expect(carried.getByRole("button", { name: /flower/ })).toBeVisible();
  await player.types("drop flower");
  await expect(carried).toContainText("You carry nothing.");
  await isAccessible(page);

  // The map is remembered, and the rest comes again with the session.
  await page.reload();
  await expect(room).toContainText("A Meadow");
  await expect(map.getByRole("button", { name: "north: The Old Oak" })).toBeVisible();
  await expect(page.getByRole("meter", { name: "Health" })).toBeVisible();
});

test("Tab knows what the game knows, and never tells it a password", async ({ player }) => {
  const { page } = player;
  /** @type {string[]} */
  const sent = [];
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(String(payload))));
  await player.open();
  await player.register("anna");
  for (const [typed, completed] of [
    ["inve", "inventory"],
    ["get fl", "get flower"],
    ["nor", "north"],
    ["look\nget fl", "look\nget flower"],
  ]) {
    await player.line.press("Control+A");
    const [first, second] = typed.split("\n");
    await page.keyboard.type(first);
    if (second !== undefined) {
      await page.keyboard.press("Shift+Enter");
      await page.keyboard.type(second);
    }
    await page.keyboard.press("Tab");
    await expect(player.line).toHaveValue(new RegExp(`^${completed}\\s*$`));
  }
  expect(sent.filter((frame) => frame.startsWith('["complete"'))).toHaveLength(4);
  await player.line.fill("password correct-horse-9=new-sec");
  await player.line.press("Tab");
  await player.types("look");
  await player.sees("> look");
  expect(sent.filter((frame) => frame.includes("new-sec"))).toEqual([]);
});

test("one click walks several rooms", async ({ player }) => {
  const { page } = player;
  await player.open();
  await player.register("anna");
  const room = pane(page, "Room");
  for (const [exit, name] of [
    ["north", "The Old Oak"],
    ["east", "The Yard"],
    ["south", "By the Brook"],
  ]) {
    await player.types(exit);
    await expect(room).toContainText(name);
  }
  // Its rooms are reached by Tab from next to next; those farther away by a click.
  await pane(page, "Map").locator("g[aria-label='Walk to The Old Oak']").click();
  await expect(room).toContainText("The Old Oak");
});

test("panes are arranged by keyboard alone, and are so again after a reload", async ({ player }) => {
  const { page } = player;
  const keys = page.keyboard;
  await player.open();
  await player.register("anna");
  const [left, right] = ["left", "right"].map((side) =>
    page.getByRole("complementary", { name: `Panes on the ${side}` }),
  );
  await expect(left).toBeHidden();

  await keys.press("F6");
  await expect(player.log).toBeFocused();
  await keys.press("F6");
  await expect(page.getByRole("button", { name: "Room", exact: true })).toBeFocused();
  await keys.press("Enter");
  await expect(page.getByRole("button", { name: "Room", exact: true })).toHaveAttribute("aria-expanded", "false");
  await keys.press("Enter");
  await keys.press("Escape");
  await expect(player.line).toBeFocused();
  await keys.press("Shift+F6");
  await expect(page.getByRole("button", { name: "Here", exact: true })).toBeFocused();
  await page.getByRole("button", { name: "Room", exact: true }).focus();
  await keys.press("Tab");
  await expect(page.getByRole("button", { name: "Arrange: Room" })).toBeFocused();
  await keys.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Fold" })).toBeFocused();
  await isAccessible(page);
  for (let at = 0; at < 3; at += 1) await keys.press("ArrowDown");
  await keys.press("Enter");
  await expect(left.getByRole("region", { name: "Room" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Arrange: Room" })).toBeFocused();
  await expect(page.getByText("Room is on the left now.")).toBeAttached();

  const line = page.getByRole("separator", { name: "Size of the panes on the right" });
  const before = (await right.boundingBox())?.width ?? 0;
  await line.focus();
  for (let at = 0; at < 5; at += 1) await keys.press("ArrowLeft");
  expect((await right.boundingBox())?.width).toBe(before + 80);
  await expect(line).toHaveAttribute("aria-valuenow", String(before + 80));

  await page.getByRole("button", { name: "Arrange: Map" }).focus();
  await keys.press("Enter");
  await keys.press("End");
  await keys.press("Enter");
  await expect(pane(page, "Map")).toBeHidden();

  // On the account: another browser has it, too.
  await expect.poll(async () => page.evaluate(() => localStorage.getItem("meadow-unsent"))).not.toContain("layout");
  await page.evaluate(() => {
    localStorage.clear();
    sessionStorage.clear();
  });
  await page.reload();
  await player.logIn("anna");
  await expect(left.getByRole("region", { name: "Room" })).toBeVisible();
  await expect(pane(page, "Map")).toBeHidden();
  await expect.poll(async () => (await right.boundingBox())?.width).toBe(before + 80);

  await page.getByRole("button", { name: "Menu", exact: true }).press("Enter");
  await page.getByRole("menuitem", { name: "Panes" }).press("Enter");
  await page.getByRole("menuitemcheckbox", { name: "Map" }).focus();
  await keys.press("Enter");
  await expect(pane(page, "Map")).toBeVisible();
  await page.getByRole("menuitem", { name: "Reset the arrangement" }).focus();
  await keys.press("Enter");
  await expect(left).toBeHidden();
  await expect(right.getByRole("region", { name: "Room" })).toBeVisible();
});

test("panes are dragged into other places", async ({ player }) => {
  const { page } = player;
  await player.open();
  await player.register("anna");
  const title = page.getByRole("button", { name: "Here", exact: true });
  await title.hover();
  await page.mouse.down();
  await page.mouse.move(20, 300, { steps: 8 });
  await page.mouse.up();
  const left = page.getByRole("complementary", { name: "Panes on the left" });
  await expect(left.getByRole("region", { name: "Here" })).toBeVisible();
  await expect(title).toHaveAttribute("aria-expanded", "true");
  // Before another pane.
  await page.getByRole("button", { name: "Inventory", exact: true }).hover();
  await page.mouse.down();
  const box = await left.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 40, (box?.y ?? 0) + 5, { steps: 8 });
  await page.mouse.up();
  await expect(left.getByRole("region").first()).toHaveAccessibleName("Inventory");
});

test("channels and tells go where the player wants them", async ({ player, game }) => {
  const { page } = player;
  const bob = await game.player("bob");
  await player.open();
  await player.register("anna");
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await page.getByRole("menuitem", { name: "Panes" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Talk" }).click();
  await page.keyboard.press("Escape");
  const talk = pane(page, "Talk");
  bob.send("public Good morning");
  await expect(talk.getByRole("tabpanel").getByText("bob: Good morning")).toHaveCount(1);
  await expect(player.log).toContainText("bob: Good morning");
  await talk.getByRole("button", { name: "Sort" }).click();
  await page.getByLabel("Channels", { exact: true }).selectOption("talk");
  await isAccessible(page);
  await page.keyboard.press("Escape");
  bob.send("public Only there");
  await expect(talk.getByRole("tabpanel").getByText("bob: Only there")).toHaveCount(1);
  await talk.getByRole("tab", { name: "Public" }).click();
  await talk.getByRole("textbox", { name: "Say on Public" }).fill("Good evening");
  await page.keyboard.press("Enter");
  await bob.expect("anna: Good evening");
  bob.send("page anna = psst");
  await talk.getByRole("tab", { name: "Tells" }).click();
  const answer = talk.getByRole("textbox", { name: "Answer bob" });
  await answer.fill("yes?");
  // Who tells something meanwhile does not get it.
  const cleo = await game.player("cleo");
  cleo.send("page anna = hello");
  await expect(talk.getByRole("tabpanel").getByText("hello")).toHaveCount(1);
  await answer.press("Enter");
  await bob.expect("yes?");
  await expect(talk.getByRole("textbox", { name: "Answer cleo" })).toHaveCount(1);
  await expect(player.log).not.toContainText("Only there");
  // Without the pane nothing is lost.
  await page.getByRole("button", { name: "Arrange: Talk" }).click();
  await page.getByRole("menuitem", { name: "Close" }).click();
  bob.send("public Back again");
  await player.sees("bob: Back again");
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("panes are pages, and one walks with a thumb", async ({ player }) => {
    const { page } = player;
    await player.open();
    await player.register("anna");
    const tabs = page.getByRole("navigation", { name: "Pages" });
    await expect(tabs.getByRole("tab", { selected: true })).toHaveText("Game");
    await page.getByRole("list", { name: "Exits" }).getByRole("button", { name: "north" }).tap();
    await player.sees("The Old Oak");
    for (const name of ["Map", "Inventory", "Talk", "Here"]) {
      await tabs.getByRole("tab", { name }).tap();
      await expect(tabs.getByRole("tab", { selected: true })).toHaveText(name);
      await expect(page.getByRole("tabpanel", { name, exact: true })).toBeInViewport({ ratio: 0.9 });
      await isAccessible(page);
    }
    // By the finger: back to the page before, and over the text to the one behind it.
    await swipe(page, 60, 330);
    await expect(tabs.getByRole("tab", { selected: true })).toHaveText("Inventory");
    await tabs.getByRole("tab", { name: "Game" }).tap();
    await expect(tabs.getByRole("tab", { selected: true })).toHaveText("Game");
    await expect(page.locator("#game")).toBeInViewport({ ratio: 0.9 });
    await swipe(page, 330, 60);
    await expect(tabs.getByRole("tab", { selected: true })).toHaveText("Talk");
    // What is out of sight can't be tabbed into; whoever types sees what comes of it.
    expect(await player.log.evaluate((log) => log.closest("[inert]") !== null)).toBe(true);
    await player.types("look");
    await expect(tabs.getByRole("tab", { selected: true })).toHaveText("Game");
    await isAccessible(page);
    // Turned, it is the same page; on a wide window there are no pages.
    await tabs.getByRole("tab", { name: "Map" }).tap();
    await expect(tabs.getByRole("tab", { selected: true })).toHaveText("Map");
    await page.setViewportSize({ width: 650, height: 390 });
    await expect(page.getByRole("tabpanel", { name: "Map", exact: true })).toBeInViewport({ ratio: 0.9 });
    await page.setViewportSize({ width: 1100, height: 700 });
    await expect(tabs).toBeHidden();
    await expect(pane(page, "Map")).toBeVisible();
    await expect(player.log).toBeVisible();
  });
});

test("a game has panes, pictures and sounds of its own", async ({ player, game }) => {
  const { page } = player;
  const docs = await readFile(resolve(import.meta.dirname, "../../../docs/webclient.md"), "utf8");
  const example = docs.match(/```js\n([^]*?)```/)?.[1] ?? "";
  await mkdir(join(game.folder, "web/webclient"), { recursive: true });
  await mkdir(join(game.folder, "web/media"), { recursive: true });
  await writeFile(join(game.folder, "web/webclient/game.js"), example);
  await writeFile(
    join(game.folder, "web/media/dot.svg"),
    '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>',
  );
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await player.open();
  await player.register("anna");
  const weather = pane(page, "Weather");
  await expect(weather).toContainText("The sky is clear.");
  await hears(page, "mygame_weather", { rain: true });
  await expect(weather).toContainText("It rains.");
  await weather.getByRole("button", { name: "Look at the sky" }).click();
  await player.sees("> look sky");

  await hears(page, "client_media_play", { name: "dot.svg", caption: "A dot" });
  await expect(pane(page, "Media").getByRole("img", { name: "A dot" })).toBeVisible();
  // A sound of this name.
  player.causes(/status of 404 /);
  await hears(page, "client_media_play", { name: "x.png", url: "https://elsewhere.invalid/" });
  await hears(page, "client_media_play", { name: "//elsewhere.invalid/x.mp3" });
  await hears(page, "client_media_load", { name: "https://elsewhere.invalid/x.mp3" });
  await hears(page, "client_media_play", { name: "javascript:alert(1)", type: "image" });
  await hears(page, "client_media_stop", {});
  await expect(pane(page, "Media").getByRole("img")).toHaveCount(0);
  expect(
    asked.filter((url) => !url.startsWith(game.site) && !url.startsWith("ws:") && !url.startsWith("data:")),
  ).toEqual([]);
});

test("what strangers call themselves is text", async ({ player }) => {
  const { page } = player;
  await player.open();
  await player.register("anna");
  const evil = '<img src=x onerror="document.title=1"><b id=evil>x</b>';
  // An icon and a sound of this name.
  player.causes(/status of 404 /);
  await hears(page, "room_info", {
    num: 9,
    name: evil,
    area: evil,
    desc: evil,
    details: [evil],
    exits: { [evil]: 10, north: 11 },
  });
  await hears(page, "room_players", {}, [[{ name: evil, fullname: evil }]]);
  await hears(page, "char_items_list", { location: "inv", items: [{ id: 1, name: evil, icon: evil, attrib: evil }] });
  await hears(page, "char_vitals", { [evil]: evil, hp: evil, maxhp: "x", __proto__x: 1 });
  await hears(page, "comm_channel_list", {}, [[{ name: evil, caption: evil, command: "x" }]]);
  await hears(page, "comm_channel_text", { channel: evil, talker: evil, text: evil });
  await hears(page, "client_media_play", { name: evil, caption: evil });
  for (const nonsense of [null, 7, "x", [null], { items: 3 }]) {
    for (const name of ["room_info", "room_players", "char_items_list", "char_items_add", "comm_channel_list"]) {
      await hears(
        page,
        name,
        /** @type {any} */ ({ exits: nonsense, items: nonsense, item: nonsense, location: "inv", num: 9 }),
        [nonsense],
      );
    }
  }
  await expect(page.locator("#evil, img[src=x]")).toHaveCount(0);
  expect(await page.title()).toBe("A Meadow");
});
