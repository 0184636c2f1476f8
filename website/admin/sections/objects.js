// Objects: searched. What one of them is like is the business of object.js.

import { link, objectLink } from "../dom.js";
import { listView } from "../list.js";
import { objectView } from "./object.js";
import { undoBox } from "./undo.js";

/** @type {import("../main.js").Section} */
export const objects = {
  name: "objects",
  title: "Objects",
  group: "World",
  every: 15,
  open: (place, app) => (place.id === "" ? list(app) : objectView(app)),
};

/**
 * @param {import("../main.js").App} app
 * @returns {import("../main.js").View}
 */
function list(app) {
  const undo = undoBox(() => void app.refresh());
  const view = listView({
    name: "objects",
    one: "object",
    above: [undo.element],
    filters: [
      { name: "search", label: "Name", hint: "A part of the key or of an alias, #number, or *account." },
      {
        name: "kind",
        label: "Kind",
        kind: "choice",
        choices: [
          ["", "any"],
          ["room", "rooms"],
          ["exit", "exits"],
          ["character", "characters"],
          ["thing", "things"],
        ],
      },
      { name: "typeclass", label: "Typeclass", hint: "And what builds on it.", mono: true },
      { name: "tag", label: "Tag", hint: "key, or key:category." },
      { name: "location", label: "Location", hint: "The number of an object." },
    ],
    table: {
      caption: "Objects, by number",
      key: ({ id }) => id,
      empty: "No object is like that.",
      columns: [
        { title: "Key", header: true, cell: ({ id, key }) => link(`objects/${id}`, key) },
        { title: "Number", kind: "number", cell: ({ id }) => `#${id}` },
        { title: "Kind", cell: ({ kind }) => kind },
        { title: "Typeclass", kind: "mono", cell: ({ typeclass }) => link("objects", typeclass, { typeclass }) },
        { title: "Location", cell: ({ location }) => objectLink(location) },
      ],
    },
  });
  return {
    element: view.element,
    // Looking through all objects is not for nothing.
    every: 0,
    async load(place, signal) {
      await Promise.all([view.load(place, signal), undo.load(signal)]);
    },
  };
}
