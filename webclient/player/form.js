// The form for one trigger, alias, key or timer. editor.js shows it in the place of its lists.

import { SOUND_NAMES, commands, play } from "./actions.js";
import { chordOf, labelOf, trouble } from "./chords.js";
import { button, make, unique } from "./dom.js";
import * as fields from "./fields.js";
import { MARKS, TIMER, aliasPattern, compact, faults } from "./model.js";
import { askToNotify, mayNotify } from "./notify.js";
import { pattern } from "./pattern.js";

/** @typedef {import("./model.js").Any} Any */
/** @typedef {import("./model.js").List} List */
/** @typedef {import("./fields.js").Field} Field */

/** What each list calls one of its own. @type {Record<List, string>} */
export const NAMES = { triggers: "trigger", aliases: "alias", keys: "key", timers: "timer" };

const PUT_IN = "One command a line. {who} or $1 stands for what was found; $$ is a dollar.";

/**
 * @typedef {object} Context
 * @property {string} divider of commands
 * @property {number} volume of sounds, 0 to 1
 * @property {string[]} groups that there are
 * @property {string[]} panes that there are
 * @property {Any[]} others of the same list
 */

/**
 * Makes the form.
 * @param {List} list
 * @param {Any | null} one null for a new one
 * @param {Context} context
 * @param {(one: Any | null) => void} done is given what was made; null: nothing
 */
export function form(list, one, context, done) {
  const was = one ?? /** @type {Any} */ ({ text: "", key: "", every: 60 });
  /** @type {Record<string, Field>} */
  const all = MAKERS[list](was, context);
  if (list === "triggers" || list === "timers")
    all.name = fields.line("Name", was.name, { help: "For you; it may be left out." });
  all.group = fields.line("Group", was.group, {
    options: context.groups,
    help: "All of a group can be switched at once.",
  });
  const read = () =>
    /** @type {Any} */ (
      compact({
        ...Object.fromEntries(Object.entries(all).map(([name, field]) => [name, fields.valueOf(field)])),
        ...(was.off ? { off: true } : {}),
      })
    );
  const whole = () => ({ ...was, ...EMPTY[list], ...read() });
  const sure = make("input", { type: "checkbox", id: unique("sure") });
  const sureBox = make(
    "div",
    { className: "field box", hidden: true },
    sure,
    make("label", { htmlFor: sure.id, textContent: "I know. Use it all the same." }),
  );
  const warnings = () => warningsOf(list, whole(), context);
  const draw = () => {
    const found = warnings();
    for (const [name, field] of Object.entries(all)) field.warn(found[name] ?? "");
    sureBox.hidden = Object.keys(found).length === 0;
  };
  const save = () => {
    const made = whole();
    const wrong = faults(list, made, context.divider);
    for (const [name, field] of Object.entries(all)) field.complain(wrong[name] ?? "");
    const first = Object.keys(all).find((name) => wrong[name] !== undefined);
    if (first !== undefined) return all[first].input.focus();
    if (!sureBox.hidden && !sure.checked) return sure.focus();
    done(/** @type {Any} */ (compact({ ...read(), ...NEEDED[list](made) })));
  };
  const element = make(
    "div",
    { className: "form" },
    make("h3", { textContent: one === null ? `New ${NAMES[list]}` : `Change ${NAMES[list]}`, tabIndex: -1 }),
    ...Object.values(all).map((field) => field.element),
    trial(list, whole, context, (element) => element.addEventListener("input", draw)),
    sureBox,
    make(
      "div",
      { className: "row" },
      button("Save", save, { className: "accent" }),
      button("Cancel", () => done(null)),
    ),
  );
  element.addEventListener("input", draw);
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      // Only the form is left, not the dialog.
      event.preventDefault();
      event.stopPropagation();
      done(null);
    } else if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      if (event.target.dataset.trial === undefined) save();
    }
  });
  draw();
  return { element, focus: () => Object.values(all)[0].input.focus() };
}

/** Fields that are there even if nothing stands in them. @type {Record<List, Partial<Any>>} */
const EMPTY = {
  triggers: {
    text: "",
    how: "contains",
    cased: undefined,
    mark: "",
    hide: undefined,
    pane: "",
    sound: "",
    notify: undefined,
    last: undefined,
    send: "",
    name: "",
    group: "",
  },
  aliases: { text: "", send: "", group: "" },
  keys: { key: "", send: "", group: "" },
  timers: { every: NaN, send: "", name: "", group: "" },
};

/** What is kept even if it is as usual. @type {Record<List, (one: Any) => Partial<Any>>} */
const NEEDED = {
  triggers: ({ text }) => ({ text }),
  aliases: ({ text }) => ({ text: text.trim() }),
  keys: ({ key }) => ({ key }),
  timers: ({ every }) => ({ every }),
};

/** @type {Record<List, (was: Any, context: Context) => Record<string, Field>>} */
const MAKERS = {
  triggers(was, { volume, panes }) {
    const listen = button("Listen", () => play(sound.input.value, volume));
    const sound = fields.choice("Play a sound", was.sound, [["", "none"], ...SOUND_NAMES.map(pair)], {
      beside: [listen],
    });
    const notify = fields.box(
      "Tell me outside of the page",
      was.notify,
      "When the page is not in sight. The browser asks for leave once.",
    );
    notify.input.addEventListener("change", async () => {
      if (!fields.valueOf(notify) || mayNotify()) return;
      notify.complain((await askToNotify()) ? "" : "The browser does not let this page do so.");
    });
    return {
      how: fields.choice("When a line", was.how, [
        ["contains", "contains"],
        ["begins", "begins with"],
        ["pattern", "is like a pattern with * and {name}"],
        ["regex", "fits a regular expression"],
      ]),
      text: fields.line("this text", was.text, {
        help: "In a pattern, * stands for anything and {who} for something that you name: {who} tells you *",
      }),
      cased: fields.box("Capitals matter", was.cased),
      send: fields.lines("Send commands", was.send, PUT_IN),
      mark: fields.choice("Mark the line", was.mark, [["", "no"], ...MARKS.map(pair)]),
      hide: fields.box("Do not show the line", was.hide),
      pane: fields.line("Show it in this pane instead", was.pane, { options: panes }),
      sound,
      notify,
      last: fields.box("Ask no triggers behind this one", was.last),
    };
  },
  aliases: (was) => ({
    text: fields.line("When I type", was.text, {
      help: "* stands for anything, {who} for something that you name: k *",
    }),
    send: fields.lines(
      "send",
      was.send,
      "One command a line. $1 stands for the first * or { }, $2 for the second; $$ is a dollar.",
    ),
  }),
  keys(was) {
    const key = fields.line("Key", was.key, {
      help: "Press it here, with Ctrl, Alt or Shift if you like.",
      properties: { readOnly: true },
    });
    const input = /** @type {HTMLInputElement} */ (key.input);
    const shown = make("output", { textContent: was.key === "" ? "" : labelOf(was.key), htmlFor: input.id });
    input.after(shown);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Tab" || event.key === "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      const chord = chordOf(event);
      if (chord === "") return;
      const { never } = trouble(chord);
      key.complain(never ?? "");
      if (never !== undefined) return;
      input.value = chord;
      shown.textContent = labelOf(chord);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return { key, send: fields.lines("Send commands", was.send, "One command a line.") };
  },
  timers: (was) => ({
    every: fields.number(
      "Every so many seconds",
      was.every,
      TIMER.least,
      TIMER.most,
      "Only while you are in the game. When the page is out of sight for long, the browser may slow it down to once a minute.",
    ),
    send: fields.lines("send", was.send, "One command a line."),
  }),
};

/** @param {string} one @returns {[string, string]} */
function pair(one) {
  return [one, one];
}

/** What should be thought of, by field. @param {List} list @param {Any} one @param {Context} context @returns {Record<string, string>} */
function warningsOf(list, one, { divider, others }) {
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

/** A line to try it on. @param {List} list @param {() => Any} read @param {Context} context @param {(element: HTMLElement) => void} hear */
function trial(list, read, { divider }, hear) {
  if (list !== "triggers" && list !== "aliases") return null;
  const field = fields.line(list === "triggers" ? "Try it on a line" : "Try it on what you may type", "");
  field.input.dataset.trial = "";
  const said = make("p", { className: "trial", role: "status" });
  const run = () => {
    said.textContent = field.input.value === "" ? "" : outcome(list, read(), field.input.value, divider);
  };
  const section = make("fieldset", {}, make("legend", { textContent: "Try it" }), field.element, said);
  field.input.addEventListener("input", run);
  hear(section);
  return section;
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
