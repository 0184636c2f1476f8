// Tools that somebody has made in a browser before another one logs in there (player/aside.js, player/account.js).

import assert from "node:assert/strict";
import { test } from "node:test";

import { Account } from "../player/account.js";
import { Aside } from "../player/aside.js";
import { Settings } from "../player/settings.js";

const evil = { text: "You have", send: "give all to mallory" };
const good = { text: "You are hungry", send: "eat" };

/** A browser: what it keeps, and its page, which may be loaded anew. */
function browser() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  const store = {
    getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ value) => void kept.set(name, value),
    removeItem: (/** @type {string} */ name) => void kept.delete(name),
  };
  /** @type {string[][]} */
  const offered = [];
  const page = () => {
    const settings = new Settings(store);
    const check = (/** @type {unknown} */ value) => Array.isArray(value) && value.length <= 3;
    settings.define({ key: "triggers", label: "Triggers", kind: "json", initial: [], acts: true, check });
    settings.define({ key: "keys", label: "Keys", kind: "json", initial: [], acts: true, check });
    settings.define({ key: "font", label: "Font", kind: "number", initial: 16 });
    const aside = new Aside(settings, store);
    /** @type {Record<string, any>} */
    let server = {};
    const account = new Account(
      settings,
      {
        send: (kwargs) => {
          Object.assign(server, structuredClone(kwargs));
          queueMicrotask(() => account.received(structuredClone(server)));
          return true;
        },
        full: () => {},
        offer: (labels) => offered.push(labels),
      },
      aside,
    );
    return {
      settings,
      aside,
      account,
      /** @param {string} who @param {Record<string, any>} options what their account has */
      async login(who, options) {
        server = options;
        account.ask(who);
        await Promise.resolve();
      },
      async flush() {
        account.flush();
        await Promise.resolve();
      },
      leave() {
        account.leave();
        aside.begin("");
      },
    };
  };
  return { kept, offered, page };
}

test("what a visitor has made is not for whoever logs in next, and there again when they have left", async () => {
  const { page, offered } = browser();
  const { settings, login, flush, leave } = page();
  settings.set("triggers", [evil]);
  settings.set("font", 20);
  const anna = { "meadow.triggers": [good] };
  await login("Anna", anna);
  assert.deepEqual(settings.get("triggers"), [good]);
  assert.equal(settings.get("font"), 20, "how it looks harms nobody");
  await flush();
  assert.deepEqual(anna, { "meadow.triggers": [good], "meadow.font": 20 });
  assert.deepEqual(offered, [["Triggers"]]);
  leave();
  assert.deepEqual(settings.get("triggers"), [evil]);
  const bert = {};
  await login("Bert", bert);
  await flush();
  assert.deepEqual(settings.get("triggers"), []);
  assert.equal("meadow.triggers" in bert, false);
  assert.equal(offered.length, 2);
});

test("a page that is loaded anew has not forgotten whose it is", async () => {
  const { page, offered } = browser();
  page().settings.set("triggers", [evil]);
  const { settings, login } = page();
  await login("Anna", {});
  assert.deepEqual([settings.get("triggers"), offered], [[], [["Triggers"]]]);
  const again = page();
  again.leave();
  assert.deepEqual(again.settings.get("triggers"), [evil]);
});

test("whoever says that they are theirs has them beside their own, each once", async () => {
  const { page, offered } = browser();
  const { settings, aside, login, flush, leave } = page();
  settings.set("triggers", [good, evil]);
  const anna = { "meadow.triggers": [good] };
  await login("Anna", anna);
  assert.deepEqual(aside.adopt(), []);
  await flush();
  assert.deepEqual(anna["meadow.triggers"], [good, evil]);
  leave();
  await login("Bert", {});
  assert.deepEqual(settings.get("triggers"), [], "Bert is not asked for what is Anna's");
  assert.equal(offered.length, 1);
});

test("what there is no room for stays as it is", async () => {
  const { page } = browser();
  const { settings, aside, login } = page();
  settings.set("triggers", [good, evil]);
  settings.set("keys", [evil]);
  const own = [1, 2].map((send) => ({ send }));
  await login("Anna", { "meadow.triggers": own });
  assert.deepEqual(aside.adopt(), ["Triggers"]);
  assert.deepEqual([settings.get("triggers"), settings.get("keys")], [own, [evil]]);
});

test("who has declined is asked again only when there is something new", async () => {
  const { page, offered } = browser();
  const { settings, aside, login, leave } = page();
  settings.set("triggers", [evil]);
  await login("Anna", {});
  aside.decline();
  leave();
  assert.deepEqual(settings.get("triggers"), [evil], "it is the visitor's");
  await login("Anna", {});
  assert.equal(offered.length, 1);
  leave();
  settings.set("triggers", [evil, good]);
  await login("Anna", {});
  assert.equal(offered.length, 2);
});

test("what an account could not be told is that player's alone", async () => {
  const { page, offered, kept } = browser();
  const { settings, login, flush, leave } = page();
  await login("Anna", {});
  // The connection is gone, and the session with it, before it was told.
  settings.set("triggers", [good]);
  leave();
  const bert = {};
  await login("Bert", bert);
  await flush();
  assert.deepEqual([settings.get("triggers"), bert, offered], [[], {}, []]);
  leave();
  const anna = {};
  await login("Anna", anna);
  await flush();
  assert.deepEqual([settings.get("triggers"), anna], [[good], { "meadow.triggers": [good] }]);
  assert.equal(kept.has("meadow-aside"), false);
});

test("in its own time a change is told without a question", async () => {
  const { page, offered } = browser();
  const { settings, login, flush } = page();
  const anna = {};
  await login("Anna", anna);
  settings.set("triggers", [good]);
  await login("Anna", anna);
  await flush();
  assert.deepEqual([anna, offered], [{ "meadow.triggers": [good] }, []]);
});

test("nonsense in the browser harms nobody", async () => {
  for (const nonsense of ["{", "7", "null", "[]", '{"": 7}', '{"": {"values": null}}', '{"__proto__": {"values": {}}}']) {
    const { page, kept } = browser();
    kept.set("meadow-aside", nonsense);
    kept.set("meadow-unsent", nonsense);
    const { settings, login, leave } = page();
    await login("Anna", { "meadow.triggers": [good] });
    leave();
    assert.ok(Array.isArray(settings.get("triggers")), nonsense);
  }
});
