// What a screen reader has of a page: the browser's accessibility tree, and what live regions told it. The tests of
// hearing.spec.js listen by this; what a real one made of it is in docs/playing-in-a-browser.md.

import { expect } from "@playwright/test";

/** @typedef {import("@playwright/test").Page} Page */

/**
 * A part of the tree that is not left out.
 * @typedef {{ role: string, name: string, description: string, level: number, focused: boolean, states: Record<string, any> }} Part
 */

/** What one jumps to. */
const LANDMARKS = new Set(["banner", "main", "navigation", "complementary", "contentinfo", "form", "region", "search"]);

/** What one can use; each must have a name. */
const CONTROLS = new Set([
  "button", "link", "textbox", "searchbox", "combobox", "listbox", "option", "checkbox", "radio", "slider", "spinbutton",
  "switch", "tab", "tabpanel", "menu", "menuitem", "menuitemcheckbox", "meter", "separator", "dialog", "list", "group", "img",
]);

/** The whole tree, in the order in which it is read. @param {Page} page @returns {Promise<Part[]>} */
export async function tree(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const known = new Map(nodes.map((node) => [node.nodeId, node]));
  /** @type {Part[]} */
  const parts = [];
  const walk = (/** @type {(typeof nodes)[number] | undefined} */ node) => {
    if (node === undefined) return;
    const states = Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value]));
    if (!node.ignored) {
      parts.push({
        role: String(node.role?.value ?? ""),
        name: String(node.name?.value ?? ""),
        description: String(node.description?.value ?? ""),
        level: Number(states.level ?? 0),
        focused: states.focused === true,
        states,
      });
    }
    for (const id of node.childIds ?? []) walk(known.get(id));
  };
  walk(nodes.find(({ parentId }) => parentId === undefined));
  return parts;
}

/** Where one can jump to, as "role name". @param {Part[]} parts */
export function landmarks(parts) {
  return parts.filter(({ role }) => LANDMARKS.has(role)).map(({ role, name }) => `${role} ${name}`.trim());
}

/** Headings, as "1 A Meadow". @param {Part[]} parts */
export function headings(parts) {
  return parts.filter(({ role }) => role === "heading").map(({ level, name }) => `${level} ${name}`);
}

/** Everything that can be used is called something, headings leave no level out, and one element has the focus. @param {Page} page @param {string} what */
export async function isReadable(page, what) {
  const parts = await tree(page);
  const nameless = parts.filter(({ role, name }) => CONTROLS.has(role) && name.trim() === "" && role !== "list");
  expect.soft(nameless.map(({ role, states }) => `${role} ${JSON.stringify(states)}`), `${what}: each has a name`).toEqual([]);
  const levels = parts.filter(({ role }) => role === "heading").map(({ level }) => level);
  // A dialog begins at the second: the page behind it is out of reach.
  const skips = levels.filter((level, at) => level > (levels[at - 1] ?? 1) + 1);
  expect.soft(skips, `${what}: no level of headings is left out`).toEqual([]);
  const marks = landmarks(parts);
  expect.soft(marks.filter((mark, at) => marks.indexOf(mark) !== at), `${what}: landmarks can be told apart`).toEqual([]);
  return parts;
}

/** What has the focus, as a screen reader says it. @param {Page} page */
export async function focused(page) {
  const parts = (await tree(page)).filter((part) => part.focused && part.role !== "RootWebArea");
  return parts.map(({ role, name, description }) => [role, name, description].filter(Boolean).join(": ")).join(" + ");
}

/** @typedef {{ how: "polite" | "assertive", text: string }} Told */

/** Hears what live regions of this page tell from now on. @param {Page} page */
export async function listen(page) {
  await page.evaluate(() => {
    const told = /** @type {Told[]} */ ([]);
    Object.assign(window, { told });
    const OF_ROLE = /** @type {Record<string, string>} */ ({ log: "polite", status: "polite", alert: "assertive" });
    const how = (/** @type {Element} */ region) =>
      region.getAttribute("aria-live") ?? (region.localName === "output" ? "polite" : OF_ROLE[region.getAttribute("role") ?? ""]);
    const regionOf = (/** @type {Node} */ node) => {
      const element = node instanceof Element ? node : node.parentElement;
      return element?.closest("[aria-live], [role=log], [role=status], [role=alert], output") ?? null;
    };
    new MutationObserver((changes) => {
      /** @type {Map<Element, string[]>} */
      const news = new Map();
      for (const { target, addedNodes, type } of changes) {
        const region = regionOf(target);
        if (region === null || how(region) === "off" || !region.checkVisibility()) continue;
        const texts = type === "characterData" ? [target.textContent] : [...addedNodes].map((node) => node.textContent);
        const whole = region.matches("[role=status], [role=alert], [aria-atomic=true], output");
        const before = news.get(region) ?? [];
        news.set(region, whole ? [region.textContent ?? ""] : [...before, ...texts.map((text) => text ?? "")]);
      }
      for (const [region, texts] of news) {
        for (const text of texts) {
          if (text.trim() !== "") told.push({ how: /** @type {any} */ (how(region)), text: text.trim() });
        }
      }
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
}

/** What was told since it was asked last. @param {Page} page @returns {Promise<Told[]>} */
export function told(page) {
  return page.evaluate(() => /** @type {any} */ (window).told.splice(0));
}

/**
 * Waits until a text was told, and answers what was told till then and is not asked for again.
 * @param {Page} page @param {string} text
 */
export async function hears(page, text) {
  /** @type {Told[]} */
  const all = [];
  await expect
    .poll(async () => {
      all.push(...(await told(page)));
      return all.map((one) => one.text).join("\n");
    }, { message: `a screen reader is told ${JSON.stringify(text)}` })
    .toContain(text);
  return all;
}
