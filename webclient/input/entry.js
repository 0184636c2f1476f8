// The field for commands, its history and the prompt above it. net/link.js says what happens to a line.

import { build } from "../output/html.js";

/** How many lines are remembered. */
const MAX_HISTORY = 200;

/** Before login, these take a password as their last word; it is neither shown again nor remembered. */
const WITH_PASSWORD = /^(\s*(?:connect|conn|con|co|create|cre|cr)\s+(?:"[^"]*"|\S+)\s+)(.*\S)\s*$/i;

/** Everything behind the name of these commands is a password. */
const NEW_PASSWORD = /^(\s*@?(?:password\s+|userpassword\s+[^=]*=\s*))(\S.*)$/i;

/**
 * A line as it may be shown and remembered.
 * @param {string} line
 * @param {boolean} loggedIn
 * @returns {{ shown: string, remembered: string }}
 */
export function discreet(line, loggedIn) {
  const found = (loggedIn ? null : line.match(WITH_PASSWORD)) ?? line.match(NEW_PASSWORD);
  if (found === null) return { shown: line, remembered: line };
  return { shown: `${found[1]}********`, remembered: found[1] };
}

/**
 * @typedef {object} Listener
 * @property {(line: string) => boolean} onLine a line was entered; says whether it was taken
 * @property {(pages: 1 | -1) => void} onPage a key for scrolling was pressed
 */

/** @typedef {{ from: number, to: number, options: string[] }} Completion what could stand instead of a part of the text */
/** @typedef {(text: string, caret: number) => Promise<Completion | null>} Completer */

export class Entry {
  #form;
  #field;
  #prompt;
  #prompted = "";
  #listener;
  /** @type {string[]} */
  #history = [];
  /** Where in the history the field is; its end is the line being written. */
  #at = 0;
  #draft = "";
  /** What a line becomes before it is sent: none, itself, or several. @type {((line: string) => string | null | string[])[]} */
  before = [];
  /** Asked for what could stand at the caret. @type {Completer[]} */
  completers = [];

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLTextAreaElement} field
   * @param {HTMLElement} prompt
   * @param {Listener} listener
   */
  constructor(form, field, prompt, listener) {
    this.#listener = listener;
    this.#form = form;
    this.#field = field;
    this.#prompt = prompt;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    field.addEventListener("keydown", (event) => this.#key(event));
    field.addEventListener("input", () => this.#fit());
  }

  /** What the game asks, shown above the field. @param {string} html */
  prompt(html) {
    this.#prompted = html;
    this.#prompt.replaceChildren(build(html));
  }

  /** Takes what the game asked away, because it has been answered. */
  takePrompt() {
    const asked = this.#prompted;
    this.prompt("");
    return asked;
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** What stands in the field. */
  get value() {
    return this.#field.value;
  }

  set value(text) {
    this.#set(text);
  }

  /** Writes at the caret, as if it were typed. @param {string} text */
  insert(text) {
    this.#field.setRangeText(text, this.#field.selectionStart, this.#field.selectionEnd, "end");
    this.#fit();
    this.focus();
  }

  /** Keeps a line for the arrow keys. @param {string} line */
  remember(line) {
    if (line.trim() !== "" && this.#history.at(-1) !== line) this.#history.push(line);
    if (this.#history.length > MAX_HISTORY) this.#history.shift();
    this.#at = this.#history.length;
  }

  /** Every line of the field is one command; what is not taken stays in the field. */
  #submit() {
    const lines = this.#field.value.replace(/\n$/, "").split("\n");
    while (lines.length > 0 && this.#listener.onLine(lines[0])) lines.shift();
    this.#set(lines.join("\n"));
    this.#at = this.#history.length;
    this.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While an input method composes a character, its keys are its own.
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const { value, selectionStart, selectionEnd } = this.#field;
    const before = value.slice(0, selectionStart);
    const after = value.slice(selectionEnd);
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#form.requestSubmit();
    } else if (event.key === "ArrowUp" && !event.shiftKey && !before.includes("\n")) {
      event.preventDefault();
      this.#recall(this.#at - 1);
    } else if (event.key === "ArrowDown" && !event.shiftKey && !after.includes("\n")) {
      event.preventDefault();
      this.#recall(this.#at + 1);
    } else if (event.key === "PageUp" || event.key === "PageDown") {
      event.preventDefault();
      this.#listener.onPage(event.key === "PageUp" ? -1 : 1);
    }
  }

  /** @param {number} at */
  #recall(at) {
    if (at < 0 || at > this.#history.length) return;
    if (this.#at === this.#history.length) this.#draft = this.#field.value;
    this.#at = at;
    this.#set(at === this.#history.length ? this.#draft : this.#history[at]);
  }

  /** @param {string} text */
  #set(text) {
    this.#field.value = text;
    this.#field.setSelectionRange(text.length, text.length);
    this.#fit();
  }

  /** The field is as high as what stands in it; style.css has the most. */
  #fit() {
    const border = this.#field.offsetHeight - this.#field.clientHeight;
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight + border}px`;
  }
}

/** @param {import("../main.js").Client} client */
export function install(client) {
  const find = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
  client.entry = new Entry(find("entry"), find("line"), find("prompt"), {
    onLine: (line) => client.hub.command(line),
    onPage: (pages) => client.output.page(pages),
  });
}
