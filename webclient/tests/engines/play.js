// A short evening in a browser that is not Chromium: one comes for the first time, plays, and stays while the Server is
// reloaded and the page is loaded anew. firefox.test.js and webkit.test.js play it; all that is finer is tried in
// Chromium (tests/browser/).

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Game, PASSWORD } from "../browser/game.js";
import { KEY } from "./webdriver.js";

/** The game's own part of the client, for these tests: hands out the client, and notes whatever the page complains of. */
const OWN = `
const complaints = [];
addEventListener("error", (event) => complaints.push(event.message));
addEventListener("unhandledrejection", (event) => complaints.push(String(event.reason)));
addEventListener("securitypolicyviolation", (event) => complaints.push(event.violatedDirective + " " + event.blockedURI));
for (const kind of ["error", "warn"]) {
  const print = console[kind];
  console[kind] = (...what) => { complaints.push(what.map(String).join(" ")); print.apply(console, what); };
}
export function install(client) { Object.assign(window, { client, complaints }); }
`;

/** More than is ever drawn at once. */
const MANY = 20_000;

/** @param {() => Promise<import("./webdriver.js").Browser>} start starts the browser */
export async function play(start) {
  const game = await Game.start();
  /** @type {import("./webdriver.js").Browser | undefined} */
  let browser;
  try {
    const own = join(game.folder, "web", "webclient");
    await mkdir(own, { recursive: true });
    await writeFile(join(own, "game.js"), OWN);
    browser = await start();
    await evening(browser, game);
  } catch (error) {
    console.log(await game.logs());
    throw error;
  } finally {
    await browser?.end();
    await game.end();
  }
}

/** @param {import("./webdriver.js").Browser} browser @param {Game} game */
async function evening(browser, game) {
  const types = (/** @type {string} */ line) => browser.type("#line", line + KEY.enter);
  const sees = (/** @type {string} */ text, place = "#log") =>
    browser.until(`no ${text}`, "return document.querySelector(arguments[0])?.textContent.includes(arguments[1])", place, text);
  /** How often a line came. @param {string} line */
  const count = (line) =>
    browser.run("return client.output.store.list().filter(({ text }) => text === arguments[0]).length", line);

  await browser.open(game.client());
  await sees("hangs up.");
  await types(`create anna ${PASSWORD}`);
  await sees("Is this what you intended?", "#prompt");
  await types("y");
  await sees("You can now log in");
  await types(`connect anna ${PASSWORD}`);
  await sees("Exits:");

  const bert = await game.player("bert");
  await sees("bert has entered the game.");
  await types("look");
  await browser.until("no look", "return client.output.store.list().filter(({ text }) => text.includes('Exits:')).length > 1");
  await sees("bert", "#dock-right");
  await types("say Good evening, bert.");
  await bert.expect('anna says, "Good evening, bert."');

  await game.meadow("reload");
  bert.send("say Are you still there?");
  await sees('bert says, "Are you still there?"');
  await types("say I never left.");
  await bert.expect('anna says, "I never left."');

  await browser.reload();
  await sees('You say, "I never left."');
  await browser.until("no connection", "return document.querySelector('#status').dataset.state === 'open'");
  bert.send("say And now?");
  await sees('bert says, "And now?"');
  for (const line of ["Are you still there?", "And now?"]) assert.equal(await count(`bert says, "${line}"`), 1, line);
  assert.equal(await count('You say, "I never left."'), 1);

  await browser.run("for (let line = 1; line <= arguments[0]; line += 1) client.output.add(`Line ${line}.`)", MANY);
  await sees(`Line ${MANY}.`);
  assert.ok((await browser.run("return document.querySelectorAll('#log .line').length")) < 200, "what is in sight is drawn");
  await browser.type("#line", KEY.pageUp + KEY.pageUp);
  await browser.until("it does not scroll", "return !client.output.view.following");
  await types("say The last line.");
  await bert.expect('anna says, "The last line."');
  await sees('You say, "The last line."');
  assert.deepEqual(await browser.run("return complaints"), [], "the page complains of nothing");
}
