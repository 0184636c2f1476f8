// The panes of what one carries (`char_items_list`, `_add`, `_remove`, `_update`) and of who is here (`room_players`,
// `room_addplayer`, `room_removeplayer`). A click looks at one.

import { make } from "../player/dom.js";
import { add, counted, entries, entry, marks, remove, update } from "./list.js";
import { press } from "./press.js";

/** @typedef {import("./list.js").Entry} Entry */

/** The location of what is carried. */
const CARRIED = "inv";

/** @param {import("../main.js").Client} client */
export function install(client) {
  const { hub } = client;
  const carried = list(client, { id: "inventory", title: "Inventory", empty: "You carry nothing.", size: 130 });
  const here = list(client, { id: "people", title: "Here", empty: "Nobody else is here.", size: 110 });

  hub.on("char_items_list", ({ kwargs }) => {
    if (kwargs.location === CARRIED) carried.set(entries(kwargs.items));
  });
  for (const [name, change] of /** @type {const} */ ([
    ["add", add],
    ["remove", remove],
    ["update", update],
  ])) {
    hub.on(`char_items_${name}`, ({ kwargs }) => {
      const item = entry(kwargs.item);
      if (kwargs.location !== CARRIED || item === null) return;
      carried.set(change(carried.get(), item));
      if (name === "add") carried.mark();
    });
  }

  let me = "";
  const others = (/** @type {Entry[]} */ all) => all.filter(({ name }) => name !== me);
  hub.on("char_name", ({ kwargs }) => (me = String(kwargs.name ?? "")));
  hub.on("room_players", ({ args }) => here.set(others(entries(args[0]))));
  hub.on("room_addplayer", ({ args, kwargs }) => {
    const come = entry(kwargs.name === undefined ? args[0] : kwargs);
    if (come === null) return;
    here.set(others(add(here.get(), come)));
    here.mark();
  });
  hub.on("room_removeplayer", ({ args, kwargs }) => {
    const gone = entry(kwargs.name === undefined ? args[0] : kwargs);
    if (gone !== null) here.set(remove(here.get(), gone));
  });
  hub.on("client:state", ({ kwargs }) => {
    if (kwargs.state !== "open" || kwargs.news.resumed) return;
    carried.set([]);
    here.set([]);
  });
}

/**
 * @param {import("../main.js").Client} client
 * @param {{ id: string, title: string, empty: string, size: number }} about
 */
function list(client, { id, title, empty, size }) {
  const rows = make("ul", { className: "things", "aria-label": title });
  const nothing = make("p", { className: "empty", textContent: empty });
  const pane = client.layout.add({
    id,
    title,
    element: make("div", {}, nothing, rows),
    where: "right",
    open: true,
    size,
  });
  /** @type {Entry[]} */
  let all = [];
  /** Only the last of many changes at once is drawn. */
  let waiting = false;

  function draw() {
    waiting = false;
    const groups = counted(all);
    nothing.hidden = groups.length > 0;
    const focused = rows.contains(document.activeElement) ? document.activeElement?.textContent : null;
    rows.replaceChildren(...groups.map(({ entry, count }) => row(entry, count)));
    if (focused === null) return;
    const buttons = [...rows.querySelectorAll("button")];
    (buttons.find((one) => one.textContent === focused) ?? buttons[0])?.focus({ preventScroll: true });
  }

  /** @param {Entry} entry @param {number} count */
  function row(entry, count) {
    const shown = entry.fullname ?? entry.name;
    const button = make("button", { type: "button", textContent: count > 1 ? `${shown} (${count})` : shown });
    button.title = `Look at ${entry.name}`;
    button.addEventListener("click", (event) => press(client, `look ${target(entry.name)}`, event));
    const marked = marks(entry.attrib);
    // Many games put it into the name as well.
    const said = marked === "" || shown.includes(marked);
    return make("li", {}, button, !said && make("span", { className: "note", textContent: marked }));
  }

  return {
    get: () => all,
    mark: () => pane.mark(),
    /** @param {Entry[]} now */
    set(now) {
      all = now;
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(draw);
    },
  };
}

/** What one types for a name: what stands in brackets behind it is a state. @param {string} name */
function target(name) {
  return name.replace(/\s*\([^()]*\)$/, "");
}
