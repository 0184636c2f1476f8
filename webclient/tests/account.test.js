// What stays in a browser when another one sits down at it (net/account.js).

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { changed } from "../net/account.js";

/** @type {Map<string, string>} */
const kept = new Map();
/** Databases that were emptied. @type {string[]} */
let emptied = [];

beforeEach(() => {
  kept.clear();
  emptied = [];
  const store = {
    getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ value) => void kept.set(name, value),
    removeItem: (/** @type {string} */ name) => void kept.delete(name),
  };
  Object.defineProperty(globalThis, "localStorage", { value: store, configurable: true });
  Object.defineProperty(globalThis, "indexedDB", { value: { open: database }, configurable: true });
});

/** A database of which nothing but `clear` is wanted. @param {string} name */
function database(name) {
  const cleared = () => {
    emptied.push(name);
    return succeeds(undefined);
  };
  return succeeds({ transaction: () => ({ objectStore: () => ({ clear: cleared }) }) });
}

/** @param {any} result */
function succeeds(result) {
  const request = {
    result,
    addEventListener: (/** @type {string} */ event, /** @type {() => void} */ then) =>
      event === "success" && queueMicrotask(then),
  };
  return request;
}

/** A page, and what was done to it. */
function page() {
  /** @type {string[]} */
  const done = [];
  const keep = { forget: async () => void done.push("forget") };
  return { done, keep };
}

const anna = { name: "anna", characters: [] };
const bert = { name: "bert", characters: [] };

test("who comes back finds everything as it was", async () => {
  const { done, keep } = page();
  assert.equal(await changed(null, keep), false);
  assert.equal(await changed(anna, keep), false, "she has just signed in");
  assert.equal(await changed(anna, keep), false);
  assert.deepEqual([done, emptied], [[], []]);
});

for (const [next, who] of /** @type {const} */ ([
  ["nobody", null],
  ["somebody else", bert],
])) {
  test(`of whoever has signed out elsewhere nothing is left for ${next}`, async () => {
    const { done, keep } = page();
    await changed(anna, keep);
    assert.equal(await changed(who, keep), true);
    assert.deepEqual(done, ["forget"]);
    assert.deepEqual(emptied, ["meadow-map"]);
    assert.equal(await changed(who, keep), false, "once");
    assert.equal(kept.get("meadow.account"), who?.name);
  });
}
