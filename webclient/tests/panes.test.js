// What the panes make of the game's messages: gauges, lists, routing, media, notices.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Hub } from "../hub.js";
import { late } from "../panes/late.js";
import { add, counted, entries, marks, remove, update } from "../panes/list.js";
import { address, loudness, medium, stops } from "../panes/media-rules.js";
import { why } from "../panes/mentions.js";
import { Kinds, label, route, tab, Told } from "../panes/routing.js";
import { fitting } from "../panes/sizes.js";
import { mark, more } from "../panes/unread.js";
import { gauges, share } from "../panes/vitals.js";
import { target } from "../player/roving.js";

test("a gauge is a number with a bound, however a game names it", () => {
  const shown = (vitals, bounds) => gauges(vitals, bounds).gauges.map(({ label, value, max }) => [label, value, max]);
  assert.deepEqual(shown({ hp: 18, maxhp: 20 }), [["Health", 18, 20]], "Meadow");
  assert.deepEqual(
    shown({ hp: "100", maxhp: "200", mp: "7", maxmp: "10" }),
    [
      ["Health", 100, 200],
      ["Mana", 7, 10],
    ],
    "Iron Realms",
  );
  assert.deepEqual(
    shown({ mana: 5, hp: 1 }, { maxhp: 10, maxmana: 9 }),
    [
      ["Health", 1, 10],
      ["Mana", 5, 9],
    ],
    "Aardwolf",
  );
  assert.deepEqual(shown({ hp: 1, hp_max: 4, max_rage: 3, rage: 2 }), [
    ["Health", 1, 4],
    ["Rage", 2, 3],
  ]);
  assert.deepEqual(shown({ nl: "42%" }), [["Next level", 42, 100]]);
});

test("what has no bound is told as it is", () => {
  const { gauges: found, facts } = gauges(
    { HP: 5, gold: 12, state: "poisoned", list: [1], max: 3 },
    {},
    { gold: "Coins" },
  );
  assert.deepEqual(found, []);
  assert.deepEqual(
    facts.map(({ label, value }) => [label, value]),
    [
      ["Health", "5"],
      ["Coins", "12"],
      ["State", "poisoned"],
      ["Max", "3"],
    ],
  );
  assert.deepEqual(gauges({ hp: 5, maxhp: 0, constructor: 1 }).gauges, [], "nothing is divided by nothing");
});

test("a gauge is never fuller than full", () => {
  const gauge = (value) => ({ name: "hp", label: "", kind: "", value, max: 10 });
  assert.deepEqual([gauge(-5), gauge(5), gauge(50)].map(share), [0, 0.5, 1]);
});

test("things come, change and go, by number or by name", () => {
  let list = entries([{ id: 1, name: "rose" }, "bee", { fullname: "Bob the Bold" }, 7, null]);
  assert.deepEqual(
    list.map(({ name }) => name),
    ["rose", "bee", "Bob the Bold"],
  );
  list = add(list, { id: 1, name: "rose", attrib: "w" });
  assert.equal(list.length, 3, "it is the same rose");
  list = add(list, { name: "bee" });
  assert.deepEqual(
    counted(list).map(({ entry, count }) => [entry.name, count]),
    [
      ["rose", 1],
      ["bee", 2],
      ["Bob the Bold", 1],
    ],
  );
  list = remove(list, { name: "bee" });
  assert.equal(list.filter(({ name }) => name === "bee").length, 1, "one of two has gone");
  list = update(list, { id: 1, name: "red rose" });
  assert.deepEqual(list[0], { id: 1, name: "red rose", attrib: "w" });
  assert.deepEqual(remove(list, { id: 9, name: "red rose" }), list, "another one");
  assert.deepEqual(["w", "lc", "x", undefined].map(marks), ["worn", "left hand, container", "", ""]);
});

test("a line is routed by its type", () => {
  assert.deepEqual(tab({ type: "channel", kwargs: { channel: "Public", from_channel: 3 } }), {
    id: "channel public",
    title: "Public",
    kind: "channel",
  });
  assert.equal(tab({ type: "channel", kwargs: { from_channel: 3 } })?.title, "3", "Evennia says its number only");
  assert.equal(tab({ type: "page" })?.id, "tells");
  assert.equal(tab({ type: "combat" })?.title, "Combat");
  for (const type of ["text", "look", "help", "x".repeat(41)]) assert.equal(tab({ type }), null, type);
});

test("the player says where what goes", () => {
  assert.deepEqual(
    ["channel", "tells", "say"].map((kind) => route({}, kind)),
    ["both", "both", "main"],
  );
  assert.equal(route({ say: "talk" }, "say"), "talk");
  assert.equal(route({ say: "elsewhere" }, "say"), "main");
  assert.equal(route({}, "constructor"), "main");
  assert.equal(label("magic_battle"), "Magic battle");
  const kinds = new Kinds();
  for (let at = 0; at < 99; at += 1) kinds.learn(`kind ${at}`);
  assert.equal(kinds.all.length, 40);
});

test("a line of a channel that comes twice is shown once", () => {
  const told = new Told();
  told.add("[Public] Bob: Hi ");
  assert.equal(told.take("\u001b[31m[Public] Bob: Hi\u001b[0m"), true);
  assert.equal(told.take("[Public] Bob: Hi"), false, "this is another");
});

const PAGE = "https://game.example/webclient/";

test("media come from where the page comes from", () => {
  assert.equal(address("rain.mp3", "", PAGE), "https://game.example/media/rain.mp3");
  assert.equal(address("rain.mp3", "/sounds/", PAGE), "https://game.example/sounds/rain.mp3");
  assert.equal(address("rain.mp3", "https://game.example/s/", PAGE), "https://game.example/s/rain.mp3");
  for (const [name, folder] of [
    ["rain.mp3", "https://evil.example/"],
    ["https://evil.example/x.mp3", ""],
    ["//evil.example/x.mp3", ""],
    ["javascript:alert(1)", ""],
    ["data:text/html,x", ""],
    ["rain*.mp3", ""],
    ["", ""],
    ["x", "http://["],
  ])
    assert.equal(address(name, folder, PAGE), null, `${folder} ${name}`);
});

test("a medium has bounds", () => {
  const played = medium(
    { name: "a.ogg", volume: 900, loops: -7, start: 1500, finish: 2500, priority: "60", tag: 3 },
    "",
    PAGE,
  );
  assert.deepEqual(
    [played?.volume, played?.loops, played?.start, played?.finish, played?.priority, played?.tag],
    [1, -1, 1.5, 2.5, 60, ""],
  );
  assert.deepEqual(
    ["a.png", "a.webm", "a.mp3"].map((name) => medium({ name }, "", PAGE)?.type),
    ["image", "video", "sound"],
  );
  assert.equal(medium({ name: "a.mp3", type: "music" }, "", PAGE)?.type, "music");
  assert.equal(medium({ name: "a.mp3" }, "https://evil.example/", PAGE), null);
});

test("a stop means what fits all of it", () => {
  const playing = medium({ name: "a.mp3", type: "music", tag: "combat", key: "k", priority: 50 }, "", PAGE);
  assert.ok(stops(playing, {}) && stops(playing, { type: "music", tag: "combat" }) && stops(playing, { priority: 50 }));
  assert.ok(!stops(playing, { type: "music", tag: "weather" }) && !stops(playing, { priority: 49 }));
});

test("sounds swell and fade", () => {
  const playing = medium({ name: "a.mp3", volume: 100, fadein: 1000, fadeout: 2000 }, "", PAGE);
  assert.deepEqual(
    [0, 0.5, 5, 9, 10].map((at) => loudness(playing, at, 10)),
    [0, 0.5, 1, 0.5, 0],
  );
  assert.equal(loudness(playing, 5, NaN), 1, "its length is not known yet");
});

test("what is meant for the player is worth a notice", () => {
  const of = (text, type, kwargs = {}) => why({ text, type, kwargs }, ["Anna"]);
  assert.equal(of("Bob pages: Hi", "page", { talker: "Bob" }), "tells");
  assert.equal(of("You paged Bob with: 'Hi'.", "page"), null, "her own");
  assert.equal(of("[Public] Anna: Hi", "channel", { talker: "Anna" }), null, "her own");
  assert.equal(of("[Public] Bob: anna?", "channel", { talker: "Bob" }), "mentions");
  assert.equal(of("[Public] Bob: Hi", "channel", { talker: "Bob" }), "channels");
  assert.equal(of('Bob says, "Annabel is here"', "say"), null, "that is another name");
  assert.equal(of("Anna", "look"), null);
});

test("a part that is fetched late hears what came until then, in order", async () => {
  const hub = new Hub();
  const client = /** @type {any} */ ({ hub });
  const heard = [];
  let loads = 0;
  let ready = () => {};
  late(client, ["room_info", "room_players"], async () => {
    loads += 1;
    if (loads === 1) throw new Error("no network");
    await new Promise((resolve) => (ready = resolve));
    return ({ hub }) => {
      hub.on("room_players", ({ args }) => heard.push(args[0]));
      hub.on("room_info", ({ kwargs }) => heard.push(kwargs.num));
    };
  });
  const soon = () => new Promise((resolve) => setTimeout(resolve));
  const warn = console.warn;
  console.warn = () => {};
  hub.emit({ name: "room_info", kwargs: { num: 1 } });
  await soon();
  console.warn = warn;
  hub.emit({ name: "room_players", args: ["a"] });
  hub.emit({ name: "room_info", kwargs: { num: 2 } });
  await soon();
  assert.deepEqual([loads, heard], [2, []]);
  ready();
  await soon();
  hub.emit({ name: "room_info", kwargs: { num: 3 } });
  assert.deepEqual(heard, [1, "a", 2, 3], "each once");
  assert.equal(loads, 2);
});

test("what is new is counted, if it can be", () => {
  assert.equal(more(0, true), 1);
  assert.equal(more(4, true), 5);
  assert.equal(more(0, false), true);
  assert.equal(more(true, true), true);
  assert.deepEqual([0, 3, 99, 100, true].map((unread) => mark(unread)), ["", "3", "99", "99+", "•"]);
});

test("docks give way for the text, in turn of what they have", () => {
  const sizes = (left, right, width) => fitting({ left, right, bottom: 180 }, { width, height: 700 });
  assert.deepEqual(sizes(288, 288, 1280), { left: 288, right: 288, bottom: 180 });
  assert.deepEqual(sizes(288, 288, 800), { left: 192, right: 192, bottom: 180 });
  assert.deepEqual(sizes(160, 400, 800), { left: 160, right: 224, bottom: 180 }, "the least is kept");
  assert.deepEqual(sizes(300, 300, 700), { left: 160, right: 160, bottom: 180 });
  assert.deepEqual(sizes(0, 900, 1000), { left: 0, right: 450, bottom: 180 }, "one alone has its share");
  assert.equal(fitting({ left: 0, right: 0, bottom: 600 }, { width: 900, height: 400 }).bottom, 180);
});

test("keys go round in menus and among tabs", () => {
  const row = (kind, keys) => keys.map(([key, at]) => target(kind, key, at, 3));
  assert.deepEqual(row("menu", [["ArrowDown", 0], ["ArrowDown", 2], ["ArrowUp", 0], ["Home", 2], ["End", 0]]), [1, 0, 2, 0, 2]);
  assert.deepEqual(row("tabs", [["ArrowRight", 2], ["ArrowLeft", 0], ["ArrowDown", 0], ["a", 1]]), [0, 2, null, null]);
  assert.deepEqual(row("menu", [["ArrowDown", -1], ["ArrowUp", -1]]), [0, 2], "nothing has the focus yet");
  assert.equal(target("menu", "End", -1, 0), null);
});
