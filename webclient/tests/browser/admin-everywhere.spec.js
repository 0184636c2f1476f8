// Every section of the page for superusers: legible for everybody, at a desk and on a phone, and in order for the keyboard.

import { tabThrough } from "./accessible.js";
import { api, boss, go, violations } from "./admin.js";
import { expect, test, together } from "./game.js";

const SECTIONS = [
  "overview",
  "sessions",
  "accounts",
  "bans",
  "objects",
  "channels",
  "scripts",
  "tickers",
  "services",
  "log",
  "settings",
  "throttles",
  "audit",
];

for (const [size, viewport] of /** @type {const} */ ([
  ["a desktop", { width: 1280, height: 800 }],
  ["a phone", { width: 390, height: 844 }],
])) {
  test(`everybody can use all sections, on ${size}`, async ({ page, game }) => {
    test.setTimeout(300_000);
    await page.setViewportSize(viewport);
    const errors = await boss(page, game);
    await game.player("anna");
    await api(page, game, "ban", { who: "mallory", kind: "account", reason: "Loud" });
    const isLegible = async (/** @type {string} */ where) => {
      for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
        await page.emulateMedia({ colorScheme });
        expect(await violations(page), `${where}, ${colorScheme}`).toEqual([]);
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide, `${where} is wider than the screen`).toBeLessThanOrEqual(0);
    };
    for (const section of [...SECTIONS, "objects/2", "accounts/1", "sessions/1", "channels/1"]) {
      await go(page, section);
      await expect(page.locator(".content.fresh")).toHaveCount(0);
      await isLegible(section);
    }
    await go(page, "sessions");
    await page.getByRole("button", { name: "Ban anna" }).click();
    await isLegible("a dialog");
    await page.keyboard.press("Escape");
    if (viewport.width < 500) {
      await page.getByRole("button", { name: "Sections: Sessions" }).click();
      await isLegible("the sections");
      await page.getByRole("link", { name: "Throttles" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Throttles");
      await expect(page.getByRole("link", { name: "Overview" })).toBeHidden();
    }
    expect(errors).toEqual([]);
  });

  together(`the keyboard comes to everything, on ${size}`, async ({ page, game }) => {
    await page.setViewportSize(viewport);
    const errors = await boss(page, game, game.name("boss"));
    for (const section of ["overview", "channels/1?search=nobody", "services", "tickers"]) {
      await go(page, section);
      await expect(page.locator(".content.fresh")).toHaveCount(0);
      await page.getByRole("button", { name: "Refresh" }).focus();
      const buttons = await page.locator(".content :is(a[href], button, input, textarea, select)").count();
      const names = await tabThrough(page);
      expect(names, section).toContain("Pause");
      expect(names.length, section).toBeGreaterThan(buttons);
    }
    expect(errors).toEqual([]);
  });
}
