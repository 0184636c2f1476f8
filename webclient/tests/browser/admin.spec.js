// The page for superusers: what it shows, what is done with it and written down, and who does not get to see it.

import { api, boss, go, news, signIn } from "./admin.js";
import { PASSWORD, expect, test } from "./game.js";

/** What would run if it were taken for markup. */
const EVIL = "<img src=x onerror=alert(1)>";

test("a superuser watches, tells and boots a player", async ({ page, game }) => {
  const errors = await boss(page, game);
  const anna = await game.player("anna");
  await page.getByRole("link", { name: "Sessions", exact: true }).click();
  const row = page.getByRole("row").filter({ hasText: "anna" });
  await expect(row).toContainText("127.0.0.1");
  await expect(row).toContainText("telnet");

  // What has the focus keeps it, however often the table is filled.
  const message = row.getByRole("button", { name: "Message anna" });
  await message.focus();
  const before = await page.locator(".state").textContent();
  await expect(page.locator(".state")).not.toHaveText(before ?? "");
  await expect(message).toBeFocused();

  // By keyboard alone.
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Message anna" });
  await page.keyboard.type("Bread is |rready.");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(message).toBeFocused();
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Send" }).click();
  await expect(dialog.getByText("This is needed.")).toBeVisible();
  await expect(dialog.getByLabel("Message")).toBeFocused();
  await page.keyboard.type("Bread is |rready.");
  await dialog.getByRole("button", { name: "Send" }).click();
  await anna.expect("boss tells you: Bread is |rready.");
  await expect(news(page)).toHaveText("anna was told.");

  // All of one session, and back.
  await row.getByRole("rowheader").getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Session \d+: anna$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.locator(".facts").first()).toContainText("Encodingutf-8");
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sessions");

  await row.getByRole("button", { name: "Boot anna" }).click();
  const boot = page.getByRole("dialog", { name: "Boot anna" });
  await expect(boot).toContainText("This disconnects anna");
  await boot.getByLabel("Reason").fill("Time for bed");
  await boot.getByRole("button", { name: "Boot anna" }).click();
  await anna.expect("Time for bed");
  await expect(row).toBeHidden();

  // Kept out, and let in again.
  await page.getByRole("link", { name: "Bans", exact: true }).click();
  await page.getByRole("button", { name: "Add a ban" }).click();
  const ban = page.getByRole("dialog", { name: "Add a ban" });
  await ban.getByLabel("Who").fill("anna");
  await ban.getByLabel("For how long").fill("soon");
  await ban.getByRole("button", { name: "Ban" }).click();
  await expect(ban.getByLabel("For how long")).toHaveAccessibleDescription(/A duration is made of/);
  await ban.getByLabel("For how long").fill("1h");
  await ban.getByRole("button", { name: "Ban" }).click();
  await expect(page.getByRole("row").filter({ hasText: "anna" })).toContainText("account");
  await page.getByRole("button", { name: "Lift the ban of anna" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Lift the ban" }).click();
  await expect(page.getByText("Nobody is banned.")).toBeVisible();

  await page.getByRole("link", { name: "Audit log" }).click();
  for (const name of ["session_message", "session_boot", "ban", "unban"]) {
    await expect(page.getByRole("rowheader", { name, exact: true }).first()).toBeVisible();
  }
  await expect(page.getByRole("row").filter({ hasText: "Time for bed" })).toContainText("done");
  await page.getByLabel("Function").selectOption("unban");
  await expect(page.getByRole("rowheader")).toHaveText(["unban"]);
  expect(page.url()).toContain("#audit?function=unban");
  expect(errors).toEqual([]);
});

test("an object is found, changed, refused at the field, and as it was again", async ({ page, game }) => {
  const errors = await boss(page, game);
  await page.getByRole("link", { name: "Objects", exact: true }).click();
  await page.getByLabel("Name").fill("A Meadow");
  await page.getByRole("rowheader", { name: "A Meadow" }).getByRole("link").click();
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText("A Meadow (#2)");

  const description = page.getByRole("textbox", { name: "Description" });
  await expect(description).toHaveValue(/beautiful meadow/);
  await description.fill("A meadow of clover.");
  await page.getByRole("button", { name: "Save: Description" }).click();
  await expect(news(page)).toHaveText("Description: saved.");
  const anna = await game.stranger();
  await anna.ask(`create anna ${PASSWORD}`, "Is this what you intended?");
  await anna.ask("y", "You can now log in");
  await anna.ask(`connect anna ${PASSWORD}`, "A meadow of clover.");
  const undo = page.getByRole("region", { name: "Your last edit" });
  await expect(undo).toContainText("the attribute desc of A Meadow (#2)");
  await undo.getByRole("button", { name: "Undo my last edit" }).click();
  await expect(description).toHaveValue(/beautiful meadow/);
  await expect(undo).toBeHidden();
  await expect(heading).toBeFocused();

  const locks = page.getByRole("textbox", { name: "Locks" });
  const good = await locks.inputValue();
  await locks.fill("get:perm(Builder");
  await page.getByRole("button", { name: "Save: Locks" }).click();
  await expect(locks).toHaveAttribute("aria-invalid", "true");
  await expect(locks).toHaveAccessibleDescription(/That lock can't be used/);
  await expect(locks).toBeFocused();
  await locks.fill(good);
  await page.getByRole("button", { name: "Save: Locks" }).click();
  await expect(locks).not.toHaveAttribute("aria-invalid", "true");

  const tags = page.getByRole("textbox", { name: "Tags" });
  await tags.fill("outdoors\ngreen:colour");
  await page.getByRole("button", { name: "Save: Tags" }).click();
  await expect(news(page)).toHaveText("Tags: saved.");
  await go(page, "objects?tag=green:colour");
  await page.getByRole("rowheader").getByRole("link", { name: "A Meadow" }).click();

  // Attributes are JSON, and keep their types.
  await page.getByRole("button", { name: "Add an attribute" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("_bees");
  await dialog.getByLabel("Value, as JSON").fill("1");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription(/begin with _/);
  await dialog.getByLabel("Name").fill("bees");
  const value = dialog.getByLabel("Value, as JSON");
  await value.fill("9007199254740993,");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(value).toHaveAccessibleDescription(/That is not JSON/);
  await value.fill("9007199254740993");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  const bees = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "bees" }) });
  await expect(bees).toContainText("9007199254740993");
  await page.getByRole("button", { name: "Edit bees" }).click();
  await expect(value).toHaveValue("9007199254740993");
  await value.fill('"many"');
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(value).toHaveAccessibleDescription(/"bees" is a number, and would become a string/);
  await dialog.getByLabel("It may become something of another type").check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(bees).toContainText('"many"');

  // What somebody writes is not overwritten by what somebody else does.
  await description.fill("Half a sentence");
  await api(page, game, "object_set", { id: 2, field: "desc", value: "Of somebody else." });
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByText("Somebody has changed this meanwhile.")).toBeVisible();
  await expect(description).toHaveValue("Half a sentence");

  await page.getByRole("link", { name: "north (#" }).first().click();
  await expect(heading).toHaveText(/^north \(#\d+\)$/);
  await page.goBack();
  await expect(heading).toHaveText("A Meadow (#2)");
  await go(page, "audit?search=clover");
  await expect(page.getByRole("rowheader")).toHaveText(["object_set"]);
  await go(page, "audit?search=lock can't");
  await expect(page.getByRole("row").filter({ hasText: "refused (400)" })).toHaveCount(1);
  await go(page, "objects/99999");
  await expect(page.getByRole("alert").filter({ hasText: "There is no such object." })).toBeVisible();
  expect(errors).toEqual([]);
});

test("what nobody looks at is not asked for", async ({ page, game }) => {
  const errors = await boss(page, game);
  await go(page, "sessions?search=nobody");
  await expect(page.getByLabel("Name or address")).toHaveValue("nobody");
  let asked = 0;
  page.on("request", (request) => {
    if (request.url().includes("/api/sessions")) asked += 1;
  });
  const hide = (/** @type {boolean} */ isHidden) =>
    page.evaluate((isHidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }, isHidden);
  await expect.poll(() => asked, "it is asked for again and again").toBeGreaterThan(1);
  await hide(true);
  asked = 0;
  await page.waitForTimeout(5000);
  expect(asked, "the page is hidden").toBe(0);
  await hide(false);
  await expect.poll(() => asked, "it is seen again").toBeGreaterThan(0);
  await page.getByRole("button", { name: "Pause" }).click();
  asked = 0;
  await page.waitForTimeout(5000);
  expect(asked, "it is to pause").toBe(0);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect.poll(() => asked).toBeGreaterThan(1);
  expect(errors).toEqual([]);
});

test("who is no superuser sees nothing", async ({ page, game }) => {
  const anna = await game.player("anna");
  anna.end();
  const anonymous = await page.goto(`${game.site}admin/`);
  expect(anonymous?.status()).toBe(401);
  await expect(page.locator("#admin, script")).toHaveCount(0);
  for (const name of ["sessions", "accounts", "objects", "settings", "log", "audit", "last_edit"]) {
    expect((await page.request.get(`${game.site}api/${name}`)).status(), name).toBe(401);
  }
  await signIn(page, game, "anna");
  await expect(page.getByRole("main")).toContainText("anna is no superuser");
  await expect(page.locator("#admin, script")).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Sign in as somebody else" })).toBeVisible();
  for (const name of ["sessions", "accounts", "objects", "settings", "log", "audit", "last_edit"]) {
    expect((await page.request.get(`${game.site}api/${name}`)).status(), name).toBe(403);
  }
  expect((await api(page, game, "reload", {})).status()).toBe(403);
});

test("a reload is gone through, and a backup made", async ({ page, game }) => {
  const errors = await boss(page, game);
  await expect(page.getByRole("listitem").filter({ hasText: "Backup" })).toContainText("There is none yet.");
  await page.getByRole("button", { name: "Make a backup" }).click();
  await expect(page.getByText(/The backup is .*\.db\. It took/)).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Backup" })).toContainText("The newest was made");
  await page.getByRole("button", { name: "Reload the game" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Reload" }).click();
  await expect(page.getByText("The game is being reloaded …")).toBeVisible();
  await expect(page.getByText(/The game was reloaded\. It took/)).toBeVisible({ timeout: 45_000 });
  await expect(page.getByRole("listitem").filter({ hasText: "Server" })).toContainText("It is ready.");

  // The whole game goes away, and comes back.
  await go(page, "accounts");
  await expect(page.getByRole("rowheader")).toHaveText(["boss"]);
  await game.meadow("stop");
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.locator(".state")).toHaveText("The game does not answer just now. Trying again …");
  await expect(page.getByRole("rowheader"), "what was known stays").toHaveText(["boss"]);
  await game.begin();
  await expect(page.locator(".state")).toContainText("As of", { timeout: 30_000 });
  expect(errors).toEqual([]);
});

test("what players have written is text", async ({ page, game }) => {
  const errors = await boss(page, game);
  const done = async (/** @type {string} */ name, /** @type {Record<string, unknown>} */ args) => {
    const answer = await api(page, game, name, args);
    expect(answer.ok(), `${name}: ${await answer.text()}`).toBe(true);
  };
  await done("object_set", { id: 2, field: "key", value: EVIL });
  await done("object_set", { id: 2, field: "desc", value: EVIL });
  await done("object_set", { id: 2, field: "tags", value: [EVIL] });
  await done("object_set", { id: 2, field: "attribute", attribute: EVIL, category: EVIL, value: { [EVIL]: EVIL } });
  await done("ban", { who: "*img*", kind: "account", reason: EVIL });
  const stranger = await game.stranger();
  stranger.send(`create ${EVIL} ${PASSWORD}`);
  const player = await game.player("mallory");
  player.send(`@desc ${EVIL}`);
  const shows = async (/** @type {string} */ hash, /** @type {string | RegExp} */ text) => {
    await go(page, hash);
    await expect(page.locator(".content"), hash).toContainText(text);
    await expect(page.locator("#admin img"), hash).toHaveCount(0);
  };
  await shows("objects/2", EVIL);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${EVIL} (#2)`);
  await shows(`objects?search=${encodeURIComponent(EVIL)}`, EVIL);
  await shows("bans", EVIL);
  await shows("audit", EVIL);
  // What a client calls itself; the browser of the page is signed in.
  await page.evaluate((name) => {
    const socket = new WebSocket(`ws://${location.host}/ws`, "v1.evennia.com");
    socket.onopen = () => socket.send(JSON.stringify(["client_options", [], { client: name }]));
    Object.assign(window, { socket });
  }, EVIL);
  await shows("sessions", EVIL);
  await shows("sessions", "mallory");
  await shows("log", "mallory");
  for (const section of [`${EVIL}`, `sessions/${EVIL}`, `objects/${EVIL}`, `accounts?search=${EVIL}`]) {
    await go(page, section);
    await expect(page.locator("#admin img"), section).toHaveCount(0);
  }
  expect(errors).toEqual([]);
});
