// Channels and crowds on the page for superusers: one channel and those who hear it, and more sessions than fit on a page.

import { connect } from "node:net";
import { boss, go, news } from "./admin.js";
import { expect, test, together } from "./game.js";

together("a channel is made, spoken on, changed and changed back, rid of somebody, and deleted", async ({ page, game }) => {
  const [me, name] = [game.name("boss"), game.name("anna")];
  const errors = await boss(page, game, me);
  const anna = await game.player(name);
  await page.getByRole("link", { name: "Channels", exact: true }).click();
  await page.getByRole("button", { name: "Make a channel" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("a|b");
  await dialog.getByRole("button", { name: "Make it" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription(/up to 30 letters/);
  await dialog.getByLabel("Name").fill("Trade");
  await dialog.getByLabel("Aliases").fill("tr");
  await dialog.getByLabel("Description").fill("Who sells what.");
  await dialog.getByRole("button", { name: "Make it" }).click();
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText("Channel Trade");
  await anna.ask("@channel/sub trade", "You are now subscribed");

  // Said, and heard.
  const message = page.getByRole("textbox", { name: "Say something" });
  await message.fill("Fresh |rbread!");
  await page.keyboard.press("Enter");
  await anna.expect(`[Trade] ${me}: Fresh |rbread!`);
  await expect(page.getByRole("region", { name: "What was said" }).getByRole("listitem")).toContainText([
    `[Trade] ${me}: Fresh |rbread!`,
  ]);
  await expect(message).toHaveValue("");
  await expect(message, "and one goes on talking").toBeFocused();
  anna.send("trade <b>How much?</b>");
  await expect(page.getByRole("region", { name: "What was said" }).getByRole("listitem").last()).toContainText(
    `[Trade] ${name}: <b>How much?</b>`,
  );
  await page.getByRole("button", { name: "Leave the channel" }).click();
  await expect(message).toBeHidden();
  await page.getByRole("button", { name: "Join the channel" }).click();
  await expect(message).toBeVisible();

  const description = page.getByRole("textbox", { name: "Description" });
  await description.fill("Bread.");
  await page.getByRole("button", { name: "Save: Description" }).click();
  const undo = page.getByRole("region", { name: "Your last edit" });
  await expect(undo).toContainText("the desc of Trade (#");
  await undo.getByRole("button", { name: "Undo my last edit" }).click();
  await expect(description).toHaveValue("Who sells what.");
  const locks = page.getByRole("textbox", { name: "Locks" });
  await locks.fill("send:perm(Builder");
  await page.getByRole("button", { name: "Save: Locks" }).click();
  await expect(locks).toHaveAccessibleDescription(/That lock can't be used/);

  // Who hears it, muted or not; out, and in again.
  const hearers = page.getByRole("table", { name: "Subscribers" });
  await anna.ask("@channel/mute trade", "Muted channel Trade.");
  await expect(hearers.getByRole("row").filter({ hasText: name })).toContainText("yesyes");
  await page.getByLabel("Who hears it").fill(name.slice(1));
  await expect(hearers.getByRole("rowheader")).toHaveText([name]);
  await page.getByRole("button", { name: `Ban ${name}` }).click();
  await dialog.getByLabel("Reason").fill("Haggling");
  await dialog.getByRole("button", { name: `Ban ${name}` }).click();
  await anna.expect("You were banned from channel Trade. (reason: Haggling)");
  const bans = page.getByRole("table", { name: "Banned from this channel" });
  await expect(bans.getByRole("rowheader")).toHaveText([name]);
  await bans.getByRole("button", { name: `Unban ${name}` }).click();
  await expect(news(page)).toHaveText(`${name} may come back.`);
  await anna.ask("@channel/sub trade", "You are now subscribed");
  await page.getByRole("button", { name: "Ban somebody" }).click();
  await dialog.getByLabel("Account").fill("nobody");
  await dialog.getByRole("button", { name: "Ban", exact: true }).click();
  await expect(dialog.getByLabel("Account")).toHaveAccessibleDescription(/There is no account/);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Delete the channel" }).click();
  await dialog.getByRole("button", { name: "Delete Trade" }).click();
  await anna.expect("Channel Trade is being destroyed.");
  await expect(heading).toHaveText("Channels");
  await expect(page.getByRole("rowheader", { name: "Trade" })).toHaveCount(0);
  expect(errors).toEqual([]);
});

test.describe("with a crowd", () => {
  const CROWD = 130;
  test.use({ settings: { "limits.connections_per_address": "1000" } });

  test("sessions are paged, found and sorted", async ({ page, game }) => {
    const errors = await boss(page, game);
    const anna = await game.player("anna");
    const crowd = await Promise.all(
      Array.from(
        { length: CROWD },
        () =>
          new Promise((greeted) => {
            const socket = connect(game.telnet);
            socket.on("error", () => {});
            socket.once("data", () => greeted(socket));
          }),
      ),
    );
    let asked = 0;
    page.on("response", async (response) => {
      if (response.url().includes("/api/sessions")) asked = (await response.body()).length;
    });
    await page.getByRole("link", { name: "Sessions", exact: true }).click();
    const pager = page.locator(".pager").first();
    await expect(pager).toContainText(`1 to 50 of ${CROWD + 1} sessions`);
    await expect(page.getByRole("row")).toHaveCount(51);
    await expect.poll(() => asked).toBeGreaterThan(0);
    expect(asked, "no more is asked for than is shown").toBeLessThan(60_000);
    await pager.getByRole("link", { name: "Next page" }).click();
    await expect(pager).toContainText(`51 to 100 of ${CROWD + 1} sessions`);
    await pager.getByRole("link", { name: "Last" }).click();
    await expect(pager).toContainText(`101 to ${CROWD + 1} of ${CROWD + 1} sessions`);
    await expect(pager.getByRole("link", { name: "Next page" })).toHaveCount(0);
    await expect(pager.getByRole("link", { name: "First" }), "what leads nowhere has no focus").toBeFocused();
    await page.goBack();
    await expect(pager).toContainText("51 to 100 of");
    // From the end of a page to the beginning of the next.
    await page.getByRole("navigation", { name: "Pages, below the list" }).getByRole("link", { name: "Next page" }).click();
    await expect(pager).toContainText(`101 to ${CROWD + 1} of`);
    const region = page.getByRole("region", { name: "Who is connected" });
    await expect(region).toBeFocused();
    await expect(region.getByRole("row").nth(1)).toBeInViewport();

    await page.getByLabel("Name or address").fill("anna");
    await expect(pager).toContainText(`1 session of ${CROWD + 1}`);
    await page.getByRole("rowheader").getByRole("link", { name: "anna" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Session \d+: anna$/);
    await page.goBack();
    await page.getByLabel("Name or address").fill("");
    await expect(pager).toContainText("1 to 50 of");
    for (let line = 0; line < 5; line += 1) await anna.ask("look", "Exits:");
    for (const order of ["name", "commands", "traffic"]) {
      await page.getByLabel("Sorted by").selectOption(order);
      await expect(page.getByRole("rowheader").first(), order).toHaveText("anna");
      await expect(pager).toContainText(`1 to 50 of ${CROWD + 1} sessions`);
    }
    // A page that is no more leads to the last that is there.
    await go(page, "sessions?page=3");
    await expect(pager).toContainText("101 to");
    for (const socket of crowd.slice(0, 100)) /** @type {import("node:net").Socket} */ (socket).destroy();
    await expect(pager).toContainText(`${CROWD - 99} sessions`);
    for (const socket of crowd.slice(100)) /** @type {import("node:net").Socket} */ (socket).destroy();
    expect(errors).toEqual([]);
  });
});

together("who has to wait is marked, and named on the overview", async ({ page, game }) => {
  const errors = await boss(page, game, game.name("boss"));
  const name = game.name("anna");
  await game.player(name);
  // As if their connection had become slow.
  await page.route("**/api/sessions?*", async (route) => {
    const response = await route.fetch();
    const told = await response.json();
    for (const session of told.sessions) {
      if (session.account?.name !== name) continue;
      Object.assign(session, { strain: ["latency", "output"], output_waiting: 200_000 });
      session.negotiated = { ...session.negotiated, latency: "1700 ms" };
    }
    await route.fulfill({ response, json: told });
  });
  await page.route("**/api/status?*", async (route) => {
    const response = await route.fetch();
    const told = await response.json();
    told.strained = { count: 3, sessions: [{ id: 1, account: name, address: "192.0.2.1", strain: ["latency"] }] };
    await route.fulfill({ response, json: told });
  });
  await go(page, `sessions?search=${name}`);
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("0 / 200 kB ⚠");
  await expect(row.getByRole("cell").filter({ hasText: "1700 ms" })).toHaveAccessibleName(/answers are slow/);
  await row.getByRole("rowheader").getByRole("link").click();
  await expect(page.getByText("Has to wait: answers are slow, what they are sent waits.")).toBeVisible();

  // What has the focus keeps it, though everything is told anew every few seconds.
  const copy = page.getByRole("button", { name: /^Copy #/ });
  await copy.focus();
  const before = await page.locator(".state").textContent();
  await expect(page.locator(".state")).not.toHaveText(before ?? "");
  await expect(copy).toBeFocused();

  await page.getByRole("link", { name: "Overview" }).click();
  const check = page.getByRole("listitem").filter({ hasText: "Connections" });
  await expect(check).toContainText(`3 players have to wait, most of all ${name}.`);
  await check.getByRole("link", { name: "Look at the sessions" }).click();
  await expect(page.getByLabel("Sorted by")).toHaveValue("latency");
  expect(errors).toEqual([]);
});

together("numbers are copied, to be pasted into the game", async ({ page, game, context }) => {
  const errors = await boss(page, game, game.name("boss"));
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await go(page, "objects/2");
  await page.getByRole("button", { name: "Copy #2" }).click();
  await expect(news(page)).toHaveText("Copied: #2");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("#2");
  const name = game.name("anna");
  await game.player(name);
  await go(page, `sessions?search=${name}`);
  await page.getByRole("rowheader").getByRole("link", { name }).click();
  await page.getByRole("button", { name: "Copy 127.0.0.1" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("127.0.0.1");
  // A page without TLS has no clipboard.
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.getByRole("button", { name: /^Copy #/ }).click();
  await expect(news(page)).toContainText("is chosen: copy it with the keyboard.");
  expect(await page.evaluate(() => String(getSelection()))).toMatch(/^#\d+$/);
  expect(errors).toEqual([]);
});
