// One object: what it is, where it stands and what is in it, and the forms that change it.

import { get } from "../api.js";
import { copyable } from "../copy.js";
import { accountLink, facts, h, joined, link, objectLink, renew } from "../dom.js";
import { moment } from "../format.js";
import { Table } from "../table.js";
import { attributesEditor, fieldEditor } from "./edit.js";
import { undoBox } from "./undo.js";

/**
 * @typedef {{ id: number, key: string, kind?: string }} Ref
 * @typedef {object} Sheet what the API tells of an object
 * @property {number} id
 * @property {string} key
 * @property {string} kind
 * @property {string[]} aliases
 * @property {string} typeclass
 * @property {boolean} is_typeclass_known
 * @property {Ref | null} location
 * @property {Ref | null} home
 * @property {Ref | null} destination
 * @property {{ id: number, name: string } | null} account
 * @property {number} created
 * @property {string} locks
 * @property {string[]} permissions
 * @property {{ key: string, category: string }[]} tags
 * @property {Record<string, unknown>} attributes
 * @property {Record<string, Record<string, unknown>>} categories
 * @property {Ref[]} contents
 * @property {number} contents_total
 * @property {Ref[]} entrances
 * @property {number[]} sessions
 * @property {{ id: number, key: string }[]} scripts
 */

/**
 * @param {import("../main.js").App} app
 * @returns {import("../main.js").View}
 */
export function objectView(app) {
  const box = h("div", {});
  const changed = (/** @type {Sheet} */ sheet) => (show(sheet), void app.refresh());
  /** @type {import("./edit.js").Target<Sheet>} */
  const target = { set: "object_set", id: 0, changed };
  const undo = undoBox((kind, sheet) => {
    if (kind === "object" && sheet.id === target.id) show(sheet);
    void app.refresh();
  });
  const editors = [
    fieldEditor(target, { field: "key", label: "Key", of: ({ key }) => key }),
    fieldEditor(target, {
      field: "desc",
      label: "Description",
      kind: "lines",
      of: ({ attributes }) => textOf(attributes.desc),
      hint: "With the game's markup: |wbright|n. Nothing takes the description away.",
    }),
    fieldEditor(target, {
      field: "locks",
      label: "Locks",
      kind: "lines",
      mono: true,
      of: ({ locks }) => locks,
      hint: "edit:perm(Builder);get:all()",
    }),
    fieldEditor(target, {
      field: "tags",
      label: "Tags",
      kind: "lines",
      hint: "One in each line: key, or key:category.",
      of: ({ tags }) =>
        tags
          .map(({ key, category }) => (category === "" && !key.includes(":") ? key : `${key}:${category}`))
          .join("\n"),
      value: (text) =>
        text
          .split("\n")
          .map((line) => line.trim())
          .filter((line) => line !== ""),
    }),
  ];
  const attributes = attributesEditor(target);
  const contents = new Table({
    caption: "Contents",
    key: (/** @type {Ref} */ { id }) => id,
    empty: "There is nothing in it.",
    columns: [
      { title: "Key", header: true, cell: (/** @type {Ref} */ ref) => objectLink(ref) },
      { title: "Kind", cell: ({ kind }) => kind },
    ],
  });
  const more = h("p", { class: "dim" });
  const edit = h("section", { class: "editors", "aria-label": "Change it" }, ...editors.map(({ element }) => element));
  const everything = h(
    "div",
    { class: "stack", hidden: true },
    undo.element,
    box,
    edit,
    attributes.element,
    contents.element,
    more,
  );
  /** @param {Sheet} sheet */
  const show = (sheet) => {
    target.id = sheet.id;
    view.title = `${sheet.key} (#${sheet.id})`;
    everything.hidden = false;
    renew(box, about(sheet));
    for (const editor of editors) editor.show(sheet);
    attributes.show(sheet);
    contents.fill(sheet.contents);
    const rest = sheet.contents_total - sheet.contents.length;
    more.replaceChildren(rest > 0 ? link("objects", `and ${rest} more`, { location: sheet.id }) : "");
  };
  /** @type {import("../main.js").View} */
  const view = {
    title: "Object",
    element: h("div", {}, h("p", {}, link("objects", "All objects")), everything),
    async load(place, signal) {
      const [sheet] = await Promise.all([get("object", { id: place.id }, signal), undo.load(signal)]);
      show(sheet);
    },
  };
  return view;
}

/** @param {Sheet} sheet */
function about(sheet) {
  const typeclass = link("objects", sheet.typeclass, { typeclass: sheet.typeclass });
  return facts([
    ["Number", copyable(`#${sheet.id}`)],
    ["Kind", sheet.kind],
    ["Typeclass", sheet.is_typeclass_known ? typeclass : joined([typeclass, "which this program does not know"])],
    ["Aliases", joined(sheet.aliases)],
    ["Location", objectLink(sheet.location) || "nowhere"],
    ["Home", objectLink(sheet.home)],
    ["Leads to", objectLink(sheet.destination)],
    ["Exits that lead here", joined(sheet.entrances.map(objectLink))],
    ["Account", accountLink(sheet.account)],
    ["Sessions", joined(sheet.sessions.map((id) => link(`sessions/${id}`, `#${id}`)))],
    ["Scripts", joined(sheet.scripts.map(({ id, key }) => link("scripts", `${key} (#${id})`)))],
    ["Permissions", joined(sheet.permissions)],
    ["Made", moment(sheet.created)],
  ]);
}

/** @param {unknown} value */
function textOf(value) {
  return typeof value === "string" ? value : "";
}
