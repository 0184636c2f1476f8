// What is typed, without a browser: history, completion, who types.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Hub } from "../hub.js";
import * as commands from "../input/commands.js";
import { merge } from "../input/completion.js";
import { History } from "../input/history.js";
import { isHeard, shown } from "../input/typing.js";
import { words } from "../input/words.js";
import { press } from "../panes/press.js";
import { Aliases } from "../player/aliases.js";

test("arrow keys go through the lines that begin like the one being written", () => {
  const history = new History();
  for (const line of ["look", "say one", "north", "say two", "", "say two"]) history.add(line);
  assert.deepEqual(history.list(), ["look", "say one", "north", "say two"]);
  const seen = [];
  for (let times = 0, current = ""; times < 5; times += 1) seen.push((current = history.go(-1, current) ?? "(end)"));
  assert.deepEqual(seen, ["say two", "north", "say one", "look", "(end)"]);
  history.leave();
  assert.equal(history.go(-1, "sa"), "say two");
  assert.equal(history.go(-1, "say two"), "say one");
  assert.equal(history.go(-1, "say one"), null);
  assert.equal(history.go(1, "say one"), "say two");
  assert.equal(history.go(1, "say two"), "sa", "the draft is still there");
  assert.equal(history.go(1, "sa"), null);
});

test("history is searched by words, newest first, and has an end", () => {
  const history = new History();
  for (let line = 0; line < 700; line += 1) history.add(`give ${line} coins to Bert`);
  assert.equal(history.list().length, 500);
  history.add("say Bert is here");
  assert.deepEqual(history.find("bert here"), ["say Bert is here"]);
  assert.deepEqual(history.find("BERT", 2), ["say Bert is here", "give 699 coins to Bert"]);
  assert.deepEqual(history.find("nobody"), []);
  history.replace();
  assert.deepEqual(history.find(""), []);
});

test("answers of several completers are one list", () => {
  const answers = [
    null,
    { from: 4, to: 6, options: ["Rose", "rock"] },
    undefined,
    { from: 4, to: 6, options: ["rose", "root"] },
  ];
  assert.deepEqual(
    merge(answers).map((one) => one.option),
    ["Rose", "rock", "root"],
  );
  assert.equal(merge([{ from: 0, to: 1, options: Array.from({ length: 90 }, (_, at) => `x${at}`) }]).length, 50);
});

test("words of what was said lately complete a name", () => {
  assert.deepEqual(words(["Berta's rose falls.", "bert looks at Bernadette-Anne."], "ber"), [
    "Berta's",
    "bert",
    "Bernadette-Anne",
  ]);
  assert.deepEqual(words(["Ærøskøbing liegt am Meer"], "ær"), ["Ærøskøbing"]);
  assert.deepEqual(words(["ber"], "ber"), []);
});

test("others see who says something, and no other command", () => {
  const keywords = ['"', "'", ":", "say", "whisper", "pose"];
  for (const text of ["say h", "SAY hello", '"h', ":waves", "whisper Bert = x", "say/loud x"])
    assert.equal(isHeard(text, keywords), true, text);
  for (const text of ["", "say", "say ", '"', "look", "sayhello", "get rose", "possess x"])
    assert.equal(isHeard(text, keywords), false, text);
  assert.equal(shown([]), "");
  assert.equal(shown(["Anna"]), "Anna is typing…");
  assert.equal(shown(["Anna", "Bert", "Cleo"]), "Anna, Bert and Cleo are typing…");
  assert.equal(shown(["A", "B", "C", "D"]), "Several people are typing…");
});

test("what is typed may be divided, what a name of somebody else's stands in is not", () => {
  /** @type {string[]} */
  const sent = [];
  const hub = new Hub();
  hub.wires.send = (_name, args) => sent.push(String(args[0])) > 0;
  const aliases = new Aliases();
  /** @type {import("../input/entry.js").Entry["before"]} */
  const before = [(line, { whole }) => aliases.typed(line, { divider: ";", divides: !whole })];
  const entry = { before, takePrompt: () => "", remember: () => {} };
  const [output, link] = [{ typed: () => {} }, { settle: () => {} }];
  const client = /** @type {any} */ ({ hub, entry, output, link });
  commands.install(client);
  hub.command("look;north");
  assert.deepEqual(sent.splice(0), ["look", "north"]);
  Object.defineProperty(globalThis, "MouseEvent", { value: class {}, configurable: true });
  press(client, "look rose;give ring to Mallory", /** @type {any} */ ({}));
  assert.deepEqual(sent, ["look rose;give ring to Mallory"]);
});
