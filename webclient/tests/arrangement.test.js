// How the panes are arranged (panes/arrangement.js).

import assert from "node:assert/strict";
import { test } from "node:test";

import { Arrangement, sound } from "../panes/arrangement.js";

/** As it is at first. */
function arrangement() {
  const made = new Arrangement();
  made.define({ id: "gauges", where: "strip", open: true, compact: true });
  made.define({ id: "room", where: "right", open: true, size: 150, compact: true });
  made.define({ id: "map", where: "right", open: true });
  made.define({ id: "people", where: "right", open: true, size: 110 });
  made.define({ id: "talk", where: "left", open: "roomy" });
  made.define({ id: "media", where: "right", open: false });
  return made;
}

test("panes are where their parts put them, until the player moves them", () => {
  const panes = arrangement();
  assert.deepEqual(panes.in("right"), ["room", "map", "people"]);
  panes.move("people", "right", "room");
  assert.deepEqual(panes.in("right"), ["people", "room", "map"]);
  panes.move("map", "bottom");
  assert.deepEqual([panes.in("right"), panes.in("bottom")], [["people", "room"], ["map"]]);
  assert.equal(panes.shift("people", 1), true);
  assert.deepEqual(panes.in("right"), ["room", "people"]);
  assert.equal(panes.shift("people", 1), false, "it is the last");
  assert.equal(panes.shift("room", -1), false, "it is the first");
  panes.move("room", "right", "room");
  assert.deepEqual(panes.in("right"), ["room", "people"]);
});

test("what was changed is kept, and nothing else", () => {
  const panes = arrangement();
  assert.deepEqual(panes.kept, {});
  panes.setOpen("media", true);
  panes.setFolded("map", true);
  panes.setSize("people", 5);
  panes.setDockSize("left", 400);
  assert.deepEqual(panes.kept, { open: { media: true }, folded: ["map"], sizes: { people: 72 }, docks: { left: 400 } });
  const again = arrangement();
  again.kept = JSON.parse(JSON.stringify(panes.kept));
  assert.deepEqual(again.in("right"), ["room", "map", "people", "media"]);
  assert.deepEqual([again.isFolded("map"), again.size("people"), again.dockSize("left")], [true, 72, 400]);
  again.setFolded("map", false);
  again.resetSize("people");
  again.resetDock("left");
  assert.deepEqual(again.kept, { open: { media: true } });
  assert.equal(again.size("people"), 110, "as it was at first");
});

test("a pane that is new stands behind the one that was defined before it", () => {
  const before = new Arrangement();
  before.define({ id: "room", where: "right", open: true });
  before.define({ id: "people", where: "right", open: true });
  before.move("people", "right", "room");
  const panes = arrangement();
  panes.kept = before.kept;
  assert.deepEqual(panes.in("right"), ["people", "room", "map"]);
});

test("panes of a game that is not there today keep their places", () => {
  const panes = arrangement();
  panes.kept = { order: ["weather", "map", "room"], where: { weather: "left" }, open: { weather: false } };
  panes.move("people", "left");
  assert.equal(panes.kept.where?.weather, "left");
  assert.ok(panes.kept.order?.includes("weather"));
  panes.define({ id: "weather", where: "right", open: true });
  assert.deepEqual([panes.where("weather"), panes.isOpen("weather")], ["left", false]);
});

test("some panes are open where there is room; the player's word counts", () => {
  const panes = arrangement();
  panes.roomy = false;
  assert.equal(panes.isOpen("talk"), false);
  panes.roomy = true;
  assert.equal(panes.isOpen("talk"), true);
  panes.setOpen("talk", false);
  assert.equal(panes.isOpen("talk"), false);
});

test("only what fits is in the strip", () => {
  const panes = arrangement();
  panes.kept = { where: { map: "strip", room: "strip" } };
  assert.deepEqual([panes.where("map"), panes.where("room")], ["bottom", "strip"]);
});

test("what makes no sense is left out", () => {
  for (const nothing of [null, 7, "x", [], { order: 7, where: [], open: null, folded: {}, sizes: "x", docks: 3 }]) {
    assert.deepEqual(
      Object.values(sound(nothing)).flatMap((one) => Object.keys(one)),
      [],
    );
  }
  const odd = sound({
    order: ["map", "map", "<b>", 7, "x".repeat(41)],
    where: { map: "middle", room: "left" },
    open: { map: "yes", room: true },
    sizes: { map: -1, room: 200, people: Infinity },
    docks: { left: 5, right: 300, middle: 300 },
  });
  assert.deepEqual(odd, {
    order: ["map"],
    where: { room: "left" },
    open: { room: true },
    folded: [],
    sizes: { room: 200 },
    docks: { right: 300 },
  });
  const panes = arrangement();
  assert.deepEqual([panes.isOpen("constructor"), panes.size("toString")], [false, undefined]);
  assert.throws(() => panes.define({ id: "a b", where: "left", open: true }));
});
