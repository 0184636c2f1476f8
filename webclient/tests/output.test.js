// The output without a browser: the store of lines, their heights, what is said, found, kept and copied of them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Hub } from "../hub.js";
import { isDrawn } from "../output/drawn.js";
import { hits, pattern } from "../output/find.js";
import { Heights } from "../output/heights.js";
import { merged } from "../output/keep.js";
import { joined, lines, Pace } from "../output/pace.js";
import { fileName, written } from "../output/written.js";
import { Line, LineStore } from "../output/store.js";
import { plain } from "../output/text.js";
import { cells } from "../output/widths.js";

test("heights of lines add up, whatever is changed and dropped", () => {
  const heights = new Heights();
  const first = 1_000_037;
  heights.reset(first);
  /** @type {number[]} */
  const plainly = [];
  for (let line = 0; line < 1000; line += 1) {
    plainly.push(10 + (line % 7));
    heights.push(plainly[line]);
  }
  let gone = 0;
  const check = () => {
    let top = 0;
    for (let line = gone; line < plainly.length; line += 1) {
      if (line % 37 === 0) {
        assert.equal(heights.top(first + line), top);
        assert.equal(heights.at(top), first + line);
        assert.equal(heights.at(top + plainly[line] - 0.5), first + line);
      }
      top += plainly[line];
    }
    assert.equal(heights.total, top);
    assert.equal(heights.end, first + plainly.length);
    assert.equal(heights.at(top + 1000), first + plainly.length - 1);
    assert.equal(heights.at(-5), first + gone);
  };
  check();
  for (const line of [0, 5, 127, 128, 300, 999]) {
    plainly[line] = 200;
    heights.set(first + line, 200);
  }
  check();
  for (const count of [3, 200, 513]) {
    gone = count;
    heights.drop(first + count);
    check();
  }
  heights.reset(5);
  assert.deepEqual([heights.total, heights.first, heights.end], [0, 5, 5]);
});

test("a store keeps the newest lines, and takes older ones in front", () => {
  const store = new LineStore(100);
  let told = 0;
  store.watch(() => (told += 1));
  for (let line = 0; line < 250; line += 1) store.add(new Line(`line ${line}`, null));
  assert.equal(told, 250);
  assert.ok(store.end - store.first >= 100 && store.end - store.first < 200);
  assert.equal(store.get(store.end - 1)?.text, "line 249");
  assert.equal(store.get(store.first - 1), undefined);
  const before = store.first;
  store.prepend([new Line("old 1", null), new Line("old 2", null)]);
  assert.equal(store.first, before - 2);
  assert.deepEqual(
    [store.get(before - 2), store.get(before - 1)].map((line) => line?.text),
    ["old 1", "old 2"],
  );
  assert.ok(store.list().every((line, at) => line.id === store.first + at));
  store.clear();
  assert.equal(store.first, store.end);
  assert.equal(store.add(new Line("x", null)).id, store.first);
});

test("text is what is read of HTML", () => {
  assert.equal(plain("no markup"), "no markup");
  assert.equal(
    plain('a<span class="color-001">b</span><br>c &lt;d&gt; <b onclick="x">e</b><script>f</script>'),
    "ab\nc <d> e",
  );
  assert.equal(plain("&AMP; &constructor; &__proto__; &#0; &#x110000;"), "& &constructor; &__proto__; \ufffd \ufffd");
});

test("a screen reader says words, with pauses where lines end", () => {
  const heard = (/** @type {string} */ text) => joined(lines(text));
  assert.equal(heard("----------\nA Meadow\n   \nIt is green.\n+=====+ x"), "A Meadow. It is green. + + x");
  assert.equal(heard("You see: a flower\nExits: north"), "You see: a flower. Exits: north");
  assert.equal(heard("They say that the rose in the walled garden has not bloomed since the\ngardener grew old.\nSee to it!\n(Soon.)"), "They say that the rose in the walled garden has not bloomed since the gardener grew old. See to it! (Soon.)");
  assert.equal(heard('bert says, "Hello."\nAnna smiles'), 'bert says, "Hello." Anna smiles');
  assert.equal(heard("| Name  | On for |\n+-------+--------+\n| ann   | 5m     |"), "Name On for. ann 5m");
  assert.equal(heard("═════\n\n"), "");
});

test("a screen reader says what is asked for, and of a flood no more than anybody hears", () => {
  const pace = new Pace();
  let now = 0;
  let number = 0;
  const come = (/** @type {number} */ many) => {
    for (let line = 0; line < many; line += 1) pace.add(`Line ${(number += 1)}`);
  };
  come(1);
  assert.equal(pace.wait(now), 150);
  assert.equal(pace.take((now += 150)), "Line 1");
  assert.equal(pace.take((now += 60_000)), "", "nothing is said twice");
  come(100);
  const first = pace.take((now += 150));
  assert.match(first, /^Line 2\. Line 3\. .*Line 31\. And 70 more lines\.$/);
  // An answer to a question is said whole, whatever came before it.
  pace.begin();
  come(30);
  assert.equal(pace.wait(now), 150);
  assert.match(pace.take((now += 150)), /^Line 102\. .*Line 131$/);

  // 500 lines a second, for a minute.
  const said = [];
  for (let end = now + 60_000, due = now + pace.wait(now); now < end; ) {
    come(1);
    now += 2;
    if (now < due) continue;
    said.push(pace.take(now));
    due = now + pace.wait(now);
  }
  assert.ok(said.length < 35, `${said.length} times`);
  const told = said.flatMap((text) => text.match(/Line \d+/g) ?? []);
  assert.ok(told.length < 30 + 60 * 3 + 10, `${told.length} lines`);
  assert.match(said.at(-1) ?? "", /^99\d more lines, then: Line /);
  assert.ok(number - Number(told.at(-1)?.slice(5)) < 1000, "the newest ones are said");
  // It is over: what comes slowly is said whole.
  come(1);
  pace.take((now += 2_000));
  come(1);
  assert.equal(pace.take((now += 2_000)), `Line ${number}`);
  assert.equal(pace.wait(now), 150);
});

test("a line that is very long is said all the same", () => {
  const pace = new Pace();
  pace.add("word ".repeat(1_000));
  assert.equal(pace.take(150).length, 4_999);
});

test("what is searched for is text, whatever the case", () => {
  assert.deepEqual(hits("A rose. a ROSE", pattern("a rose")), [
    { at: 0, length: 6 },
    { at: 8, length: 6 },
  ]);
  assert.deepEqual(hits("[1+1] (x)*", pattern("[1+1] (x)*")), [{ at: 0, length: 10 }]);
  assert.deepEqual(hits("ÄÖ äö", pattern("äö")).length, 2);
  assert.deepEqual(hits("a-b/c", pattern("-B/")), [{ at: 1, length: 3 }]);
  assert.deepEqual(
    hits("日本語 日本", pattern("日本")).map((hit) => hit.at),
    [0, 4],
  );
});

test("characters count as many cells as on a terminal", () => {
  for (const one of ["a", "é", "─", "█", "Ω", "ﬀ", "e\u0301", "☀"]) assert.equal(cells(one), 1, one);
  for (const two of ["日", "한", "カ", "Ａ", "🌹", "👩‍👩‍👧", "☀\ufe0f"]) assert.equal(cells(two), 2, two);
  assert.equal(cells("\u0301"), 0);
});

test("lines of several windows are one story", () => {
  let key = 0;
  const line = (tab, html, time) => ({ key: (key += 1), tab, html, text: html, time });
  const a = line("a", "hello", 1000);
  const b = line("b", "hello", 1500);
  const c = line("a", "hello", 2000);
  const d = line("b", "hello", 9000);
  const e = line("b", "other", 9000);
  assert.deepEqual(merged(/** @type {any} */ ([d, a, b, c, e, a])), [a, c, d, e]);
});

test("the hub tells everybody, and one that fails keeps it from nobody", (context) => {
  const errors = context.mock.method(console, "error", () => {});
  const hub = new Hub();
  const heard = [];
  const off = hub.on("room_info", () => heard.push("first"));
  hub.on("room_info", () => {
    throw new Error("broken");
  });
  hub.on("*", ({ name, args }) => heard.push(`any ${name} ${args[0]}`));
  hub.emit({ name: "room_info", args: [1] });
  off();
  hub.tell("client:line", {});
  hub.emit({ name: "room_info" });
  assert.deepEqual(heard, ["first", "any room_info 1", "any room_info undefined"]);
  assert.equal(errors.mock.callCount(), 2);
  assert.equal(hub.send("text", ["x"]), false);
});

test("maps and tables are told from prose", () => {
  const table = "+-----------------------+---------------------+\n| Name                  | Where               |\n+-----------------------+---------------------+";
  const map = "..#######......~~~~~.....####.........~~~..\n" + "..#.....#......~~~~~.....#..#.........~~~..";
  const boxes = "┌──────────────────────────────────────────┐\n│ The Old Oak and what lies around it there │";
  const columns = "General\n  look      say       pose      whisper   page\n  get       drop      give      inventory help";
  const rule = "=".repeat(62);
  for (const drawn of [table, map, boxes, columns, rule]) assert.equal(isDrawn(drawn), true, drawn);
  const prose = "An oak as wide as a house spreads its shade here. Its lowest branches are in reach of whoever likes to climb.";
  const address = `Look at https://example.org/${"path/".repeat(20)}?query=1`;
  const cjk = "漢字の名前".repeat(12);
  const bidi = "שלום עולם ".repeat(8);
  const smiles = "👩‍👩‍👧‍👦 Family ".repeat(8);
  for (const text of [prose, address, cjk, bidi, smiles, "short | + |", `${prose}\n${map}`, `${table}\n${prose}`]) {
    assert.equal(isDrawn(text), false, text);
  }
});

test("what was said is saved as a text", () => {
  const lines = [{ text: "A Meadow\nFlowers.", time: 1 }, { text: "> look", time: 2 }];
  assert.equal(written(lines, null), "A Meadow\nFlowers.\n> look\n");
  assert.equal(written(lines, (time) => `0${time}:00`), "01:00 A Meadow\nFlowers.\n02:00 > look\n");
  const day = new Date(2026, 2, 7);
  assert.equal(fileName("A Meadow", day), "A-Meadow-2026-03-07.txt");
  assert.equal(fileName("../<花見> é", day), "花見-e-2026-03-07.txt");
  assert.equal(fileName("///", day), "game-2026-03-07.txt");
});
