// What the pane with the map shows (map.js makes it), drawn of the rooms that `room_info` has told of (atlas.js says where each is). A click walks:
// to the next room, or by the way that is known, one room after the other.

import { button, make } from "../player/dom.js";
import { chart, path, room } from "./atlas.js";
import { Memory } from "./memory.js";

/** From room to room, and the size of one, in units of the drawing. */
const STEP = 44;
const SIZE = 24;

/** Width of a picture in which rooms are of that size. */
const ROOM = 240;

/** How much nearer or farther one button goes. */
const NEARER = 1.25;

/** How long a walk waits for the next room, in milliseconds. */
const PATIENCE = 8000;

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {import("./atlas.js").Place} Place */

/** @param {string} tag @param {Record<string, string | number>} [attributes] */
function svg(tag, attributes = {}) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/**
 * @param {import("../main.js").Client} client
 * @param {HTMLElement} element the content of the pane
 * @param {HTMLElement} empty what it shows as long as there is no map
 * @param {{ min: number, max: number }} bounds of the zoom
 */
export function show({ hub, settings, dialogs, entry }, element, empty, bounds) {
  const memory = new Memory();
  let here = "";
  /** What is left of a walk. @type {{ exit: string, to: string }[]} */
  let walk = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;

  const picture = /** @type {SVGSVGElement} */ (svg("svg", { role: "group", "aria-label": "Map" }));
  const name = make("p", { className: "place-name", "aria-hidden": "true" });
  const zoom = (/** @type {number} */ by) =>
    settings.set("map.zoom", Math.min(Math.max(settings.get("map.zoom") * by, bounds.min), bounds.max));
  const tools = make(
    "div",
    { className: "tools" },
    button("−", () => zoom(1 / NEARER), { "aria-label": "Smaller", title: "Smaller" }),
    button("+", () => zoom(NEARER), { "aria-label": "Larger", title: "Larger" }),
    button("⌫", forget, { "aria-label": "Forget the map", title: "Forget the map" }),
  );
  element.append(picture, make("div", { className: "foot" }, name, tools));

  /** Who walks by keyboard goes on from the same side. */
  function draw() {
    const known = memory.rooms.has(here);
    empty.hidden = known;
    for (const part of [picture, tools, name]) part.toggleAttribute("hidden", !known);
    if (!known) return;
    const focused = picture.contains(document.activeElement);
    const { places, ways } = chart(memory.rooms, here);
    const lines = svg("g");
    for (const { from, to, stub } of ways) {
      const [x1, y1, x2, y2] = [...from, ...to].map((at) => at * STEP);
      lines.append(svg("line", { x1, y1, x2, y2, class: stub ? "way stub" : "way" }));
    }
    picture.replaceChildren(lines, ...places.map(place));
    frame();
    if (focused) /** @type {SVGElement | null} */ (picture.querySelector("[tabindex='0']"))?.focus();
    name.textContent = memory.rooms.get(here)?.name ?? "";
  }

  /** @param {Place} place */
  function place({ num, name: called, x, y, known, up, down }) {
    const exits = memory.rooms.get(here)?.exits ?? {};
    const exit = Object.keys(exits).find((one) => exits[one] === num);
    const isNear = exit !== undefined && num !== here;
    const group = /** @type {SVGGElement} */ (
      svg("g", {
        class: ["place", num === here && "here", (isNear || known) && num !== here && "near", !known && "guess"]
          .filter(Boolean)
          .join(" "),
        transform: `translate(${x * STEP} ${y * STEP})`,
      })
    );
    const shown = known ? called : "Not seen yet";
    group.append(svg("rect", { x: -SIZE / 2, y: -SIZE / 2, width: SIZE, height: SIZE, rx: 4 }));
    const sign = up && down ? "↕" : up ? "↑" : down ? "↓" : "";
    if (sign !== "") {
      const text = svg("text", { y: 3 });
      text.textContent = sign;
      group.append(text);
    }
    const title = svg("title");
    title.textContent = isNear ? `${shown} (${exit})` : shown;
    group.append(title);
    group.addEventListener("pointerenter", () => (name.textContent = title.textContent));
    group.addEventListener("pointerleave", () => (name.textContent = memory.rooms.get(here)?.name ?? ""));
    if (num === here) {
      group.setAttribute("role", "img");
      group.setAttribute("aria-label", `You are here: ${shown}`);
      return group;
    }
    if (!isNear && !known) return group;
    group.setAttribute("role", "button");
    group.setAttribute("aria-label", isNear ? `${exit}: ${shown}` : `Walk to ${shown}`);
    // By Tab one comes to the next rooms only; a map has many.
    group.setAttribute("tabindex", isNear ? "0" : "-1");
    group.addEventListener("click", () => {
      go(num);
      entry.ready();
    });
    group.addEventListener("focus", () => (name.textContent = title.textContent));
    group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      go(num);
    });
    return group;
  }

  /** The room where one is stays in the middle. */
  function frame() {
    const { width, height } = picture.getBoundingClientRect();
    if (width === 0) return;
    // A large picture has larger rooms, not only more of them.
    const scale = settings.get("map.zoom") * Math.min(Math.max(Math.min(width, height) / ROOM, 1), 1.8);
    const [wide, high] = [width / scale, height / scale];
    picture.setAttribute("viewBox", `${-wide / 2} ${-high / 2} ${wide} ${high}`);
  }

  /** @param {string} num */
  function go(num) {
    walk = path(memory.rooms, here, num) ?? [];
    next();
  }

  function next() {
    clearTimeout(patience);
    const first = walk.at(0);
    if (first === undefined) return;
    patience = setTimeout(stop, PATIENCE);
    if (!hub.command(first.exit, { whole: true })) stop();
  }

  function stop() {
    clearTimeout(patience);
    walk = [];
  }

  async function forget() {
    const sure = await dialogs.confirm(
      "Forget the map?",
      "All rooms that this browser remembers of the game are forgotten.",
      { yes: "Forget it" },
    );
    if (!sure) return;
    const current = memory.rooms.get(here);
    await memory.forget();
    if (current !== undefined) await memory.remember(current);
    draw();
  }

  hub.on("room_info", ({ kwargs }) => {
    const seen = room(kwargs);
    if (seen === null) return;
    here = seen.num;
    void memory.remember(seen);
    // A walk goes on as long as it leads where it should.
    if (walk.shift()?.to === here) next();
    else stop();
    draw();
  });
  // Whoever types something else has stopped to walk.
  document.getElementById("entry")?.addEventListener("submit", stop);
  hub.on("client:state", stop);
  settings.on("map.zoom", frame);
  new ResizeObserver(frame).observe(picture);
  void memory.load().then(draw);
  draw();
}
