// Forms that change an object or a channel: a field each; and a table of an object's attributes. What the API refuses is said at the field.
// What somebody is just writing is not overwritten by a refresh.

import { parseTyped, post } from "../api.js";
import { ask } from "../dialog.js";
import { button, h } from "../dom.js";
import { Form } from "../form.js";
import { tell } from "../news.js";
import { Table } from "../table.js";
import { editable, valueText } from "../value.js";

/** @typedef {import("./object.js").Sheet} Sheet */

/**
 * What is changed: by which function of the API, its number, and who is told what it is like now.
 * @template S
 * @typedef {{ set: "object_set" | "channel_set", id: number, changed: (sheet: S) => void }} Target
 */

/**
 * A form for one thing of an object or a channel.
 * @template S
 * @param {Target<S>} target
 * @param {object} options
 * @param {string} options.field as the API calls it
 * @param {string} options.label
 * @param {"text" | "lines"} [options.kind]
 * @param {boolean} [options.mono]
 * @param {string} [options.hint]
 * @param {(sheet: S) => string} options.of what it is now
 * @param {(text: string) => unknown} [options.value] what is sent
 */
export function fieldEditor(target, { field, label, kind = "text", mono, hint, of, value = (text) => text }) {
  let before = "";
  const form = new Form(
    [{ name: "value", label, kind, mono, hint }],
    async ({ value: text }) => {
      // Without a value, an object's description is taken away.
      const isGone = target.set === "object_set" && field === "desc" && text === "";
      const given = isGone ? {} : { value: value(text) };
      const sheet = await post(target.set, { id: target.id, field, ...given });
      before = of(sheet);
      form.show("value", before);
      note.hidden = true;
      tell(`${label}: saved.`);
      target.changed(sheet);
    },
    { className: "sheet editor" },
  );
  const note = h("p", { class: "hint", role: "status", hidden: true });
  form.element.setAttribute("aria-label", label);
  const save = h("button", { class: "button", "aria-label": `Save: ${label}` }, "Save");
  form.element.append(note, save);
  return {
    element: form.element,
    /** @param {S} sheet */
    show(sheet) {
      const now = of(sheet);
      if (form.values.value === before) form.show("value", now);
      else if (now !== before) {
        note.textContent = "Somebody has changed this meanwhile. If you save, yours takes its place.";
        note.hidden = false;
      }
      before = now;
    },
  };
}

/** @typedef {{ name: string, category: string, value: unknown }} Attribute */

/** @param {Target<Sheet>} target */
export function attributesEditor(target) {
  /** @type {Table<Attribute>} */
  const table = new Table({
    caption: "Attributes",
    key: ({ name, category }) => JSON.stringify([category, name]),
    empty: "It has none.",
    columns: [
      { title: "Name", header: true, kind: "mono", cell: ({ name }) => name },
      { title: "Category", kind: "mono", cell: ({ category }) => category },
      { title: "Value", kind: "mono", cell: ({ value }) => valueText(value) },
      { title: "Actions", kind: "deeds", cell: actions },
    ],
  });
  /** @param {Attribute} attribute */
  function actions(attribute) {
    const { name } = attribute;
    if (name.startsWith("_")) return "the game's own";
    return h(
      "div",
      { class: "acts" },
      button("Edit", () => void edit(target, attribute), { of: name, kind: "small" }),
      button("Remove", () => void remove(target, attribute), { of: name, kind: "small" }),
    );
  }
  const add = button("Add an attribute", () => void edit(target, null));
  return {
    element: h("div", { class: "stack" }, table.element, h("div", { class: "buttons" }, add)),
    /** @param {Sheet} sheet */
    show({ attributes, categories }) {
      const of = (/** @type {string} */ category, /** @type {Record<string, unknown>} */ all) =>
        Object.entries(all).map(([name, value]) => ({ name, category, value }));
      table.fill([
        ...of("", attributes),
        ...Object.entries(categories).flatMap(([category, all]) => of(category, all)),
      ]);
    },
  };
}

/**
 * @param {Target<Sheet>} target
 * @param {Attribute | null} attribute
 */
function edit(target, attribute) {
  const isNew = attribute === null;
  return ask({
    title: isNew ? "Add an attribute" : `Edit ${attribute.name}`,
    text: isNew
      ? "An attribute is a value with a name."
      : "The attribute keeps its type, unless you say that it may change.",
    fields: [
      {
        name: "value",
        label: "Value, as JSON",
        kind: "lines",
        mono: true,
        required: true,
        value: isNew ? "" : editable(attribute.value),
        hint: '5, "a text", true, [1, 2], {"name": "value"}',
      },
      {
        name: "attribute",
        label: "Name",
        mono: true,
        required: true,
        value: attribute?.name ?? "",
        fixed: !isNew,
        about: /^(The name of an attribute|Attributes whose names)/,
      },
      { name: "category", label: "Category", mono: true, value: attribute?.category ?? "", fixed: !isNew },
      { name: "retype", label: "It may become something of another type", kind: "flag" },
    ],
    yes: "Save",
    async submit({ attribute: name, category, value: text, retype }) {
      const args = {
        id: target.id,
        field: "attribute",
        attribute: name,
        category,
        value: parseTyped(text),
        retype: retype !== "",
      };
      target.changed(await post("object_set", args));
      tell(`${name}: saved.`);
    },
  });
}

/**
 * @param {Target<Sheet>} target
 * @param {Attribute} attribute
 */
function remove(target, { name, category }) {
  return ask({
    title: `Remove ${name}`,
    text: `The attribute ${name} is taken away, with its value. You can undo that.`,
    yes: "Remove",
    danger: true,
    async submit() {
      target.changed(await post("object_set", { id: target.id, field: "attribute", attribute: name, category }));
      tell(`${name}: removed.`);
    },
  });
}
