// The player's triggers, aliases, keys and timers, and their files.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Limit, MAX_COMMANDS, PACE, commands, divide } from "../player/actions.js";
import { Aliases } from "../player/aliases.js";
import { chordOf, labelOf, trouble } from "../player/chords.js";
import { read, take, write } from "../player/exchange.js";
import { NUMPAD } from "../player/keys.js";
import { faults, titleOf } from "../player/describe.js";
import { compact, isList } from "../player/model.js";
import { learnRegex } from "../player/pattern.js";
import { linesOf, rewrite } from "../player/rewrite.js";
import { Settings } from "../player/settings.js";
import { Timers } from "../player/timers.js";
import { Triggers } from "../player/triggers.js";

await learnRegex();

const none = new Map();

test("commands are divided", () => {
  assert.deepEqual(divide("get all;north ; ; say a;;b", ";"), ["get all", "north", "say a;b"]);
  assert.deepEqual(divide(";;;a", ";"), [";", "a"]);
  assert.deepEqual(divide("a;b", ""), ["a;b"]);
  assert.deepEqual(commands("a\nb;c\r\n\n", none, ";"), ["a", "b", "c"]);
  assert.equal(commands("a;".repeat(50), none, ";").length, MAX_COMMANDS);
});

test("what is put in can become no command of its own", () => {
  const evil = new Map([
    ["who", "Bob;drop all\ndrop all\r\u2028quit\0{what}"],
    ["what", "x$1"],
    ["1", "one"],
  ]);
  assert.deepEqual(commands("say {who} $1", evil, ";"), ["say Bob;drop all drop all quit {what} one"]);
  assert.deepEqual(commands("say {what}; $$1 {nosuch} $2.", evil, ";"), ["say x$1", "$1 {nosuch} ."]);
  assert.equal(commands("say {a}", new Map([["a", "x".repeat(9000)]]), ";")[0].length, 504);
});

test("aliases", () => {
  const aliases = new Aliases();
  aliases.use([
    { text: "k *", send: "kill $1" },
    { text: "look", send: "look;score" },
    { text: "give {what} to {who}", send: "put {what};tell {who} take $1" },
    { text: "off", send: "x", off: true },
    { text: "* *", send: "no" },
  ]);
  assert.deepEqual(aliases.expand("k big dog", ";"), ["kill big dog"]);
  assert.deepEqual(aliases.expand(" look ", ";"), ["look", "score"]);
  assert.deepEqual(aliases.expand("give a;b to c", ";"), ["put a;b", "tell c take a;b"]);
  for (const line of ["off", "k", "kick x", ""]) assert.deepEqual(aliases.expand(line, ";"), [line]);
  const options = { divider: ";", divides: true };
  assert.deepEqual(aliases.typed("k a;look;say ;;)", options), ["kill a", "look", "score", "say ;)"]);
  assert.deepEqual(aliases.typed("say a;b", { ...options, divides: false }), ["say a;b"]);
});

test("lines of a piece are taken out or marked, and stay game text", () => {
  const html =
    'One<br><span class="color-009">two &lt;b&gt;<br>three</span> end<br><a data-command="look &quot;x&quot;">four</a>';
  assert.deepEqual(linesOf(html), ["One", "two <b>", "three end", "four"]);
  assert.deepEqual(linesOf(rewrite(html, [])), linesOf(html));
  assert.deepEqual(linesOf(rewrite(html, ["drop"])), ["two <b>", "three end", "four"]);
  assert.deepEqual(linesOf(rewrite(html, [undefined, "drop", "drop"])), ["One", "four"]);
  assert.deepEqual(linesOf(rewrite(html, [undefined, undefined, undefined, "drop"])), ["One", "two <b>", "three end"]);
  const marked = rewrite(html, [undefined, undefined, undefined, { classes: "underline" }]);
  assert.ok(marked.includes('<a data-command="look &#34;x&#34;"><span class="underline">four</span></a>'), marked);
  assert.ok(rewrite("a &lt;script&gt;\nb", [undefined, "drop"]) === "a &#60;script&#62;");
});

test("triggers", () => {
  const triggers = new Triggers();
  triggers.use([
    { text: "spam", hide: true },
    { text: "{who} waves", how: "pattern", send: "wave {who}", mark: "green", name: "Waver", last: true },
    { text: "waves", sound: "bell" },
    { text: "tells you", notify: true, pane: "tells" },
    { text: "(", how: "regex", send: "never" },
  ]);
  assert.equal(triggers.about("Nothing", ";"), null);
  assert.deepEqual(triggers.about("Some spam", ";"), { hide: true, send: [], sounds: [], notices: [] });
  assert.deepEqual(triggers.about("a<br>spam<br>b", ";")?.html, "a<br>b");
  const waved = triggers.about('<span class="color-009">Bob</span> waves', ";");
  assert.deepEqual(waved?.send, [{ lines: ["wave Bob"], by: "Waver" }]);
  assert.deepEqual(waved?.sounds, []);
  assert.ok(waved?.html?.startsWith('<span class="color-009"><span class="bgcolor-157 color-016">Bob</span></span>'));
  const told = triggers.about("Bob tells you: hi", ";");
  assert.deepEqual([told?.pane, told?.notices, told?.html], ["tells", ["Bob tells you: hi"], undefined]);
});

test("what answers itself is stopped, once told, and may go on later", () => {
  const limit = new Limit();
  const answers = Array.from({ length: 30 }, (_, index) => limit.ask(index));
  assert.equal(answers.filter((one) => one === "yes").length, PACE.most);
  assert.equal(answers.filter((one) => one === "stop").length, 1);
  assert.equal(limit.ask(PACE.rest), "no");
  assert.equal(limit.ask(PACE.rest + 100), "yes");
  const slow = new Limit();
  for (let at = 0; at < 100; at += 1) assert.equal(slow.ask(at * 300), "yes");
});

test("timers run while the player is in the game", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const turns = [];
  const timers = new Timers((timer) => turns.push(timer.send));
  timers.use([
    { every: 2, send: "a" },
    { every: 3, send: "b", off: true },
    { every: 0.001, send: "c" },
    { every: NaN, send: "d" },
  ]);
  t.mock.timers.tick(10_000);
  assert.deepEqual(turns, []);
  timers.run(true);
  t.mock.timers.tick(5_000);
  assert.deepEqual(turns, ["a", "a"]);
  timers.use([{ every: 1, send: "e" }]);
  t.mock.timers.tick(1_000);
  timers.run(false);
  t.mock.timers.tick(9_000);
  assert.deepEqual(turns, ["a", "a", "e"]);
});

test("keys that others need are left to them", () => {
  const press = (code, held = {}) =>
    chordOf({ code, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...held });
  assert.equal(press("KeyK", { ctrlKey: true, altKey: true }), "Ctrl+Alt+KeyK");
  assert.equal(press("ControlLeft", { ctrlKey: true }), "");
  assert.equal(labelOf("Ctrl+Alt+KeyK"), "Ctrl+Alt+K");
  assert.equal(labelOf("NumpadAdd"), "Numpad +");
  for (const never of [
    "KeyA",
    "Shift+KeyA",
    "Enter",
    "Shift+Tab",
    "Escape",
    "Ctrl+KeyC",
    "Ctrl+KeyW",
    "ArrowUp",
    "F5",
    "Ctrl+Meta+KeyA",
    "Alt+F4",
    "",
    "Insert",
    "Numpad0+Insert",
  ]) {
    assert.ok(trouble(never).never, never);
  }
  for (const warned of ["Ctrl+KeyF", "Ctrl+Alt+KeyK", "Alt+KeyD", "F1", "Numpad8"]) {
    assert.ok(trouble(warned).warning && !trouble(warned).never, warned);
  }
  for (const fine of ["F2", "F8", "Shift+F2"]) assert.deepEqual(trouble(fine), {}, fine);
  for (const one of NUMPAD) assert.deepEqual(faults("keys", one, ";"), {});
});

test("what is wrong with one stands at its field", () => {
  const fields = (list, one) => Object.keys(faults(list, one, ";"));
  assert.deepEqual(fields("triggers", { text: "a" }), ["send"]);
  assert.deepEqual(fields("triggers", { text: "(", how: "regex", send: "x" }), ["text"]);
  assert.deepEqual(fields("triggers", { text: "a", hide: true }), []);
  assert.deepEqual(fields("aliases", { text: "*", send: "x" }), ["text"]);
  assert.deepEqual(fields("aliases", { text: "k *", send: "; ;" }), ["send"]);
  assert.deepEqual(fields("keys", { key: "KeyA", send: "x;".repeat(30) }), ["send", "key"]);
  assert.deepEqual(fields("timers", { every: 0.5, send: "x" }), ["every"]);
  assert.deepEqual(fields("timers", { every: NaN, send: "x" }), ["every"]);
});

test("only what has the form of a list is taken for one", () => {
  assert.ok(isList("triggers", [{ text: "a", how: "regex", hide: true, off: true }]));
  for (const list of [
    null,
    {},
    [null],
    [[]],
    [{}],
    [{ text: 1 }],
    [{ text: "a", how: "x" }],
    [{ text: "a", constructor: 1 }],
    [{ text: "a", evil: 1 }],
    Array(501).fill({ text: "a" }),
  ]) {
    assert.equal(isList("triggers", list), false, JSON.stringify(list)?.slice(0, 50));
  }
  assert.ok(isList("keys", [{ show: true, send: "look", name: "Look" }]));
  assert.equal(isList("keys", JSON.parse('[{"key":"F2","__proto__":{}}]')), false);
  assert.deepEqual(compact({ text: "a", how: "contains", hide: false, send: "", group: "g" }), {
    text: "a",
    group: "g",
  });
  assert.equal(titleOf("timers", { every: 5 }), "Every 5 s");
});

test("settings go into a file and come out of it", () => {
  const store = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  const make = () => {
    const settings = new Settings(store);
    settings.define({ key: "font", label: "Font", kind: "number", initial: 16 });
    settings.define({
      key: "triggers",
      label: "T",
      kind: "json",
      initial: [],
      check: (value) => isList("triggers", value),
    });
    return settings;
  };
  const from = make();
  from.set("triggers", [{ text: "a", hide: true }]);
  const text = write(from);
  assert.deepEqual(Object.keys(JSON.parse(text).settings), ["triggers"]);
  const to = make();
  assert.deepEqual(take(to, read(text)), { taken: ["triggers"], refused: [] });
  assert.deepEqual(to.get("triggers"), from.get("triggers"));
  assert.deepEqual(take(to, { font: "big", triggers: [1], nosuch: 1 }).refused, ["font", "triggers", "nosuch"]);
  for (const bad of ["", "[]", "null", "{}", '{"format":"meadow-settings","version":2,"settings":{}}'])
    assert.throws(() => read(bad));
});
