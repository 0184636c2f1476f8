// What a form says before anything is saved: what should be thought of, and what would happen. form.js uses it.

import { commands } from "./actions.js";
import { trouble } from "./chords.js";
import { make } from "./dom.js";
import * as fields from "./fields.js";
import { aliasPattern } from "./model.js";
import { pattern } from "./pattern.js";

/** @typedef {import("./model.js").Any} Any */
/** @typedef {import("./model.js").List} List */

/**
 * What should be thought of, as sentences by field.
 * @param {List} list
 * @param {Any} one
 * @param {import("./form.js").Context} context
 * @returns {Record<string, string>}
 */
export function warningsOf(list, one, { divider, others }) {
  /** @type {Record<string, string>} */
  const found = {};
  if (list === "triggers" && one.send) {
    // Seen with something in the place of what strangers write.
    const marker = new Map([..."0123456789"].map((number) => [number, "\u{e000}"]));
    const names = [...one.send.matchAll(/\{(\w+)\}/g)].map(([, name]) => /** @type {const} */ ([name, "\u{e000}"]));
    const sent = commands(one.send, new Map([...marker, ...names]), divider);
    if (sent.some((line) => line.trimStart().startsWith("\u{e000}"))) {
      found.send = "Whoever can make the game say such a line can give you any command. Begin with a word of your own.";
    }
  }
  if (list === "keys" && one.key) {
    const { warning } = trouble(one.key);
    if (warning !== undefined) found.key = warning;
    if (others.some(({ key, off }) => key === one.key && !off))
      found.key = "Another of your keys has it already; the first one counts.";
  }
  return found;
}

/**
 * A field for a line to try it on; null where there is nothing to try.
 * @param {List} list
 * @param {() => Any} read what stands in the form
 * @param {import("./form.js").Context} context
 * @returns {{ element: HTMLElement, run: () => void } | null}
 */
export function trial(list, read, { divider }) {
  if (list !== "triggers" && list !== "aliases") return null;
  const field = fields.line(list === "triggers" ? "Try it on a line" : "Try it on what you may type", "");
  field.input.dataset.trial = "";
  const said = make("p", { className: "trial", role: "status" });
  return {
    element: make("fieldset", {}, make("legend", { textContent: "Try it" }), field.element, said),
    run() {
      said.textContent = field.input.value === "" ? "" : outcome(list, read(), field.input.value, divider);
    },
  };
}

/** What would happen. @param {List} list @param {Any} one @param {string} text @param {string} divider */
function outcome(list, one, text, divider) {
  try {
    const found = (list === "triggers" ? pattern(one.text, one) : aliasPattern(one.text))(
      list === "aliases" ? text.trim() : text,
    );
    if (found === null) return "It does not mean this line.";
    const values = [...found].filter(
      ([name]) => !["0", "line"].includes(name) && (/^\d/.test(name) || name !== "rest"),
    );
    const named = values.map(([name, value]) => `${/^\d/.test(name) ? `$${name}` : `{${name}}`} is "${value}"`);
    const sent = commands(one.send ?? "", found, divider).map((line) => `"${line}"`);
    return [
      "It means this line.",
      named.length > 0 ? `${named.join(", ")}.` : "",
      sent.length > 0 ? `It sends ${sent.join(", then ")}.` : "It sends nothing.",
    ].join(" ");
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
