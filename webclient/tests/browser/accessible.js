// What assistive software and people without a mouse need of a page: axe's rules, and a focus that one can follow.

import axe from "axe-core";
import { expect } from "@playwright/test";

/** @typedef {import("@playwright/test").Page} Page */

/**
 * The page breaks none of axe's rules: all of them in its present colours, and those of contrast in the others.
 * @param {Page} page
 * @param {string} what
 */
export async function isAccessible(page, what) {
  await page.emulateMedia({ colorScheme: "dark" });
  expect.soft(await violations(page, {}), `${what}, dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
  expect.soft(await violations(page, { runOnly: ["color-contrast"] }), `${what}, light`).toEqual([]);
}

/** @param {Page} page @param {import("axe-core").RunOptions} options @returns {Promise<string[]>} */
export async function violations(page, options) {
  // By the debugger: the page's policy lets no script in but its own.
  // Colours of the game's text are set by a script when those of the system change.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const found = await page.evaluate((options) => /** @type {any} */ (window).axe.run(document, options), {
    resultTypes: /** @type {"violations"[]} */ (["violations"]),
    ...options,
  });
  const { violations } = /** @type {import("axe-core").AxeResults} */ (found);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${id}: ${target} ${any[0]?.message ?? ""}`));
}

/**
 * Where the focus is: its name, and what is wrong with that.
 * @param {Page} page
 */
export async function focus(page) {
  const { name, faults, outlined, clip } = await look(page);
  // It may be shown by other means: it looks otherwise with the focus, then.
  if (!outlined && name !== "" && faults.length === 0) {
    const picture = async () => (await page.screenshot({ clip, animations: "disabled", caret: "hide" })).toString("base64");
    const focused = await picture();
    await page.evaluate(() => {
      const one = /** @type {HTMLElement} */ (document.activeElement);
      one.blur();
      Object.assign(window, { one });
    });
    if (focused === (await picture())) faults.push(`${name} does not look focused`);
    await page.evaluate(() => /** @type {any} */ (window).one.focus({ focusVisible: true }));
  }
  return { name, faults };
}

/** @param {Page} page */
function look(page) {
  return page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const isClipped = (/** @type {Element | null} */ one) => {
      for (; one !== null; one = one.parentElement) if (getComputedStyle(one).clipPath !== "none") return true;
      return false;
    };
    const one = document.activeElement;
    if (!(one instanceof HTMLElement || one instanceof SVGElement) || one === document.body) {
      return { name: "", faults: [], outlined: false, clip: { x: 0, y: 0, width: 1, height: 1 } };
    }
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
    const { width, height, top, left, bottom, right } = one.getBoundingClientRect();
    const faults = [];
    if (!one.matches(":focus-visible")) faults.push("has a focus that is not shown");
    const outlined = (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
    if (Math.max(width, height) < 5) faults.push("is too small to be seen");
    if (one.closest(".unseen") !== null || isClipped(one)) faults.push("can't be seen");
    if (bottom <= 0 || right <= 0 || top >= innerHeight || left >= innerWidth) faults.push("is out of sight");
    const label = document.querySelector(`label[for="${one.id}"]`)?.textContent;
    const by = document.getElementById(one.getAttribute("aria-labelledby") ?? "")?.textContent;
    const name = (one.getAttribute("aria-label") ?? label ?? by ?? (one.textContent || one.tagName)).trim();
    const clip = { x: Math.max(0, left - 8), y: Math.max(0, top - 8), width: width + 16, height: height + 16 };
    return { name, faults: faults.map((fault) => `${name} ${fault}`), outlined, clip };
  });
}

/**
 * Goes through the page by Tab, from where the focus is until it is there again.
 * @param {Page} page
 * @param {string} [key]
 * @returns {Promise<string[]>} names of what the focus was on, in order
 */
export async function tabThrough(page, key = "Tab") {
  const names = [];
  await page.evaluate(() => document.activeElement?.setAttribute("data-start", ""));
  for (let tabs = 0; tabs < 100; tabs += 1) {
    await page.keyboard.press(key);
    const { name, faults } = await focus(page);
    expect.soft(faults).toEqual([]);
    if (await page.evaluate(() => document.activeElement?.hasAttribute("data-start"))) break;
    // Between the last and the first it is the browser's own.
    if (name !== "") names.push(name);
  }
  await page.evaluate(() => document.querySelector("[data-start]")?.removeAttribute("data-start"));
  return names;
}

/** Nothing is wider than the page. @param {Page} page @param {string} what */
export async function fits(page, what) {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(wider, `${what} is not wider than the page`).toBeLessThanOrEqual(0);
}

/** What one presses is large enough for a thumb, unless it is a word in a text. @param {Page} page @param {string} what */
export async function isForThumbs(page, what) {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button, input, select, textarea, summary, a.button, [role=tab], [role=menuitem]")].flatMap((one) => {
      if (!one.checkVisibility({ visibilityProperty: true }) || one.closest("[inert], .unseen, .strip h2") !== null) return [];
      // A box to tick is ticked by its label, too.
      const label = one instanceof HTMLInputElement && /checkbox|radio/.test(one.type) ? one.labels?.[0] : undefined;
      const { width, height } = (label ?? one).getBoundingClientRect();
      if (width < 2 || (width >= 39.5 && height >= 39.5)) return [];
      return [`${one.getAttribute("aria-label") ?? (one.textContent || one.id)}: ${Math.round(width)}×${Math.round(height)}`];
    }),
  );
  expect.soft(small, `${what}: large enough`).toEqual([]);
}
