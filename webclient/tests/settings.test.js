// The settings and their copy on the account (player/settings.js, player/account.js).

import assert from "node:assert/strict";
import { test } from "node:test";

import { Account, LIMIT } from "../player/account.js";
import { Settings } from "../player/settings.js";

/** localStorage, as far as it is used. */
class Store {
  map = new Map();
  getItem(name) {
    return this.map.get(name) ?? null;
  }
  setItem(name, value) {
    this.map.set(name, String(value));
  }
  removeItem(name) {
    this.map.delete(name);
  }
}

/** Settings with a font, a theme and a list. */
function defined(store = new Store()) {
  const settings = new Settings(store);
  settings.define({ key: "font", label: "Font", kind: "number", initial: 16, min: 10, max: 32 });
  settings.define({
    key: "theme",
    label: "Theme",
    kind: "choice",
    initial: "dark",
    choices: ["dark", ["light", "Light"]],
  });
  settings.define({ key: "list", label: "List", kind: "json", initial: [] });
  settings.define({ key: "here", label: "Here", kind: "bool", initial: false, place: "browser" });
  return settings;
}

/** An account as the server keeps it, which tells all its options after each change. */
function server(options = {}) {
  const kept = { gagprompt: true, ...options };
  const sent = [];
  const full = [];
  const start = (settings) => {
    const account = new Account(settings, {
      send: (kwargs) => {
        sent.push(kwargs);
        Object.assign(kept, structuredClone(kwargs));
        account.received(structuredClone(kept));
        return true;
      },
      full: (labels) => full.push(...labels),
    });
    return account;
  };
  return { kept, sent, full, start };
}

test("a setting has its first value until one is set that suits", () => {
  const settings = defined();
  const heard = [];
  settings.on("font", (value) => heard.push(value));
  settings.on("*", (value, key) => heard.push(`${key}=${value}`));
  assert.equal(settings.get("font"), 16);
  assert.equal(settings.set("font", 9), false);
  assert.equal(settings.set("font", "20"), false);
  assert.equal(settings.set("theme", "pink"), false);
  assert.equal(settings.set("nosuch", 1), false);
  assert.equal(settings.set("font", 20), true);
  assert.equal(settings.set("theme", "light"), true);
  settings.reset("font");
  assert.equal(settings.get("font"), 16);
  assert.deepEqual(heard, [20, "font=20", "theme=light", 16, "font=16"]);
});

test("this browser keeps it, and what does not suit any more is left out", () => {
  const store = new Store();
  defined(store).set("font", 20);
  assert.equal(defined(store).get("font"), 20);
  const settings = new Settings(store);
  settings.define({ key: "font", label: "Font", kind: "number", initial: 16, max: 18 });
  assert.equal(settings.get("font"), 16);
  store.setItem("meadow:theme", "{not json");
  assert.equal(defined(store).get("theme"), "dark");
});

test("another page of the same browser is heard", () => {
  const store = new Store();
  const one = defined(store);
  const other = defined(store);
  const heard = [];
  other.on("font", (value) => heard.push(value));
  one.set("font", 20);
  other.reread("meadow:font");
  other.reread("meadow:font");
  one.reset("font");
  other.reread("meadow:font");
  assert.deepEqual(heard, [20, 16]);
});

test("on login the account's value counts", () => {
  const store = new Store();
  const { start, kept, sent } = server({ "meadow.font": 24, helppopup: true });
  const settings = defined(store);
  settings.set("font", 20);
  // It was changed under this account, and has arrived.
  settings.sent(["font"]);
  start(settings).ask();
  assert.equal(settings.get("font"), 24);
  assert.deepEqual(sent, [{}]);
  assert.equal(kept.helppopup, true);
});

test("what another account has left in this browser is not this one's", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const store = new Store();
  const anna = defined(store);
  server().start(anna).ask();
  anna.set("list", [{ send: "give all to anna" }]);
  anna.set("here", true);
  t.mock.timers.tick(1000);
  assert.deepEqual(anna.unsent, []);
  const bert = defined(store);
  assert.equal(bert.get("list").length, 1);
  const { start, kept } = server({ "meadow.font": 24 });
  start(bert).ask();
  t.mock.timers.tick(1000);
  assert.deepEqual(bert.get("list"), []);
  assert.equal(bert.get("font"), 24);
  assert.equal(bert.get("here"), true, "that is the browser's");
  assert.deepEqual(kept, { gagprompt: true, "meadow.font": 24 });
  assert.equal(defined(store).isChanged("list"), false);
});

test("but what was changed here meanwhile counts more, and is told", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const store = new Store();
  const { start, kept } = server({ "meadow.font": 24, "meadow.theme": "light" });
  defined(store).set("font", 20);
  const settings = defined(store);
  start(settings).ask();
  t.mock.timers.tick(1000);
  assert.equal(settings.get("font"), 20);
  assert.equal(settings.get("theme"), "light");
  assert.deepEqual(kept, { gagprompt: true, "meadow.font": 20, "meadow.theme": "light" });
  assert.deepEqual(settings.unsent, []);
});

test("changes are gathered, what depends on the device stays, and a reset is told", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { start, sent, kept } = server();
  const settings = defined();
  start(settings).ask();
  for (const size of [17, 18, 19]) settings.set("font", size);
  settings.set("here", true);
  settings.set("list", [{ b: 1, a: 2 }]);
  t.mock.timers.tick(1000);
  assert.deepEqual(sent, [{}, { "meadow.font": 19, "meadow.list": [{ b: 1, a: 2 }] }]);
  settings.reset("font");
  t.mock.timers.tick(1000);
  assert.equal(kept["meadow.font"], null);
  assert.equal(settings.get("font"), 16);
  assert.deepEqual(settings.unsent, []);
});

test("an echo that is late changes nothing, and what never arrived is still to be sent", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const sent = [];
  const settings = defined();
  const account = new Account(settings, { send: (kwargs) => sent.push(kwargs) > 0, full: () => {} });
  account.ask();
  account.received({ gagprompt: true });
  settings.set("list", [{ b: 1, a: 2 }]);
  t.mock.timers.tick(1000);
  settings.set("list", [{ b: 2, a: 2 }]);
  account.received({ "meadow.list": [{ a: 2, b: 1 }] });
  assert.deepEqual(settings.get("list"), [{ b: 2, a: 2 }]);
  t.mock.timers.tick(1000);
  assert.deepEqual(sent.at(-1), { "meadow.list": [{ b: 2, a: 2 }] });
  assert.deepEqual(settings.unsent, ["list"]);
  account.received({ "meadow.list": [{ a: 2, b: 2 }] });
  assert.deepEqual(settings.unsent, []);
  // Another browser changes it.
  account.received({ "meadow.list": [] });
  assert.deepEqual(settings.get("list"), []);
});

test("what does not fit on the account stays in this browser, and the player hears of it once", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { start, kept, full } = server();
  const settings = defined();
  const account = start(settings);
  account.ask();
  settings.set("list", ["ä".repeat(LIMIT / 2)]);
  settings.set("font", 20);
  t.mock.timers.tick(1000);
  settings.set("list", ["ä".repeat(LIMIT / 2 + 1)]);
  t.mock.timers.tick(1000);
  assert.deepEqual(full, ["List"]);
  assert.deepEqual(account.tooLarge, ["List"]);
  assert.equal(kept["meadow.font"], 20);
  assert.equal("meadow.list" in kept, false);
  settings.set("list", ["short"]);
  t.mock.timers.tick(1000);
  assert.deepEqual(kept["meadow.list"], ["short"]);
  assert.deepEqual(account.tooLarge, []);
});

test("a part that comes late has what the account has", () => {
  const { start } = server({ "meadow.late": 5, "meadow.later": 5 });
  const store = new Store();
  const settings = defined(store);
  start(settings).ask();
  settings.define({ key: "late", label: "Late", kind: "number", initial: 1 });
  settings.define({ key: "later", label: "Later", kind: "number", initial: 1, max: 4 });
  assert.equal(settings.get("late"), 5);
  assert.equal(settings.get("later"), 1);
});
