// What superusers do to the game itself on their page: services, throttles, scripts and tickers, reading the log; and what the
// overview says of the machine.

import { createServer } from "node:net";
import { api, boss, go, news } from "./admin.js";
import { PASSWORD, expect, test, together } from "./game.js";

test("a service is stopped and started, and it is said what is in the way", async ({ page, game }) => {
  const errors = await boss(page, game);
  const anna = await game.player("anna");
  await go(page, "services");
  const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "telnet" }) });
  await row.getByRole("button", { name: "Stop telnet" }).click();
  const dialog = page.getByRole("dialog", { name: "Stop telnet" });
  await expect(dialog).toContainText("whoever came by it plays on");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByRole("button", { name: "Stop telnet" }).click();
  await expect(news(page)).toHaveText("telnet has been stopped.");
  await expect(row).toContainText("stopped");
  await anna.ask("say I am still here", "I am still here");

  // Another program has taken its port.
  const other = createServer().listen(game.telnet.port, "127.0.0.1");
  await new Promise((listening) => other.once("listening", listening));
  await row.getByRole("button", { name: "Start telnet" }).click();
  await expect(news(page)).toContainText(`telnet cannot listen at 127.0.0.1:${game.telnet.port}`);
  await expect(row).toContainText("stopped");
  await new Promise((closed) => other.close(closed));
  await row.getByRole("button", { name: "Start telnet" }).click();
  await expect(news(page)).toHaveText("telnet is running now.");
  await expect(row.getByRole("button", { name: "Stop telnet" })).toBeVisible();
  await game.stranger();

  // Whoever stops the one that they have come by is told what that means.
  const web = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "web", exact: true }) });
  await web.getByRole("button", { name: "Stop web" }).click();
  await expect(page.getByRole("dialog")).toContainText("You have come by it: this page will be gone.");
  await expect(page.getByRole("dialog")).toContainText('"@service/start web"');
  await page.keyboard.press("Escape");
  const link = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "link" }) });
  await expect(link.getByRole("button")).toHaveCount(0);
  expect((await api(page, game, "service_stop", { name: "link" })).status(), "the game refuses it, too").toBe(409);

  await go(page, "audit?function=service_start");
  await expect(page.getByRole("row").filter({ hasText: "refused (409): telnet cannot listen" })).toHaveCount(1);
  expect(errors).toEqual([]);
});

test("a script is paused, goes on, repeats, and is deleted for good", async ({ page, game }) => {
  const errors = await boss(page, game);
  await go(page, "scripts");
  const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "weather" }) });
  await expect(row).toContainText("running");
  await row.getByRole("button", { name: "Pause weather" }).click();
  await expect(row).toContainText("paused");
  await expect(row.getByRole("button", { name: "Start weather" }), "what is pressed keeps the focus").toBeFocused();
  await page.keyboard.press("Enter");
  await expect(row).toContainText("running");
  await row.getByRole("button", { name: "Run once weather" }).click();
  await expect(news(page)).toContainText("has repeated");
  await page.getByLabel("Key or typeclass").fill("nothing");
  await expect(page.getByText("There are no such scripts.")).toBeVisible();
  await page.getByLabel("Key or typeclass").fill("weather");
  await row.getByRole("button", { name: "Delete weather" }).click();
  await expect(
    page.getByRole("dialog").getByRole("button", { name: "Cancel" }),
    "one key does not delete",
  ).toBeFocused();
  await page.getByRole("dialog").getByRole("button", { name: "Delete weather" }).click();
  await expect(page.getByText("There are no such scripts.")).toBeVisible();
  await go(page, "audit?function=script_do");
  await expect(page.getByRole("rowheader")).toHaveText(["script_do", "script_do", "script_do", "script_do"]);

  await go(page, "tickers");
  const ticker = page.getByRole("row").filter({ has: page.getByRole("button", { name: /^Pause / }) }).first();
  const number = /#\d+/.exec((await ticker.textContent()) ?? "")?.[0] ?? "";
  const same = page.getByRole("row").filter({ has: page.getByRole("cell", { name: number, exact: true }) });
  await same.getByRole("button", { name: /^Pause / }).click();
  await expect(same).toContainText("paused");
  await expect(same.getByRole("button", { name: /^Go on / })).toBeFocused();
  await same.getByRole("button", { name: /^Run once / }).click();
  await expect(news(page)).toContainText("was called");
  await same.getByRole("button", { name: /^Go on / }).click();
  await expect(same).not.toContainText("paused");
  await same.getByRole("button", { name: /^End / }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^End / }).click();
  await expect(same).toHaveCount(0);
  expect(errors).toEqual([]);
});

test("whoever has typed wrong passwords is let go on", async ({ page, game }) => {
  const errors = await boss(page, game);
  const anna = await game.player("anna");
  anna.end();
  const stranger = await game.stranger();
  for (let tries = 0; tries < 5; tries += 1) await stranger.ask("connect anna wrong", "incorrect");
  await stranger.ask(`connect anna ${PASSWORD}`, "Too many");
  await go(page, "throttles");
  const row = page.getByRole("table", { name: "Wrong passwords" }).getByRole("row").filter({ hasText: "127.0.0.1" });
  await expect(row).toContainText("5");
  await row.getByRole("button", { name: "Lift" }).click();
  await expect(news(page)).toHaveText("127.0.0.1 need not wait any more.");
  await expect(row).toHaveCount(0);
  const again = await game.stranger();
  await again.ask(`connect anna ${PASSWORD}`, "Exits:");
  expect(errors).toEqual([]);
});

together("the log is searched, and stays as it is while one reads", async ({ page, game }) => {
  const errors = await boss(page, game, game.name("boss"));
  await go(page, "log");
  const lines = page.locator(".log li");
  await expect(lines.first()).toBeVisible();
  const name = game.name("mallory");
  await api(page, game, "ban", { who: name, kind: "account", reason: "Loud" });
  await page.getByLabel("Text").fill(name.toUpperCase());
  await expect(page.locator("#log-title")).toContainText(/, \d+ entr/);
  await expect(lines.filter({ hasNotText: new RegExp(name, "i") })).toHaveCount(0);
  const found = await lines.count();
  expect(found).toBeGreaterThan(0);
  await expect(page.getByLabel("Text"), "whoever types goes on typing").toBeFocused();
  expect(page.url()).toContain(`search=${name.toUpperCase()}`);
  await page.getByRole("button", { name: "Pause" }).click();
  await api(page, game, "ban", { who: `${name}x`, kind: "account" });
  await page.waitForTimeout(4000);
  await expect(lines).toHaveCount(found);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect.poll(() => lines.count()).toBeGreaterThan(found);
  await page.getByLabel("Level").selectOption("error");
  await expect(page.locator("#log-title"), "it was no error").toContainText("nothing like that");

  await go(page, "settings");
  await page.getByLabel("Search").fill("telnet.listen");
  await expect(page.getByRole("rowheader")).toHaveText(["telnet.listen"]);
  await expect(page.getByRole("row").filter({ hasText: "telnet.listen" })).toContainText("127.0.0.1:0");
  expect(errors).toEqual([]);
});

together("the overview tells of the machine", async ({ page, game }) => {
  const errors = await boss(page, game, game.name("boss"));
  await expect(page.getByRole("listitem").filter({ hasText: "Disk" })).toContainText(/[\d.]+ [GMT]B of [\d.]+ [GMT]B are free/);
  await expect(page.getByRole("listitem").filter({ hasText: "Connections" })).toContainText(/Nobody has to wait\.|ha(?:s|ve) to wait/);
  const numbers = page.locator(".facts");
  await expect(numbers).toContainText(/The Portal \(\d+\)\d+(\.\d)? MB/);
  // From the second look on, how much of a processor it took between them is known.
  await expect(numbers).toContainText(/The Server \(\d+\).*\d+ % CPU/);
  expect(errors).toEqual([]);
});
