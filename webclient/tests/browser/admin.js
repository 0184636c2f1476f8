// What the tests of the page for superusers have in common: coming to it, going about on it, and asking the API besides.

import axe from "axe-core";
import { PASSWORD, expect } from "./game.js";

/** Of what these tests do on purpose a browser complains, too: signing in here, asking for what can't be done, stopping the game. */
const CAUSED = /status of 401 .*\/admin\/\)$|status of 40[0349] .*\/api\/|net::ERR_CONNECTION_REFUSED/;

/**
 * Signs in by the form of the site, and arrives at the admin page.
 * @param {import("@playwright/test").Page} page
 * @param {import("./game.js").Game} game
 * @param {string} name
 */
export async function signIn(page, game, name) {
  await page.goto(`${game.site}admin/`);
  await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${game.site}admin/`);
}

/**
 * A superuser, on the admin page.
 * @param {import("@playwright/test").Page} page
 * @param {import("./game.js").Game} game
 * @param {string} [name] of their own, in a game that others are in, too
 */
export async function boss(page, game, name = "boss") {
  await game.superuser(name);
  /** @type {string[]} */
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("dialog", (dialog) => {
    errors.push(dialog.message());
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    const complaint = `${message.text()} (${message.location().url})`;
    if (message.type() === "error" && !CAUSED.test(complaint)) errors.push(complaint);
  });
  await signIn(page, game, name);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overview");
  return errors;
}

/**
 * Goes to a section as the address line does.
 * @param {import("@playwright/test").Page} page
 * @param {string} hash
 */
export async function go(page, hash) {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, hash);
}

/**
 * Asks the API, in the name of the page's visitor.
 * @param {import("@playwright/test").Page} page
 * @param {import("./game.js").Game} game
 * @param {string} name
 * @param {Record<string, unknown>} args
 */
export async function api(page, game, name, args) {
  const headers = { Origin: game.site.replace(/\/$/, "") };
  return page.request.post(`${game.site}api/${name}`, { data: args, headers });
}

/** What axe finds wrong. @param {import("@playwright/test").Page} page */
export async function violations(page) {
  // By the debugger: the page's policy lets no other script in.
  await page.evaluate(axe.source);
  const found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
  const { violations } = /** @type {import("axe-core").AxeResults} */ (found);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`);
}

/** @param {import("@playwright/test").Page} page */
export function news(page) {
  return page.locator("#news");
}
