// The scrollback in a browser: many lines, and fast ones; reading above, finding, copying, marks and screen readers.

import { expect, test } from "./game.js";
import { hears, listen, told } from "./hearing.js";

/** Lines of the test, numbered, some of them long. */
const MANY = 100_000;

/** @param {import("@playwright/test").Page} page @param {number} count */
const fill = (page, count) =>
  page.evaluate(async (count) => {
    const { client } = await import(String(new URL("main.js", document.baseURI)));
    Object.assign(window, { client });
    const start = client.output.store.list().length;
    const words = "a meadow full of flowers and of bees that hum in the warm wind of a summer ".repeat(4);
    for (let line = start; line < start + count; line += 1) {
      client.output.add(
        `<span class="color-0${String(10 + (line % 90))}">Line ${line}.</span> ${words.slice(0, (line * 37) % 200)}`,
      );
    }
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }, count);

/** @param {import("@playwright/test").Page} page @param {() => any} read */
const inPage = (page, read) => page.evaluate(`(${read})()`);

test("a hundred thousand lines scroll, and what is read stays where it is", async ({ player }) => {
  const { page } = player;
  await player.open();
  await fill(page, MANY);
  await player.sees(`Line ${MANY}.`);
  expect(await page.locator("#log .line").count(), "only what is in sight is drawn").toBeLessThan(200);

  const held = await page.evaluate(async () => {
    const { view, store } = /** @type {any} */ (window).client.output;
    const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const id = store.first + 50_000;
    view.reveal(id);
    await frame();
    const before = view.element(id).getBoundingClientRect().top;
    for (let line = 0; line < 500; line += 1) /** @type {any} */ (window).client.output.add(`more ${line}`);
    await frame();
    const after = view.element(id).getBoundingClientRect().top;
    // And all the way up, by jumps and by the wheel: there is always something to read.
    let empty = 0;
    for (let step = 0; step < 60; step += 1) {
      view.box.scrollTop = step % 3 === 0 ? Math.random() * view.box.scrollHeight : view.box.scrollTop - 900;
      await frame();
      const box = view.box.getBoundingClientRect();
      const there = document.elementFromPoint(box.left + 40, box.top + box.height / 2);
      if (there?.closest(".line") === null) empty += 1;
    }
    return { before, after, empty };
  });
  expect(held.after).toBeCloseTo(held.before, 0);
  expect(held.empty).toBe(0);
  await expect(page.locator("#newlines")).toContainText("new lines");
  await page.locator("#newlines").click();
  await player.sees("more 499");
  await expect(page.locator("#newlines")).toBeHidden();
});

test("five hundred lines a second come while one may still type", async ({ player }) => {
  const { page } = player;
  await player.open();
  await fill(page, 20_000);
  const flood = page.evaluate(async () => {
    const { output } = /** @type {any} */ (window).client;
    let busy = 0;
    const start = performance.now();
    for (let line = 0; line < 1500;) {
      await new Promise((done) => setTimeout(done, 5));
      const from = performance.now();
      for (; line < (from - start) / 2 && line < 1500; line += 1) output.add(`fast ${line}`);
      busy += performance.now() - from;
    }
    return { busy, time: performance.now() - start };
  });
  await player.line.pressSequentially("say this is typed meanwhile");
  await expect(player.line).toHaveValue("say this is typed meanwhile");
  const { busy, time } = await flood;
  expect(busy / time, "of the time goes into taking lines").toBeLessThan(0.3);
  await player.sees("fast 1499");
});

test("the search finds what is not drawn", async ({ player }) => {
  const { page } = player;
  await player.open();
  await fill(page, 30_000);
  await page.keyboard.press("Control+f");
  await page.getByRole("searchbox").fill("line 123.");
  await expect(page.locator("#find output")).toHaveText("1 of 1");
  await player.sees("Line 123.");
  expect(await inPage(page, () => /** @type {any} */ (CSS.highlights.get("found-current")).size)).toBe(1);
  await page.getByRole("searchbox").fill("line 77");
  await expect(page.locator("#find output")).toHaveText(/^\d+ of 111$/);
  const first = await page.locator("#find output").textContent();
  await page.keyboard.press("Enter");
  await expect(page.locator("#find output")).not.toHaveText(String(first));
  await page.getByRole("searchbox").fill("no such words");
  await expect(page.locator("#find output")).toHaveText("Nothing found");
  await page.keyboard.press("Escape");
  await expect(player.line).toBeFocused();
});

test("what is copied is text, with the lines that are not drawn", async ({ player, context }) => {
  const { page } = player;
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await player.open();
  await fill(page, 5_000);
  await page.evaluate(async () => {
    const { view, store } = /** @type {any} */ (window).client.output;
    const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const [from, to] = [store.first + 1003, store.first + 2003];
    view.reveal(from);
    await frame();
    getSelection()?.setBaseAndExtent(view.element(from).lastChild, 1, view.element(from).lastChild, 2);
    view.reveal(to);
    await frame();
    getSelection()?.extend(view.element(to).firstChild.firstChild, 4);
    view.box.focus({ preventScroll: true });
  });
  await page.keyboard.press("Control+c");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const lines = copied.split("\n");
  expect([lines.length, lines[0].startsWith("Line"), lines[1].startsWith("Line 1004."), lines[1000]]).toEqual([
    1001,
    false,
    true,
    "Line",
  ]);
  await player.line.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  const all = await page.evaluate(() => navigator.clipboard.readText());
  expect(all).toContain("Welcome to");
  expect(all.split("\n").filter((line) => line.startsWith("Line ")).length).toBe(5_000);
  // And one goes on typing as if nothing had been.
  await page.keyboard.type("look");
  await expect(player.line).toHaveValue("look");
});

test("a page that was put aside says how much has come, and where one left off", async ({ player, game }) => {
  const { page } = player;
  await player.open();
  await player.register("anna");
  const bert = await game.player("bert");
  await player.sees("bert has entered the game.");
  const hide = (/** @type {boolean} */ hidden) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      Object.defineProperty(document, "visibilityState", { value: hidden ? "hidden" : "visible", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await hide(true);
  for (let line = 1; line <= 45; line += 1) bert.send(`say number ${line}`);
  await player.sees("number 45");
  await expect(page).toHaveTitle(/^\(45\) /);
  await hide(false);
  await expect(page).not.toHaveTitle(/^\(/);
  await page.getByRole("button", { name: "45 new lines since" }).click();
  await expect(page.locator(".line.leftoff")).toContainText('"number 1"');
  await expect(page.locator(".line.leftoff")).toBeInViewport();
});

test("a screen reader hears new lines once, and not what is scrolled", async ({ player, game }) => {
  const { page } = player;
  await player.open();
  await player.register("anna");
  const bert = await game.player("bert");
  await listen(page);
  bert.send("say Can you hear me?");
  await player.sees("Can you hear me?");
  await page.keyboard.press("PageUp");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("End");
  const heard = [...(await hears(page, 'bert says, "Can you hear me?"')), ...(await told(page))];
  expect(heard.filter(({ text }) => text.includes("Can you hear me?")).length).toBe(1);
  await page.keyboard.press("PageUp");
  expect(await told(page)).toEqual([]);
});
