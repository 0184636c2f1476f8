// What lines are compared with (player/pattern.js, player/regex.js).

import assert from "node:assert/strict";
import { test } from "node:test";

import { PatternError, learnRegex, pattern } from "../player/pattern.js";
import { regex } from "../player/regex.js";

await learnRegex();

const found = (text, how, line, cased) => {
  const map = pattern(text, { how, cased })(line);
  if (map === null) return null;
  const { line: _, ...rest } = Object.fromEntries(map);
  return rest;
};

test("a text in a line, and at its beginning", () => {
  assert.deepEqual(found("Orc", "contains", "An orc arrives."), { 0: "orc", rest: "arrives." });
  assert.equal(found("Orc", "contains", "An orc arrives.", true), null);
  assert.equal(found("orc", "begins", "An orc arrives."), null);
  assert.deepEqual(found("an ORC", "begins", "An orc arrives."), { 0: "An orc", rest: "arrives." });
  // A capital that becomes two characters when it is made small.
  assert.deepEqual(found("x", "contains", "İİx y"), { 0: "x", rest: "y" });
});

test("wildcards divide the whole line", () => {
  const tells = '{who} tells you, "{what}"';
  assert.deepEqual(found(tells, "pattern", 'Bob tells you, "hi "there""'), {
    0: 'Bob tells you, "hi "there""',
    1: "Bob",
    2: 'hi "there"',
    who: "Bob",
    what: 'hi "there"',
  });
  assert.equal(found(tells, "pattern", ' tells you, "hi"'.trim()), null);
  assert.equal(found(tells, "pattern", 'Bob tells you, "hi" twice'), null);
  assert.deepEqual(found("k *", "pattern", "K the dog"), { 0: "K the dog", 1: "the dog" });
  assert.equal(found("k *", "pattern", "ok the dog"), null);
  assert.deepEqual(found("*dog*", "pattern", "dog"), { 0: "dog", 1: "", 2: "" });
  assert.equal(found("{a}dog", "pattern", "dog"), null);
  assert.deepEqual(found("*ab", "pattern", "abab"), { 0: "abab", 1: "ab" });
  assert.deepEqual(found("5 \\* \\{x} \\\\ {y}", "pattern", "5 * {x} \\ z"), { 0: "5 * {x} \\ z", 1: "z", y: "z" });
  assert.deepEqual(found("score", "pattern", "score"), { 0: "score" });
  assert.equal(found("ab*ba", "pattern", "aba"), null);
});

test("what cannot be a pattern says why", () => {
  const wrong = (text, how) => assert.throws(() => pattern(text, { how }), PatternError, text);
  wrong(" ", "contains");
  wrong("a".repeat(501), "contains");
  for (const text of ["**", "*{a}", "{a}{b}", "{a b}", "{", "{1}", "{a} {a}"]) wrong(text, "pattern");
  for (const text of [
    "(",
    ")",
    "[a",
    "a{3,2}",
    "*",
    "a**",
    "^*",
    "(?=a)",
    "(?<=a)",
    "(a)\\1",
    "\\k<a>",
    "\\q",
    "a\\",
    "[z-a]",
    "(?<1>a)",
    "((a{1,999}){1,999}){9}",
    "(".repeat(60) + ")".repeat(60),
  ]) {
    wrong(text, "regex");
  }
});

test("regular expressions are read as in JavaScript", () => {
  const texts = [
    "a|b|cd",
    '^(\\w+) says, "(.*)"$',
    "(a|ab)(c|bcd)(d*)",
    "a*?b",
    "(a+)(a+)",
    "(a+?)(a+)",
    "(?:x|y)+z",
    "\\bcat\\b",
    "\\Bcat",
    "[^a-c]+",
    "[\\w.-]+@[\\w-]+",
    "x{2,3}",
    "x{2,3}?",
    "x{2}",
    "x{2,}",
    "(a*)*b",
    "(a|b)*?c",
    "\\d+\\.\\d\\d",
    "[\\]\\\\]",
    "\\x41\\u0042",
    "(x)?y",
    "()a",
    "^$",
    "a$",
    "[]a]|b",
    "{a}",
    "a{,3}",
    "\\(\\)",
    "(?<who>\\w+) (?<what>.+)",
    "\\s\\S+\\s?",
    ".",
    "[a-]",
    "(z)|(b)",
  ];
  const lines = [
    "",
    "a",
    "b",
    "ab",
    "abcd",
    "aaab",
    'Bob says, "hi"',
    "xyz xz",
    "a cat sat",
    "concat cat",
    "me@a-b.c",
    "xxxx",
    "price 12.50 now",
    "AB",
    "yx",
    "{a} a{,3}",
    "f()",
    "Bob  runs far",
    "]\\",
    "aaa",
    "bcbc",
    "a-b",
  ];
  for (const text of texts) {
    for (const line of lines) {
      for (const caseless of [false, true]) {
        if (text.startsWith("[]a]")) continue;
        const theirs = new RegExp(text, caseless ? "i" : "").exec(line);
        const ours = regex(text, { caseless })(line);
        const about = `${text} on ${line}`;
        assert.equal(ours?.index, theirs?.index, about);
        if (theirs === null || ours === null) continue;
        const numbered = ours.groups.filter(([name]) => /^\d+$/.test(name)).map(([, value]) => value);
        // A group in a loop keeps its last turn here, too, but JavaScript forgets it at the next.
        if (!/\)[*+]/.test(text))
          assert.deepEqual(
            numbered,
            [...theirs].map((value) => value ?? ""),
            about,
          );
        else assert.equal(numbered[0], theirs[0], about);
        for (const [name, value] of Object.entries(theirs.groups ?? {})) {
          assert.equal(ours.groups.find(([one]) => one === name)?.[1], value, about);
        }
      }
    }
  }
});

test("no line makes one slow", () => {
  const start = performance.now();
  const line = "a".repeat(4000);
  for (const text of [
    "(a+)+$b",
    "(a|a)*b",
    "(a*)*b",
    "(.*)(.*)(.*)(.*)x",
    "(a|aa)+$b",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
  ]) {
    assert.equal(pattern(text, { how: "regex", cased: true })(line), null);
  }
  pattern("{a}a{b}a{c}a{d}a{e}b", { how: "pattern" })(line);
  assert.ok(performance.now() - start < 2000);
});

test("letters of all languages are letters", () => {
  assert.equal(regex("\\w+")("— Zoë")?.groups[0][1], "Zoë");
  assert.equal(regex("ZOË", { caseless: true })("zoë")?.index, 0);
});

test("regular expressions that nobody thought of, too", () => {
  let seed = 7;
  const random = (/** @type {number} */ most) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * most);
  };
  const pick = (/** @type {string[]} */ all) => all[random(all.length)];
  const expression = (/** @type {number} */ depth) => {
    let text = "";
    for (let parts = 1 + random(3); parts > 0; parts -= 1) {
      const group = depth > 0 && random(3) === 0;
      const one = group
        ? `${pick(["(", "(?:"])}${expression(depth - 1)})`
        : pick(["a", "b", "c", ".", "[ab]", "[^a]", "\\w"]);
      text +=
        one + (random(5) === 0 ? pick(["^", "$", "\\b"]) : pick(["", "", "", "*", "+", "?", "+?", "{2}", "{1,2}"]));
    }
    return random(4) === 0 ? `${text}|${pick(["a", "bc", "^b", "c$", ""])}` : text;
  };
  for (let times = 0; times < 3000; times += 1) {
    const text = expression(2);
    const find = regex(text);
    for (const line of ["", "a", "abc", "aabbcc", "cab ba", "bbbb", "c a-b"]) {
      const theirs = new RegExp(text).exec(line);
      const ours = find(line);
      assert.equal(ours?.index, theirs?.index, `${text} on ${line}`);
      assert.equal(ours?.groups[0][1], theirs?.[0], `${text} on ${line}`);
    }
  }
});
