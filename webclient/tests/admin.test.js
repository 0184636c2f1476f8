// The admin page: what needs no page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, get, parse, parseTyped } from "../../website/admin/api.js";
import { address } from "../../website/admin/dom.js";
import { counted, cut, size, span } from "../../website/admin/format.js";
import { overlap } from "../../website/admin/tail.js";
import { editable, valueText } from "../../website/admin/value.js";

const isExact = "rawJSON" in JSON;

test("numbers of attributes stay what they were", { skip: !isExact }, () => {
  const text = '{"id":2,"attributes":{"bees":9007199254740993,"part":1.0,"list":[1e2]},"categories":{"a":{"b":5}}}';
  const { id, attributes, categories } = parse(text);
  assert.equal(id, 2);
  assert.equal(JSON.stringify(attributes), '{"bees":9007199254740993,"part":1.0,"list":[1e2]}');
  assert.deepEqual(categories, { a: { b: 5 } });
  assert.equal(JSON.stringify({ value: parseTyped("1.0") }), '{"value":1.0}');
  assert.equal(valueText(attributes.bees), "9007199254740993");
});

test("what is no JSON is told, and what is more than one value is none", () => {
  assert.deepEqual(parseTyped(' {"a": [1, null]} '), { a: [1, null] });
  for (const wrong of ["", "many", "1,", '1,"x":2', "1}", "// 1", "{'a': 1}"]) {
    assert.throws(
      () => parseTyped(wrong),
      (error) => error instanceof ApiError && /^That is not JSON/.test(error.message),
      wrong,
    );
  }
});

test("errors of the API are its sentences, and a game that is away is known as such", async () => {
  const answers = /** @type {[number, string][]} */ ([
    [403, '{"error": "That is not for you."}'],
    [502, "<h1>Bad gateway</h1>"],
    [503, '{"error": "There is no Server."}'],
    [500, "{}"],
  ]);
  /** @type {string[]} */
  const asked = [];
  globalThis.fetch = async (url) => {
    asked.push(String(url));
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError("Failed to fetch");
    return new Response(answer[1], { status: answer[0] });
  };
  /** @returns {Promise<[string, boolean]>} */
  const told = () =>
    get("objects", { search: "a&b", kind: "", page: null, online: false, exact: true }).then(
      () => ["", false],
      (error) => [error.message, error.isAway],
    );
  assert.deepEqual(await told(), ["That is not for you.", false]);
  assert.deepEqual(await told(), ["The answer can't be read (status 502).", true]);
  assert.deepEqual(await told(), ["There is no Server.", true]);
  assert.deepEqual(await told(), ["That failed with status 500.", false]);
  assert.deepEqual(await told(), ["The game does not answer.", true]);
  assert.equal(asked[0], "/api/objects?search=a%26b&exact=true");
});

test("spans, sizes and counts are read by people", () => {
  assert.deepEqual([0, 59.4, 61, 600, 3600, 3700, 90_000, 172_800].map(span), [
    "0 s",
    "59 s",
    "1 min 1 s",
    "10 min",
    "1 h",
    "1 h 1 min",
    "1 d 1 h",
    "2 d",
  ]);
  assert.equal(span(null), "");
  assert.deepEqual([0, 999, 1300, 250_000, 5e12].map(size), ["0 B", "999 B", "1.3 kB", "250 kB", "5.0 TB"]);
  assert.deepEqual(
    [counted(1, "entry", "entries"), counted(2, "entry", "entries"), counted(0, "ban")],
    ["1 entry", "2 entries", "0 bans"],
  );
  assert.equal(cut("äöü🌼x", 4), "äöü🌼 …");
  assert.equal(address("objects", { tag: "a:b", page: "" }), "#objects?tag=a%3Ab");
  assert.equal(editable([1]), "[1]");
  assert.equal(editable({ text: "x".repeat(60) }).split("\n").length, 3);
});

test("a log that has grown is continued where it ended", () => {
  assert.equal(overlap(["a", "b", "c"], ["b", "c", "d"]), 2);
  assert.equal(overlap(["a", "a"], ["a", "a"]), 2);
  assert.equal(overlap(["a", "a"], ["a", "b"]), 1);
  assert.equal(overlap(["a"], ["b"]), 0);
  assert.equal(overlap([], ["b"]), 0);
});
