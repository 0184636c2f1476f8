// A first visit, and players of all kinds in one place.

import { Player, expect, test } from "./game.js";

test("from the first visit to the first look", async ({ player }) => {
  await player.page.goto(player.game.site);
  await player.page.getByRole("link", { name: /play/i }).first().click();
  await player.sees("hangs up.");
  await expect(player.line, "one can type at once").toBeFocused();
  await player.register("anna");
  await player.types("look");
  await player.sees("This is a beautiful meadow.");
  await expect(player.log).not.toContainText("correct-horse");
});

test("two browsers and a telnet client in one room", async ({ player, game, browser }) => {
  await player.open();
  await player.register("anna");
  const context = await browser.newContext();
  const bert = new Player(await context.newPage(), game);
  await bert.open();
  await bert.register("bert");
  const carl = await game.player("carl");
  await player.sees("carl has entered the game.");
  await player.types("say Hello, 日本 café!");
  await bert.sees('anna says, "Hello, 日本 café!"');
  await carl.expect('anna says, "Hello, 日本 café!"');
  await bert.types("pose waves.");
  await player.sees("bert waves.");
  await carl.expect("bert waves.");
  carl.send("say Hello, you two.");
  await player.sees('carl says, "Hello, you two."');
  await bert.sees('carl says, "Hello, you two."');
  expect(bert.errors).toEqual([]);
  await context.close();
});
