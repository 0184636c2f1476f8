// Players who hear the game: the whole flow by keyboard, with the accessibility tree in hand. At each step it is looked
// at where the focus is, what it is called, and what live regions tell: each line once, in order, and never a flood.

import { Buffer } from "node:buffer";

import { CUT, PASSWORD, expect, together as test } from "./game.js";
import { focused, headings, hears, isReadable, landmarks, listen, told, tree } from "./hearing.js";
import { Way } from "./way.js";

/** @typedef {import("./game.js").Player} Player */

/** How often a text was told. @param {import("./hearing.js").Told[]} all @param {string} text */
const times = (all, text) => all.map((one) => one.text).join("\n").split(text).length - 1;

/** Types a line, and waits until this was told. @param {Player} player @param {string} line @param {string} answer */
async function asks({ page }, line, answer) {
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
  const all = await hears(page, answer);
  expect(times(all, answer), `${answer}, once`).toBe(1);
  return all;
}

test("from the front page into the game, and a wrong password", async ({ player, game }) => {
  const { page } = player;
  const keys = page.keyboard;
  const name = game.name("anna");
  (await game.player(name)).send("quit");
  player.causes(/status of 401 .*\/signin\)$/);
  await page.goto(game.site);
  const front = await isReadable(page, "the front page");
  expect(landmarks(front)).toEqual([
    "banner", "navigation Site", "main", "region Who is here", "region Ways to connect", "contentinfo",
  ]);
  expect(headings(front).slice(0, 3)).toEqual(["1 A Meadow", "2 Who is here", "2 Ways to connect"]);
  const links = front.filter(({ role }) => role === "link").map(({ name }) => name);
  expect(links, "a link is understood alone").toEqual(expect.arrayContaining(["Sign in", "Play in the browser"]));
  expect(links.filter((link) => /^\d*$|^encrypted$|^here$/.test(link))).toEqual([]);

  await page.getByRole("banner").getByRole("link", { name: "Sign in" }).focus();
  await keys.press("Enter");
  await expect(page).toHaveTitle("Sign in – A Meadow");
  await expect.poll(() => focused(page)).toBe("textbox: Name");
  await keys.type(name);
  await keys.press("Tab");
  expect(await focused(page)).toBe("textbox: Password");
  await keys.type("wrong");
  await keys.press("Enter");
  await expect.poll(() => focused(page), "one hears what is wrong where one mends it").toBe(
    "textbox: Password: Username and/or password is incorrect.",
  );
  await isReadable(page, "a wrong password");
  await keys.type(PASSWORD);
  await keys.press("Enter");
  await player.sees("This is a beautiful meadow.");
  await expect.poll(() => focused(page)).toBe("textbox: Command");

  const client = await isReadable(page, "the client");
  expect(landmarks(client)).toEqual([
    "banner", "main", "complementary Panes on the right",
    "region Room", "region Map", "region Inventory", "region Here", "region Vitals", "form Input",
  ]);
  expect(headings(client)).toEqual(["1 A Meadow", "2 Room", "3 A Meadow", "2 Map", "2 Inventory", "2 Here", "2 Vitals"]);
  const game_ = client.find(({ role, name }) => role === "group" && name === "Game");
  expect(game_?.states.live, "it is drawn anew as it is scrolled, and tells nothing").toBeUndefined();
  const live = client.filter(({ states }) => states.live !== undefined).map(({ role, name, states }) => `${role} ${name} ${states.live}`);
  expect(live).toEqual(expect.arrayContaining(["log New lines polite", "log Urgent lines assertive"]));

  // Signing out, by what the bar at the top is called.
  const account = page.getByRole("button", { name: `${name}: your account` });
  await account.focus();
  await keys.press("Enter");
  const opener = (await tree(page)).find(({ name: called }) => called === `${name}: your account`);
  expect(opener?.states.expanded).toBe(true);
  await page.getByRole("button", { name: "Sign out" }).focus();
  await keys.press("Enter");
  await expect(page).toHaveURL(game.site);
});

test("what is said is told once and in order: a question, a look, others, pages of text, a talk with somebody", async ({ player, game }) => {
  const { page } = player;
  const keys = page.keyboard;
  const [name, other] = [game.name("anna"), game.name("bert")];
  // Not so high that everything fits.
  await page.setViewportSize({ width: 1280, height: 640 });
  await player.open();
  await listen(page);

  // A question stands above the field, and is said of it when one comes back to it.
  const asked = await asks(player, `create ${name} ${PASSWORD}`, "Is this what you intended?");
  expect(asked.map(({ text }) => text).join(), "no password is told").not.toContain(PASSWORD);
  // As long as one is in the field, a description that changes would be told as well.
  expect(await focused(page)).toBe("textbox: Command");
  await keys.press("F6");
  await keys.press("Escape");
  expect(await focused(page)).toMatch(/^textbox: Command: .*Is this what you intended\? \[Y\]\/N\?$/);
  const made = await asks(player, "y", "You can now log in");
  expect(made.map(({ text }) => text).join(), "a question that is answered is not told again").not.toContain("intended");
  expect(await focused(page)).toBe("textbox: Command");
  const first = await asks(player, `connect ${name} ${PASSWORD}`, "This is a beautiful meadow.");
  expect(first.length, "what comes together is told together").toBeLessThan(4);
  const look = await asks(player, "look", "Exits: north, east");
  expect(look.map(({ text }) => text).join(" ")).toMatch(/A Meadow\. This is a beautiful meadow\. .*\. Exits: north, east/);

  const bert = await game.player(other);
  await hears(page, `${other} has entered the game.`);
  await asks(player, "say Is anybody here?", 'You say, "Is anybody here?"');
  await bert.ask("say I am.", "You say");
  const said = await hears(page, `${other} says, "I am."`);
  expect(said.map(({ how }) => how)).toEqual(["polite"]);
  bert.send(`page ${name} = psst`);
  expect(times(await hears(page, "pages: psst"), "psst"), "in the text and in a pane, told once").toBe(1);
  bert.send("public Hello, everybody!");
  expect(times(await hears(page, "Hello, everybody!"), "Hello, everybody!")).toBe(1);
  // Tells at once, for whoever wants that; and nothing at all.
  await player.set("output.announce", "urgent");
  bert.send(`page ${name} = wake up`);
  expect((await hears(page, "wake up")).at(-1)?.how).toBe("assertive");
  await player.set("output.announce", "off");
  await bert.ask("say Quiet, now.", "You say");
  await player.sees("Quiet, now.");
  await player.set("output.announce", "polite");
  await asks(player, "say Again.", 'You say, "Again."');

  // A page of a long text ends with what one can do.
  const pages = await asks(player, "option", "[1/2]");
  expect(pages.map(({ text }) => text).join(" "), "rows of a table are sentences").toMatch(/Name Value\. .*ENCODING utf-8\. .*\[1\/2\] next, back, top, end, quit/);
  await asks(player, "n", "[2/2]");
  await asks(player, "q", "You leave the pager.");

  // Who wants it has texts made for the ear, which are not divided into pages.
  await player.set("output.aloud", true);
  const aloud = await asks(player, "option", "Name: XTERM256; Value: on");
  expect(aloud.map(({ text }) => text).join(" ")).toContain("Name: SCREENREADER; Value: on. ");
  await player.set("output.aloud", false);
  await asks(player, "option", "[1/2]");
  await asks(player, "q", "You leave the pager.");

  // Choices come after what they answer.
  for (const way of ["east", "north", "lane", "east"]) await asks(player, way, "Exits:");
  await asks(player, "cottage", "Tilda's Cottage");
  const talk = await asks(player, "talk tilda", "bye: Goodbye.");
  expect(talk.map(({ text }) => text).join(" ")).toMatch(/I'm Tilda\." 1: Is something wrong with the garden\? 2: Who are you\? bye: Goodbye\./);
  await asks(player, "bye", "Tilda nods");

  // Reading back without leaving the field: at once, each line once.
  await keys.press("Alt+ArrowUp");
  expect(await hears(page, "Tilda nods, and goes on with her peas.")).toEqual([{ how: "assertive", text: "Tilda nods, and goes on with her peas." }]);
  await keys.press("Alt+ArrowUp");
  await hears(page, "> bye");
  await keys.press("Alt+ArrowDown");
  await hears(page, "Tilda nods");
  await keys.press("Alt+ArrowDown");
  await hears(page, "No newer line.");
  expect(await focused(page)).toBe("textbox: Command");
  // And by the reader's own keys, in the text itself.
  await keys.press("F6");
  expect(await focused(page)).toBe("group: Game");
  await keys.press("Escape");
  expect(await focused(page)).toBe("textbox: Command");
});

test("a flood is not told line by line, and what was missed is told once", async ({ player, game }) => {
  const { page } = player;
  const way = await Way.to(game);
  player.causes(CUT);
  await page.goto(way.client);
  await player.sees("hangs up.");
  await player.register(game.name("anna"));
  const bert = await game.player(game.name("bert"));
  await expect(page.locator("#announce")).toContainText("has entered the game.");
  await listen(page);
  const begun = Date.now();
  await page.evaluate(async () => {
    const { client } = await import(String(new URL("main.js", document.baseURI)));
    for (let tenth = 0; tenth < 50; tenth += 1) {
      for (let line = 0; line < 50; line += 1) client.hub.emit({ name: "text", args: [`The wasp stings you: ${tenth * 50 + line}.`], kwargs: {} });
      await new Promise((passed) => setTimeout(passed, 100));
    }
  });
  const flood = await hears(page, "more lines, then:");
  await expect.poll(async () => (flood.push(...(await told(page))), flood.at(-1)?.text)).toContain("The wasp stings you: 2499.");
  const most = 6 + (Date.now() - begun) / 2_000;
  expect(flood.length, "2,500 lines in five seconds").toBeLessThan(most);
  expect(flood.find(({ text }) => text.includes("wasp"))?.text).toMatch(/The wasp stings you: 0\. .*And \d+ more lines\.$/);
  expect(times(flood, "The wasp stings you"), "no more than one can hear").toBeLessThan(30 + most * 8);
  // What one asks for is told whole, right after it.
  await page.waitForFunction(() => document.querySelector("#line") === document.activeElement);
  await asks(player, "look", "Exits: north, east");

  await told(page);
  way.down();
  const gone = await hears(page, "Reconnecting. What you type is kept.");
  expect(times(gone, "Reconnecting"), "not at each attempt").toBe(1);
  await page.keyboard.type("say I was away.");
  await page.keyboard.press("Enter");
  await bert.ask("say You missed this.", "You say");
  way.up();
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  const back = await hears(page, 'You say, "I was away."');
  if (times(back, "You missed this.") === 0) back.push(...(await hears(page, "You missed this.")));
  expect(times(back, "You missed this.")).toBe(1);
  expect(times(back, "Connected again.")).toBe(1);
  await expect(page.locator("#status")).toHaveText("Connected.");
  const later = (await told(page)).map(({ text }) => text);
  expect(later.filter((text) => /connect/i.test(text)), "that it stays connected is no news").toEqual([]);
  await way.end();
});

test("menus, settings, a trigger, panes and the map have names, states and a way back", async ({ player, game }) => {
  const { page } = player;
  const keys = page.keyboard;
  await player.open();
  await player.register(game.name("anna"));
  const menu = page.getByRole("button", { name: "Menu", exact: true });
  const choose = async (/** @type {RegExp} */ item) => {
    await menu.focus();
    await keys.press("Enter");
    await expect(page.getByRole("menu", { name: "Menu" })).toBeVisible();
    for (let downs = 0; downs < 10 && !item.test(await focused(page)); downs += 1) await keys.press("ArrowDown");
    expect(await focused(page)).toMatch(/^menuitem: /);
    await keys.press("Enter");
  };

  await choose(/Settings/);
  await expect.poll(() => focused(page)).toBe("searchbox: Search");
  const settings = await isReadable(page, "the settings");
  expect(settings.filter(({ role }) => role === "dialog").map(({ name }) => name)).toEqual(["Settings"]);
  const groups = settings.filter(({ role }) => role === "group").map(({ name }) => name);
  expect(groups, "settings stand in groups").toEqual(expect.arrayContaining(["Look", "Text", "Typing", "Screen reader", "Sounds"]));
  const keep = settings.find(({ name }) => name === "Keep what was said in this browser");
  expect([keep?.role, keep?.states.checked], keep?.description).toEqual(["checkbox", "true"]);
  expect(keep?.description).toContain("until you sign out");
  await keys.press("Escape");
  await expect(menu).toBeFocused();

  await choose(/Triggers/);
  await expect(page.getByRole("tab", { name: "Triggers" })).toBeFocused();
  await isReadable(page, "the tools");
  await page.getByRole("button", { name: "New trigger" }).focus();
  await keys.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("When a line")).toBeFocused();
  await isReadable(page, "a new trigger");
  await dialog.getByLabel("this text").focus();
  await keys.type("buzzes past");
  await dialog.getByLabel("Send commands").focus();
  await keys.type("say Shoo!");
  await dialog.getByRole("button", { name: "Save", exact: true }).focus();
  await keys.press("Enter");
  await expect(dialog.getByRole("button", { name: "Save", exact: true })).toHaveCount(0);
  await isReadable(page, "a trigger");
  expect(await focused(page), "the focus is not lost").not.toBe("");
  for (let escapes = 0; escapes < 3 && (await dialog.count()) > 0; escapes += 1) await keys.press("Escape");
  await expect(menu).toBeFocused();
  await keys.press("Escape");
  await expect.poll(() => focused(page), "and one is back at the field").toBe("textbox: Command");
  await listen(page);
  await player.hears("text", {}, ["A wasp buzzes past."]);
  const shoo = await hears(page, 'You say, "Shoo!"');
  expect(shoo.map(({ text }) => text).join(" ")).toMatch(/A wasp buzzes past\..*You say, "Shoo!"/);

  await choose(/Panes/);
  await expect.poll(() => focused(page)).toMatch(/^menuitemcheckbox: /);
  const panes = (await tree(page)).filter(({ role }) => role === "menuitemcheckbox");
  expect(panes.map(({ name, states }) => `${name} ${states.checked}`)).toEqual(
    expect.arrayContaining(["Room true", "Map true", "Talk false"]),
  );
  await keys.press("Escape");
  await expect(menu).toBeFocused();

  // Exits are a list of buttons; the rooms of the map say where they lead.
  await page.getByRole("region", { name: "Room" }).getByRole("button", { name: "east" }).focus();
  expect(await focused(page)).toBe("button: east");
  await keys.press("Enter");
  await hears(page, "By the Brook");
  await expect(page.getByRole("region", { name: "Room" }).getByRole("list", { name: "Exits" }).getByRole("listitem")).toHaveCount(4);
  await expect(page.getByRole("img", { name: "You are here: By the Brook" })).toHaveCount(1);
  await page.getByRole("button", { name: "west: A Meadow" }).focus();
  await keys.press("Enter");
  await hears(page, "This is a beautiful meadow.");
  await isReadable(page, "after a walk");
});

/** A sound of one tone: a WAV of 8-bit samples. @param {number} seconds */
function tone(seconds) {
  const RATE = 8_000;
  const samples = Buffer.from(Array.from({ length: seconds * RATE }, (_, at) => 128 + 60 * Math.sin((at * 440 * 2 * Math.PI) / RATE)));
  const head = Buffer.alloc(44);
  head.write("RIFF");
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

test("a sound waits until the browser lets it be heard, loops, fades over its end, and obeys", async ({ player }) => {
  const { page } = player;
  await page.route("**/media/*.wav", (route) => route.fulfill({ body: tone(1), contentType: "audio/wav" }));
  // Whatever a test asks of a page counts as a press of a key; a script that waits for its time does not.
  await page.addInitScript(() => {
    const sounds = /** @type {HTMLMediaElement[]} */ ([]);
    Object.assign(window, { sounds });
    const create = document.createElement.bind(document);
    document.createElement = (/** @type {string} */ name, /** @type {any} */ options) => {
      const element = create(name, options);
      if (element instanceof HTMLMediaElement) sounds.push(element);
      return element;
    };
    const begin = async () => {
      const { client } = await import(String(new URL("main.js", document.baseURI)));
      client.hub.emit({ name: "client_media_play", args: [], kwargs: { name: "rain.wav", type: "music", loops: -1, volume: 100, tag: "rain" } });
    };
    setTimeout(begin, 1_500);
    const watch = setInterval(() => {
      if (document.querySelector("#log")?.textContent?.includes("lets it be heard") !== true) return;
      clearInterval(watch);
      console.log("it has begun");
    }, 100);
  });
  const begun = page.waitForEvent("console", (message) => message.text() === "it has begun");
  await page.goto(player.game.client());
  await begun;
  const NOTE = "The game plays a sound. Your browser lets it be heard once you press a key or click.";
  await player.sees(NOTE);
  /** @returns {Promise<{ paused: boolean, volume: number, currentTime: number }[]>} */
  const sounds = () =>
    page.evaluate(() => /** @type {any} */ (window).sounds.map((/** @type {HTMLMediaElement} */ { paused, volume, currentTime }) => ({ paused, volume, currentTime })));
  await page.keyboard.press("Shift");
  await expect.poll(async () => (await sounds()).map(({ paused }) => paused)).toEqual([false]);
  await player.set("media.volume", 50);
  await expect.poll(async () => (await sounds())[0].volume).toBeCloseTo(0.5);
  await player.set("media.volume", 0);
  await expect.poll(async () => (await sounds())[0].volume).toBe(0);
  await player.set("media.volume", 100);
  // It is longer than the file, which is heard again and again meanwhile.
  const began = Date.now();
  await player.hears("client_media_stop", { tag: "rain", fadeout: 2_500 });
  /** @type {{ volume: number, at: number }[]} */
  const heard = [];
  await expect
    .poll(async () => {
      const [{ paused, volume }] = await sounds();
      if (!paused) heard.push({ volume, at: Date.now() - began });
      return paused;
    }, { intervals: [100] })
    .toBe(true);
  expect(heard.at(-1)?.at, "it does not end with the file").toBeGreaterThan(1_500);
  expect(heard.map(({ volume }) => volume), "never louder again").toEqual(heard.map(({ volume }) => volume).sort((a, b) => b - a));
  // All of them, at once.
  await player.hears("client_media_play", { name: "bell.wav", loops: -1 });
  await expect.poll(async () => (await sounds()).at(-1)?.paused).toBe(false);
  await player.set("media.on", false);
  await expect.poll(async () => (await sounds()).at(-1)?.paused).toBe(true);
  expect((await player.lines()).filter((line) => line === NOTE), "told once").toHaveLength(1);
});
