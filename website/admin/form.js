// Forms: fields with labels, and what is wrong with them beside them. Dialogs, the editing of objects and the filters
// above lists use it.

import { ApiError } from "./api.js";
import { h } from "./dom.js";

/**
 * @typedef {object} Field
 * @property {string} name as the API calls it
 * @property {string} label
 * @property {"text" | "lines" | "choice" | "flag"} [kind]
 * @property {string} [value] of a flag: "yes" or ""
 * @property {string} [hint]
 * @property {boolean} [required]
 * @property {boolean} [mono] it is read by machines
 * @property {boolean} [fixed] it can't be changed
 * @property {[value: string, label: string][]} [choices]
 * @property {RegExp} [about] errors that are about it, though they do not begin with its name
 */

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control */

/** A form. */
export class Form {
  /** @type {Map<string, { control: Control, error: HTMLElement, describes: string }>} */
  #fields = new Map();
  #about;
  #isBusy = false;

  /**
   * @param {Field[]} fields the first is to blame for what no other is
   * @param {(values: Record<string, string>) => Promise<void> | void} submit what goes wrong is thrown, and shown
   * @param {{ className?: string }} [options]
   */
  constructor(fields, submit, { className = "sheet" } = {}) {
    this.element = h("form", { class: className, novalidate: true });
    this.submit = submit;
    this.#about = fields;
    for (const field of fields) this.element.append(this.#make(field));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
  }

  /** What is filled in. */
  get values() {
    const value = (/** @type {Control} */ control) =>
      control instanceof HTMLInputElement && control.type === "checkbox"
        ? control.checked
          ? "yes"
          : ""
        : control.value;
    return Object.fromEntries([...this.#fields].map(([name, { control }]) => [name, value(control)]));
  }

  /** @param {string} name */
  control(name) {
    return this.#fields.get(name)?.control;
  }

  /** Shows a value, if it is not shown already. @param {string} name @param {string} value */
  show(name, value) {
    const control = this.control(name);
    if (control instanceof HTMLInputElement && control.type === "checkbox") control.checked = value === "yes";
    else if (control !== undefined && control.value !== value) control.value = value;
  }

  /** @param {Field} field */
  #make({
    name,
    label,
    kind = "text",
    value = "",
    hint = "",
    required = false,
    mono = false,
    fixed = false,
    choices = [],
  }) {
    const id = `field-${(count += 1)}`;
    const note = hint === "" ? null : h("p", { class: "hint", id: `${id}-hint` }, hint);
    const error = h("p", { class: "wrong", id: `${id}-error`, hidden: true });
    const describes = note === null ? "" : note.id;
    const props = {
      id,
      name,
      required,
      class: mono ? "mono" : null,
      "aria-describedby": describes || null,
      autocomplete: "off",
      spellcheck: mono ? "false" : null,
      readonly: fixed,
    };
    const control =
      kind === "lines"
        ? h("textarea", { ...props, rows: 4, value })
        : kind === "choice"
          ? h("select", props, ...choices.map(([value, label]) => h("option", { value }, label)))
          : kind === "flag"
            ? h("input", { ...props, type: "checkbox", checked: value === "yes" })
            : h("input", { ...props, type: "text", value });
    if (kind === "choice") control.value = value;
    this.#fields.set(name, { control, error, describes });
    const title = h("label", { for: id }, label, required ? h("span", { class: "dim" }, " (needed)") : null);
    return h(
      "div",
      { class: `field ${kind}` },
      ...(kind === "flag" ? [control, title] : [title, control]),
      note,
      error,
    );
  }

  async #send() {
    if (this.#isBusy) return;
    this.#forgive();
    const values = this.values;
    for (const [name, { control }] of this.#fields) {
      if (control.required && values[name]?.trim() === "") return this.blame(name, "This is needed.");
    }
    this.#isBusy = true;
    this.element.setAttribute("aria-busy", "true");
    try {
      await this.submit(values);
    } catch (error) {
      this.fail(error);
    } finally {
      this.#isBusy = false;
      this.element.removeAttribute("aria-busy");
    }
  }

  /** Shows what went wrong at the field that it is about. @param {unknown} error */
  fail(error) {
    if (!(error instanceof ApiError)) throw error;
    const named = /^"(\w+)"/.exec(error.message)?.[1] ?? "";
    const meant = this.#about.find(({ about }) => about?.test(error.message))?.name;
    const first = this.#about[0]?.name ?? "";
    this.blame(meant ?? (this.#fields.has(named) ? named : first), error.message);
  }

  /** @param {string} name @param {string} told */
  blame(name, told) {
    const field = this.#fields.get(name);
    if (field === undefined) return;
    field.error.textContent = told;
    field.error.hidden = false;
    field.control.setAttribute("aria-invalid", "true");
    field.control.setAttribute("aria-describedby", `${field.describes} ${field.error.id}`.trim());
    field.control.focus();
  }

  #forgive() {
    for (const { control, error, describes } of this.#fields.values()) {
      error.hidden = true;
      control.removeAttribute("aria-invalid");
      if (describes === "") control.removeAttribute("aria-describedby");
      else control.setAttribute("aria-describedby", describes);
    }
  }
}

let count = 0;
