// Fields of a form: label, control, help and what is wrong, tied together for screen readers. form.js uses them.

import { make, unique } from "./dom.js";

/**
 * A field of a form.
 * @typedef {object} Field
 * @property {HTMLElement} element what goes into the form
 * @property {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} input
 * @property {(sentence: string) => void} complain shows what is wrong; "" for nothing
 * @property {(sentence: string) => void} warn shows what should be thought of
 * @property {() => any} [value] what it means, if that is not what stands in it
 */

/**
 * @param {string} label
 * @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} input
 * @param {string} help
 * @param {HTMLElement[]} beside what stands next to the control
 * @returns {Field}
 */
function field(label, input, help = "", beside = []) {
  input.id = unique("field");
  const said = make("p", { className: "help", id: unique("help"), textContent: help });
  const error = make("p", { className: "error", id: unique("error") });
  const warning = make("p", { className: "warning", id: unique("warning"), role: "status" });
  input.setAttribute("aria-describedby", `${error.id} ${warning.id} ${said.id}`);
  const name = make("label", { htmlFor: input.id, textContent: label });
  const isBox = input.type === "checkbox";
  const line = beside.length > 0 ? make("div", { className: "beside" }, input, ...beside) : input;
  const element = make("div", { className: isBox ? "field box" : "field" }, ...(isBox ? [line, name] : [name, line]));
  element.append(error, warning, said);
  return {
    element,
    input,
    complain(sentence) {
      error.textContent = sentence;
      input.setAttribute("aria-invalid", String(sentence !== ""));
    },
    warn(sentence) {
      warning.textContent = sentence;
    },
  };
}

/**
 * One line of text.
 * @param {string} label
 * @param {string | undefined} value
 * @param {{ help?: string, options?: string[], beside?: HTMLElement[], properties?: Record<string, any> }} [more]
 *   options: what may stand there, beside anything else
 */
export function line(label, value, { help, options = [], beside, properties = {} } = {}) {
  const input = make("input", {
    type: "text",
    autocomplete: "off",
    spellcheck: false,
    value: value ?? "",
    ...properties,
  });
  const made = field(label, input, help, beside);
  if (options.length > 0) {
    const list = make("datalist", { id: unique("list") }, ...options.map((one) => make("option", { value: one })));
    input.setAttribute("list", list.id);
    made.element.append(list);
  }
  return made;
}

/** Several lines of text. @param {string} label @param {string | undefined} value @param {string} [help] */
export function lines(label, value, help) {
  const properties = { rows: 3, autocomplete: "off", spellcheck: false, value: value ?? "", autocapitalize: "off" };
  return field(label, make("textarea", properties), help);
}

/** A box to tick. @param {string} label @param {boolean | undefined} value @param {string} [help] */
export function box(label, value, help) {
  return field(label, make("input", { type: "checkbox", checked: value === true }), help);
}

/**
 * One of several.
 * @param {string} label
 * @param {string | undefined} value
 * @param {[value: string, label: string][]} choices
 * @param {{ help?: string, beside?: HTMLElement[] }} [more]
 */
export function choice(label, value, choices, { help, beside } = {}) {
  const options = choices.map(([one, name]) => make("option", { value: one, textContent: name }));
  const made = field(label, make("select", {}, ...options), help, beside);
  made.input.value = value ?? choices[0][0];
  return made;
}

/**
 * A number.
 * @param {string} label
 * @param {number | undefined} value
 * @param {number} min
 * @param {number} max
 * @param {string} [help]
 */
export function number(label, value, min, max, help) {
  return field(label, make("input", { type: "number", min, max, step: "any", value: value ?? "" }), help);
}

/** What stands in a field. @param {Field} made @returns {any} */
export function valueOf({ input, value }) {
  if (value !== undefined) return value();
  if (input.type === "checkbox") return /** @type {HTMLInputElement} */ (input).checked;
  return input.type === "number" ? (input.value === "" ? NaN : Number(input.value)) : input.value;
}
