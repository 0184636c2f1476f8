// Evennia's own browser library plays against our websocket. It is taken from Evennia's package on PyPI, which .ci/run
// fetches; nothing of it is kept here. Its long polls are not tried: they name their session themselves, by whatever
// the page says, and ours have names that nobody can guess.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PASSWORD, expect, test } from "./game.js";

const PACKAGE = resolve(import.meta.dirname, "../../../target/clients/evennia.whl");
const LIBRARY = "evennia/web/static/webclient/js/evennia.js";
const JQUERY = resolve(import.meta.dirname, "../../node_modules/jquery/dist/jquery.js");
const READ = "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))";

const PAGE = `<!doctype html><title>Evennia's library</title>
<script src="jquery.js"></script><script src="settings.js"></script>
<script src="evennia.js"></script><script src="play.js"></script>`;

const SETTINGS = `var wsactive = true, csessid = "abc", cuid = "def", heard = [];
var wsurl = "ws://" + location.host + "/ws";`;

const PLAY = `Evennia.init();
for (const name of ["text", "prompt", "default", "connection_open", "connection_error"]) {
  Evennia.emitter.on(name, (...all) => heard.push([name, ...all]));
}`;

test("evennia.js plays by websocket", async ({ page, game }) => {
  if (!existsSync(PACKAGE)) {
    if (process.env.CI !== undefined) throw new Error(`${PACKAGE} is missing; .ci/run fetches it`);
    test.skip(true, "NOT TESTED: .ci/run fetches Evennia's package");
  }
  // A game's own files are served beside ours.
  const folder = join(game.folder, "web", "webclient", "evennia");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "evennia.js"), execFileSync("python3", ["-c", READ, PACKAGE, LIBRARY]));
  await copyFile(JQUERY, join(folder, "jquery.js"));
  await writeFile(join(folder, "index.html"), PAGE);
  await writeFile(join(folder, "settings.js"), SETTINGS);
  await writeFile(join(folder, "play.js"), PLAY);

  await page.goto(game.client("evennia/index.html"));
  const says = (/** @type {string} */ line) => page.evaluate(`Evennia.msg("text", [${JSON.stringify(line)}], {})`);
  const hears = (/** @type {string} */ text) =>
    expect.poll(() => page.evaluate("JSON.stringify(heard)"), { message: text, timeout: 15_000 }).toContain(text);
  await hears("hangs up.");
  await says(`create anna ${PASSWORD}`);
  await hears("Is this what you intended?");
  await says("y");
  await hears("You can now log in");
  await says(`connect anna ${PASSWORD}`);
  await hears("Exits:");
  const bert = await game.player("bert");
  await says("say Hello from Evennia.");
  await bert.expect('anna says, "Hello from Evennia."');
  bert.send("say Hello, anna.");
  await hears("bert says,");
  await says("look");
  await hears("Characters:");
  expect(await page.evaluate("heard.filter(([name]) => name === 'connection_error')")).toEqual([]);
});
