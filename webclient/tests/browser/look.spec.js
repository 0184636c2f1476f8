// How it looks, measured: what is where, how large it is, and whether it is cut off, on phones, tablets and desks.

import { fits, isAccessible, isForThumbs } from "./accessible.js";
import { CUT, PASSWORD, expect, test as alone, together as test } from "./game.js";

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
    await expect(talk.getByRole("tab", { name: "Tells 2 new" })).toBeVisible();
    await tells.click();
    await expect(tells).toHaveText("Tells");
    // Folded, the title of the pane counts.
    await page.getByRole("button", { name: "Talk", exact: true }).click();
    bert.send(`page ${name} = four`);
    await expect(page.getByRole("button", { name: "Talk 1 new" })).toBeVisible();
    await page.getByRole("button", { name: "Talk 1 new" }).click();
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
    const rows = await screen.evaluate((one) => one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight));
    const lines = (await player.lines()).find((text) => text.includes("hangs up."))?.split("\n") ?? [];
    expect(Math.round(rows)).toBe(lines.length);
    expect(lines.join(" ")).toContain("Leave out the password");
    const bert = await game.player(game.name("bert"));
    const name = game.name("thumb");
    await player.register(name);
    bert.send(`page ${name} = one`);
    bert.send(`page ${name} = two`);
    const tab = page.getByRole("tab", { name: "Talk 2 new" });
    await tab.tap();
    await expect(page.getByRole("tab", { name: "Talk", exact: true, selected: true })).toBeVisible();
    await expect(page.getByRole("tab", { name: /^Tells/ }), "all that was said is in sight").toHaveText("Tells");
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

test("maps and tables hold together, however wide they are", async ({ player, game }) => {
  const { page } = player;
  await page.setViewportSize({ width: 700, height: 800 });
  await player.open();
  const width = (await box(player.log)).width;
  const rows = Array.from({ length: 6 }, (_, y) => `|${"~".repeat(40 + y)}${"#".repeat(80 - y)}|`);
  await player.hears("text", {}, [rows.join("<br>")]);
  await player.hears("text", {}, [`A long word: ${"x".repeat(200)} https://example.org/${"path/".repeat(40)}`]);
  const drawn = player.log.getByRole("group", { name: "Wider than the page" });
  await expect(drawn).toHaveCount(1);
  const [height, line] = await drawn.evaluate((one) => [one.clientHeight, parseFloat(getComputedStyle(one).lineHeight)]);
  expect(Math.round(height / line), "no row is wrapped").toBe(rows.length);
  // Its end is come to by keyboard, and the rest of the text stays where it is.
  await drawn.focus();
  for (let at = 0; at < 40; at += 1) await page.keyboard.press("ArrowRight");
  await expect.poll(() => drawn.evaluate((one) => one.scrollWidth - one.clientWidth - one.scrollLeft)).toBeLessThan(2);
  expect(await player.log.evaluate((log) => [log.scrollLeft, log.scrollWidth - log.clientWidth])).toEqual([0, 0]);
  expect((await box(player.log)).width).toBe(width);
  await isAccessible(page, "a map");
  await player.register(game.name("drawer"));
});

test("names as long as can be stay in their panes", async ({ player, game }) => {
  const { page } = player;
  await player.open();
  await player.register(game.name("namer"));
  const long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
  const names = [long, "שלום עולם", "花見の山", "e\u0301\u0301\u0302\u0303z\u0327algo", "👩‍👩‍👧‍👦 Family"];
  const people = Array.from({ length: 60 }, (_, at) => `Somebody ${at}`);
  const things = Array.from({ length: 200 }, (_, at) => `thing ${at}`);
  const fill = async () => {
    await player.hears("room_info", { num: 7, name: `The hall of ${long}`, area: long, exits: { north: 1, [long]: 2 } });
    await player.hears("room_players", {}, [[...names, ...people].map((name) => ({ name, fullname: name }))]);
    const items = [...names, ...things].map((name, id) => ({ id, name, attrib: "w" }));
    await player.hears("char_items_list", { location: "inv", items });
    await player.hears("char_vitals", { hp: 1, maxhp: 20, mana: 123456, maxmana: 999999, shield_of_the_ancients: 3, maxshield_of_the_ancients: 9 });
  };
  for (const [width, height] of [[1280, 800], [800, 1100], [390, 844], [360, 640]]) {
    await page.setViewportSize({ width, height });
    await fill();
    const what = `${width}×${height}`;
    await expect(page.getByRole("meter", { name: "Shield of the ancients" })).toBeVisible();
    await fits(page, what);
    const wide = () =>
      page.locator(".pane-body").evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map(({ id }) => id));
    await expect.poll(wide, what).toEqual([]);
    // Nothing lies on anything else.
    const apart = (/** @type {string} */ selector) =>
      page.locator(selector).evaluateAll((all) =>
        all.flatMap((one, at) => {
          const after = all[at + 1]?.getBoundingClientRect();
          const { top, right } = one.getBoundingClientRect();
          const inside = one.scrollWidth <= one.clientWidth + 1 || getComputedStyle(one).overflowX === "hidden";
          return inside && (after === undefined || after.top !== top || after.left >= right) ? [] : [one.textContent];
        }),
      );
    expect(await apart(".gauge"), what).toEqual([]);
    expect(await apart(".chips button"), what).toEqual([]);
    const vitals = await box(page.locator("#dock-strip"));
    expect(vitals.height, "the strip leaves room for the text").toBeLessThan(height / 3);
  }
});

test.describe("dialogs and menus", () => {
  for (const [where, use] of /** @type {const} */ ([
    ["a small phone", { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true }],
    ["a phone that lies", { viewport: { width: 844, height: 390 }, hasTouch: true, isMobile: true }],
  ])) {
    test.describe(`on ${where}`, () => {
      test.use(use);
      test("what closes and saves is in sight", async ({ player, game }) => {
        const { page } = player;
        const { width, height } = use.viewport;
        await player.open();
        await player.register(game.name("setter"));
        const isInside = async (/** @type {Locator} */ one) => {
          const { x, y, width: wide, height: high } = await box(one);
          expect([x >= 0, y >= 0, x + wide <= width, y + high <= height]).toEqual([true, true, true, true]);
        };
        await page.getByRole("button", { name: "Menu", exact: true }).tap();
        const menu = page.getByRole("menu", { name: "Menu" });
        await isInside(menu);
        expect((await box(menu)).width, "it is as wide as what is in it").toBeLessThan(300);
        await page.getByRole("menuitem", { name: "Settings" }).tap();
        const close = page.getByRole("dialog").getByRole("button", { name: "Close" });
        await expect(close).toBeInViewport({ ratio: 1 });
        await close.tap();
        await page.getByRole("button", { name: "Menu", exact: true }).tap();
        await page.getByRole("menuitem", { name: "Triggers" }).tap();
        await expect(page.getByRole("dialog").getByRole("tab")).toHaveCount(4);
        const tabs = await page.getByRole("dialog").getByRole("tab").all();
        const tops = await Promise.all(tabs.map(async (tab) => (await box(tab)).y));
        expect(new Set(tops).size, "tabs are in one row").toBe(1);
        await page.getByRole("button", { name: "New trigger" }).tap();
        await expect(page.getByRole("button", { name: "Save", exact: true })).toBeInViewport({ ratio: 1 });
        await expect(page.getByRole("dialog").getByRole("button", { name: "Close" })).toBeHidden();
        await page.getByRole("button", { name: "Cancel" }).tap();
        await expect(page.getByRole("dialog").getByRole("button", { name: "Close" })).toBeInViewport({ ratio: 1 });
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "Menu", exact: true }).tap();
        await page.getByRole("menuitem", { name: "Panes" }).tap();
        await isInside(page.getByRole("menu", { name: "Panes" }));
      });
    });
  }
});

alone("who comes while the game is away reads so, in its colours, and is let in when it is back", async ({ player, game }) => {
  const { page } = player;
  await player.open();
  const isKept = () => page.evaluate(async () => (await caches.match(String(new URL("../website/theme.css", document.baseURI)))) !== undefined);
  await expect.poll(isKept, "the page keeps the colours of the site").toBe(true);
  const files = () => page.evaluate(async () => {
    const links = [...document.querySelectorAll("link[rel=modulepreload]")].map((link) => /** @type {HTMLLinkElement} */ (link).href);
    const kept = await Promise.all(links.map((link) => caches.match(link)));
    return kept.filter((one) => one === undefined).length;
  });
  await expect.poll(files, "all modules are kept").toBe(0);
  player.causes(CUT);
  const back = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await game.meadow("stop");
  const other = await page.context().newPage();
  await other.goto(game.client());
  await expect(other.locator("#log")).toContainText("The game cannot be reached just now");
  expect(await other.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(back);
  await game.meadow("start");
  await expect(other.locator("#log")).toContainText("hangs up.", { timeout: 90_000 });
});

test("the menu of the account says who is played, and how to be somebody else", async ({ player, game }) => {
  const { page } = player;
  const name = game.name("several");
  await player.open();
  await player.register(name);
  await player.types("charcreate Rose");
  await player.sees("ic Rose");
  await page.goto(`${game.site}signin?next=/webclient/`);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await player.sees("Exits:");
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await page.getByRole("button", { name: `${name}: your account` }).click();
    const menu = page.locator("#account-menu");
    await expect(menu.getByText("Play as")).toBeVisible();
    expect(await menu.getByText("Play as").evaluate((one) => parseFloat(getComputedStyle(one).fontSize))).toBeGreaterThanOrEqual(13);
    await expect(menu.getByRole("link", { name, exact: true })).toHaveAttribute("aria-current", "true");
    await expect(menu.getByRole("link", { name: "Rose" })).not.toHaveAttribute("aria-current", "true");
    await page.keyboard.press("Escape");
  }
  await player.types("ic Rose");
  await player.sees("You become Rose");
  await page.getByRole("button", { name: `${name}: your account` }).click();
  await expect(page.locator("#account-menu").getByRole("link", { name: "Rose" })).toHaveAttribute("aria-current", "true");
});
