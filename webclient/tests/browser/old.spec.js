// Browsers that are not the newest, or keep nothing: what they lack is taken from Chromium. And what a player reads
// whose browser is too old, or who has not got all of the page.

import { expect, together as test } from "./game.js";

test("a browser that is too old says so, and how to play without it", async ({ page, game }) => {
  await page.addInitScript(() => Reflect.deleteProperty(HTMLElement.prototype, "popover"));
  await page.goto(game.client());
  await expect(page.getByRole("alert")).toContainText("This browser is too old for this page: it takes Chrome or Edge 114,");
  await expect(page.locator("#status")).toHaveText("Not started.");
  await expect(page.getByRole("textbox")).toBeHidden();
  await page.getByRole("link", { name: "how to connect" }).click();
  await expect(page).toHaveURL(game.site);
});

for (const [what, fulfil] of /** @type {const} */ ([
  ["that it can't read", { status: 200, contentType: "text/javascript", body: "export class Hub { #a = ; }" }],
  ["that does not come", { status: 503, contentType: "text/plain", body: "" }],
])) {
  test(`a module ${what} does not leave the player without a word`, async ({ page, game }) => {
    await page.route("**/webclient/hub.js", (route) => route.fulfill(fulfil));
    await page.goto(game.client());
    await expect(page.getByRole("alert")).toContainText("This page could not start. Please load it again.");
    await expect(page.locator("#status")).not.toHaveText("Starting.");
  });
}

test("a browser that is all right reads nothing of it", async ({ player, page }) => {
  await player.open();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("where words can't be marked, the search marks the line", async ({ player, page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "Highlight"));
  await player.open();
  await page.keyboard.press("Control+f");
  await page.getByRole("searchbox").fill("hangs up");
  await expect(page.locator(".line.found")).toHaveCount(1);
  await expect(page.locator(".line.found")).toContainText("hangs up");
  await page.keyboard.press("Escape");
  await expect(page.locator(".line.found")).toHaveCount(0);
});

test("a menu closes when its button is pressed again, or something beside it", async ({ player, page }) => {
  await player.open();
  const opened = page.locator(":popover-open");
  for (const name of ["Menu", "Arrange: Room"]) {
    const button = page.getByRole("button", { name, exact: true });
    await button.click();
    await expect(opened).toHaveCount(1);
    await expect(button).toHaveAttribute("aria-expanded", "true");
    await button.click();
    await expect(opened).toHaveCount(0);
    await expect(button).toHaveAttribute("aria-expanded", "false");
    await button.focus();
    await page.keyboard.press("Enter");
    await expect(opened).toHaveCount(1);
    await expect(opened.locator(":focus")).toHaveCount(1);
    await player.log.click();
    await expect(opened).toHaveCount(0);
  }
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await page.getByRole("menuitem", { name: "Panes" }).click();
  await expect(page.getByRole("menuitemcheckbox").first()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(opened).toHaveCount(0);
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await expect(page.getByRole("menuitem", { name: "Panes" })).toBeVisible();
  const { width } = /** @type {{ width: number }} */ (await opened.boundingBox());
  expect(width, "as wide as its longest line").toBeLessThan(300);
});

test("a browser that may keep nothing plays all the same, map and all", async ({ player, page, game }) => {
  await page.addInitScript(() => {
    const refuse = () => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    };
    IDBFactory.prototype.open = refuse;
    for (const storage of ["localStorage", "sessionStorage"]) Object.defineProperty(window, storage, { get: refuse });
  });
  await player.open();
  await player.register(game.name("anna"));
  await expect(page.locator(".map .place.here")).toHaveCount(1);
  await page.getByRole("list", { name: "Exits" }).getByRole("button", { name: "north" }).click();
  await expect(page.locator(".map .place-name")).toHaveText("The Old Oak");
  await player.types("say Here I am.");
  await player.sees('You say, "Here I am."');
});
