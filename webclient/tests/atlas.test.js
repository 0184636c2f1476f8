// Where rooms are drawn, and the way from one to another (panes/atlas.js, panes/directions.js).

import assert from "node:assert/strict";
import { test } from "node:test";

import { chart, coordinates, path, room } from "../panes/atlas.js";
import { direction, ordered } from "../panes/directions.js";

/** Rooms by their exits: `{ a: { north: "b" } }`. */
function rooms(exits, coords = {}) {
  const made = Object.entries(exits).map(([num, ways]) => [
    num,
    room({ num, name: num.toUpperCase(), exits: ways, coords: coords[num] }),
  ]);
  return new Map(made);
}

const places = (known, here) => Object.fromEntries(chart(known, here).places.map(({ num, x, y }) => [num, [x, y]]));

test("exits are directions by any of their names", () => {
  assert.deepEqual(["N", "north-east", "South West", "climb", "constructor"].map(direction), [
    "north",
    "northeast",
    "southwest",
    undefined,
    undefined,
  ]);
  assert.deepEqual(ordered(["gate", "up", "w", "north", "alley"]), ["north", "w", "up", "alley", "gate"]);
});

test("rooms lie where their exits lead", () => {
  const known = rooms({ a: { north: "b", east: "c" }, b: { e: "d" }, c: {}, d: { south: "c" } });
  assert.deepEqual(places(known, "a"), { a: [0, 0], b: [0, -1], c: [1, 0], d: [1, -1] });
  assert.deepEqual(places(known, "b"), { b: [0, 0], d: [1, 0], c: [1, 1] }, "as far as ways lead from there");
});

test("a room that is not known yet is drawn as such", () => {
  const { places } = chart(rooms({ a: { north: "b" } }), "a");
  assert.deepEqual(
    places.map(({ num, known }) => [num, known]),
    [
      ["a", true],
      ["b", false],
    ],
  );
  const { places: alone, ways } = chart(rooms({ a: { north: "" } }), "a");
  assert.deepEqual([alone.length, ways], [1, [{ from: [0, 0], to: [0, -0.5], stub: true }]]);
});

test("a place that is taken puts a room further on", () => {
  const known = rooms({ a: { east: "b", north: "c" }, b: { north: "x" }, c: { east: "y" }, x: {}, y: {} });
  const found = places(known, "a");
  assert.deepEqual(
    [found.x, found.y],
    [
      [1, -1],
      [2, -1],
    ],
  );
});

test("other floors are marked, not drawn", () => {
  const { places } = chart(rooms({ a: { up: "b", d: "c" }, b: {}, c: {} }), "a");
  assert.deepEqual(places, [{ num: "a", name: "A", x: 0, y: 0, known: true, up: true, down: true }]);
});

test("an exit that is no direction is drawn beside, where one is", () => {
  const known = rooms({ a: { gate: "b", north: "c" }, b: { shed: "d" }, c: {} });
  assert.deepEqual(places(known, "a"), { a: [0, 0], c: [0, -1], b: [1, 0] });
});

test("coordinates count more than directions", () => {
  const known = rooms({ a: { north: "b" }, b: { north: "c" }, c: {} }, { a: [0, 0, 0], b: [2, 3, 0], c: [2, 4, 1] });
  assert.deepEqual(places(known, "a"), { a: [0, 0], b: [2, -3] }, "c is on another floor");
  assert.deepEqual(coordinates("45,-1,5,2"), [-1, 5, 2]);
  assert.deepEqual(coordinates({ x: 1, y: "2" }), [1, 2, 0]);
  for (const odd of [null, "x", [1], { x: 1 }, 7, ",,"]) assert.equal(coordinates(odd), null);
});

test("each way is drawn once", () => {
  const { ways } = chart(rooms({ a: { north: "b" }, b: { south: "a" } }), "a");
  assert.equal(ways.length, 1);
});

test("a map has an end", () => {
  const row = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`r${at}`, { east: `r${at + 1}` }]));
  assert.equal(chart(rooms(row), "r0").places.length, 31);
  const field = {};
  for (let x = 0; x < 40; x += 1)
    for (let y = 0; y < 40; y += 1) field[`${x} ${y}`] = { east: `${x + 1} ${y}`, south: `${x} ${y + 1}` };
  assert.ok(chart(rooms(field), "0 0").places.length <= 402);
});

test("one walks by the shortest way that is known", () => {
  const known = rooms({ a: { climb: "b", north: "b" }, b: { east: "c", west: "" }, c: {} });
  assert.deepEqual(path(known, "a", "c"), [
    { exit: "north", to: "b" },
    { exit: "east", to: "c" },
  ]);
  assert.equal(path(known, "c", "a"), null, "no way back is known");
  assert.equal(path(known, "a", "a"), null);
  const row = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`r${at}`, { east: `r${at + 1}` }]));
  assert.equal(path(rooms(row), "r0", "r61"), null, "too far for a click");
});

test("what a game says of a room is taken as it comes", () => {
  assert.equal(room({ name: "Nowhere" }), null);
  assert.deepEqual(room({ num: 7, name: 3, exits: ["n", "s"] }), {
    num: "7",
    name: "3",
    area: "",
    exits: { n: "", s: "" },
    coords: null,
  });
  assert.deepEqual(room({ vnum: "x", exits: { n: { deep: 1 } } })?.exits, { n: "" });
  assert.equal(
    Object.keys(
      room({ num: 1, exits: Object.fromEntries(Array.from({ length: 99 }, (_, at) => [at, at])) })?.exits ?? {},
    ).length,
    60,
  );
});
