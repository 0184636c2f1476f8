// The form for one trigger, alias, key or timer. editor.js shows it in the place of its lists.

import { SOUND_NAMES, play } from "./actions.js";
import { chordOf, labelOf, trouble } from "./chords.js";
import { button, make, unique } from "./dom.js";
import * as fields from "./fields.js";
import { faults } from "./describe.js";
import { MARKS, TIMER, compact } from "./model.js";
import { askToNotify, mayNotify } from "./notify.js";
import { trial, warningsOf } from "./trial.js";

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
  if (list !== "aliases")
    all.name = fields.line("Name", was.name, {
      help: list === "keys" ? "What the button is called." : "For you; it may be left out.",
    });
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
  const tried = trial(list, whole, context);
  const draw = () => {
    const found = warningsOf(list, whole(), context);
    for (const [name, field] of Object.entries(all)) field.warn(found[name] ?? "");
    sureBox.hidden = Object.keys(found).length === 0;
    tried?.run();
  };
  const save = () => {
    const made = whole();
    const wrong = faults(list, made, context.divider);
    for (const [name, field] of Object.entries(all)) field.complain(wrong[name] ?? "");
    const first = Object.keys(all).find((name) => wrong[name] !== undefined);
    if (first !== undefined) return all[first].input.focus();
    if (!sureBox.hidden && !sure.checked) return sure.focus();
    done(compact({ ...read(), ...(list === "aliases" ? { text: made.text.trim() } : {}) }));
  };
  const element = make(
    "div",
    { className: "form" },
    make("h3", { textContent: one === null ? `New ${NAMES[list]}` : `Change ${NAMES[list]}`, tabIndex: -1 }),
    ...Object.values(all).map((field) => field.element),
    tried?.element,
    sureBox,
    make(
      "div",
      { className: "row saving" },
      button("Save", save, { className: "accent" }),
      button("Cancel", () => done(null)),
    ),
  );
  element.addEventListener("input", ({ target }) => {
    Object.values(all)
      .find(({ input }) => input === target)
      ?.complain("");
    draw();
  });
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
  keys: { key: "", send: "", show: undefined, name: "", group: "" },
  timers: { every: NaN, send: "", name: "", group: "" },
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
      pane: fields.line("Show it in a pane instead", was.pane, {
        options: panes,
        help: "Name a tab as you like: it is made in the pane Talk.",
      }),
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
    let chord = was.key ?? "";
    const key = fields.line("Key", chord === "" ? "" : labelOf(chord), {
      help: "Press it here, with Ctrl, Alt or Shift if you like.",
      properties: { readOnly: true },
    });
    key.value = () => chord;
    key.input.addEventListener("keydown", (event) => {
      if (!(event instanceof KeyboardEvent) || event.key === "Tab" || event.key === "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      const pressed = chordOf(event);
      if (pressed === "") return;
      const { never } = trouble(pressed);
      if (never === undefined) {
        chord = pressed;
        key.input.value = labelOf(chord);
        key.input.dispatchEvent(new Event("input", { bubbles: true }));
      }
      key.complain(never ?? "");
    });
    return {
      key,
      send: fields.lines("Send commands", was.send, "One command a line."),
      show: fields.box("Show a button above the field", was.show, "For fingers; then it may do without a key."),
    };
  },
  timers: (was) => ({
    every: fields.number(
      "Every so many seconds",
      was.every,
      TIMER.least,
      TIMER.most,
      "Only while you are in the game, also when the page is out of sight.",
    ),
    send: fields.lines("send", was.send, "One command a line."),
  }),
};

/** @param {string} one @returns {[string, string]} */
function pair(one) {
  return [one, one];
}
