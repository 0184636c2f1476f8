// The field for commands and the prompt above it: several lines, history, completion, and a field of its own for
// secrets. net/link.js says what happens to a line (`hub.command`).

import { build } from "../output/html.js";
import { Choices } from "./choices.js";
import { Completion } from "./completion.js";
import { History } from "./history.js";
import { describe } from "./question.js";
import { Recall } from "./recall.js";

export { discreet } from "./discreet.js";

/** Where the lines that were sent are kept while the page is loaded anew. */
const KEY = "meadow.history";

/**
 * @typedef {object} Listener
 * @property {(line: string, options: { secret: boolean }) => boolean} onLine a line was entered; whether it was taken
 * @property {(pages: 1 | -1) => void} onPage a key for scrolling was pressed
 * @property {(where: "start" | "end") => void} onJump a key for the oldest or newest lines was pressed
 */

export class Entry {
  #form;
  #prompt;
  #prompted = "";
  #listener;
  #completion;
  #recall;
  /** Where secrets are typed, while the game asks for one. @type {HTMLInputElement | null} */
  #secret = null;
  /** The field for commands. */
  field;
  history = new History();
  /**
   * What a line becomes before it is sent: none, itself, or several. `whole`: it is one command, and is not to be divided.
   * @type {((line: string, options: { whole: boolean }) => string | null | string[])[]}
   */
  before = [];
  /** Asked for what could stand at the caret. @type {import("./completion.js").Completer[]} */
  completers = [];
  /** Escape was pressed: the next Tab leaves the field. */
  released = false;

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLTextAreaElement} field
   * @param {HTMLElement} prompt
   * @param {Listener} listener
   */
  constructor(form, field, prompt, listener) {
    this.#listener = listener;
    this.#form = form;
    this.field = field;
    this.#prompt = prompt;
    const choices = new Choices(/** @type {HTMLElement} */ (field.parentElement), field);
    this.#completion = new Completion(this, choices);
    this.#recall = new Recall(this, choices);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    field.addEventListener("keydown", (event) => this.#key(event));
    field.addEventListener("input", () => {
      this.history.leave();
      this.#recall.show();
      this.#fit();
    });
    field.addEventListener("blur", () => this.#close());
    document.addEventListener("pointerdown", (event) => {
      if (event.target instanceof Node && !form.contains(event.target)) this.#close();
    });
    const suggest = form.querySelector("#suggest");
    // It must not take the focus, and the keyboard with it.
    suggest?.addEventListener("pointerdown", (event) => event.preventDefault());
    suggest?.addEventListener("click", () => this.#suggest(choices));
    this.#restore();
    // Something may have been typed already (early.js).
    this.#fit();
  }

  /** What a thumb can choose from: lines that were sent before, or how the one being written may go on. */
  #suggest(/** @type {Choices} */ choices) {
    if (choices.isOpen) this.#close();
    else if (this.value.trim() === "") this.#recall.open();
    else this.#completion.ask();
  }

  #close() {
    this.#completion.close();
    this.#recall.close();
  }

  /** What the game asks, shown above the field. @param {string} html */
  prompt(html) {
    this.#prompted = html;
    // question.js tells it.
    for (const field of [this.field, this.#secret]) if (field === document.activeElement) field?.removeAttribute("aria-describedby");
    this.#prompt.replaceChildren(build(html));
  }

  /** Takes what the game asked away, because it has been answered. */
  takePrompt() {
    const asked = this.#prompted;
    this.prompt("");
    return asked;
  }

  focus() {
    (this.#secret ?? this.field).focus({ preventScroll: true });
  }

  /** Takes the focus, unless that would raise a soft keyboard over what one reads. */
  ready() {
    if (!matchMedia("(pointer: coarse)").matches) this.focus();
  }

  /** What stands in the field; never a secret. */
  get value() {
    return this.field.value;
  }

  set value(text) {
    this.field.value = text;
    this.field.setSelectionRange(text.length, text.length);
    this.#fit();
  }

  /** Writes at the caret, as if it were typed. @param {string} text */
  insert(text) {
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
    this.#fit();
    this.focus();
  }

  /** Keeps a line for the arrow keys. @param {string} line */
  remember(line) {
    this.history.add(line);
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.history.list().slice(-100)));
    } catch {
      // They are there until the page is closed.
    }
  }

  /** Forgets all lines. */
  forget() {
    this.history.replace();
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // There was nothing.
    }
  }

  #restore() {
    try {
      const lines = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
      if (Array.isArray(lines)) this.history.replace(lines.map(String));
    } catch {
      // There is nothing.
    }
  }

  /** Whether what is typed is hidden and not kept: the game asks for a password. */
  get secret() {
    return this.#secret !== null;
  }

  set secret(on) {
    if (on === this.secret) return;
    const focused = this.#form.contains(document.activeElement) || document.activeElement === document.body;
    if (on) {
      this.#close();
      const input = document.createElement("input");
      Object.assign(input, { type: "password", id: "secret", autocomplete: "off", enterKeyHint: "send" });
      input.setAttribute("aria-label", "Password");
      input.setAttribute("autocapitalize", "off");
      this.#secret = input;
      this.field.hidden = true;
      this.field.before(input);
    } else {
      this.#secret?.remove();
      this.#secret = null;
      this.field.hidden = false;
    }
    if (focused) this.focus();
    if (this.#secret !== null) describe(this.#secret);
  }

  /** Every line of the field is one command; what is not taken stays in the field. */
  #submit() {
    this.#close();
    if (this.#secret !== null) {
      if (this.#listener.onLine(this.#secret.value, { secret: true })) {
        if (this.#secret !== null) this.#secret.value = "";
      }
      return this.focus();
    }
    const lines = this.field.value.replace(/\n$/, "").split("\n");
    while (lines.length > 0 && this.#listener.onLine(lines[0], { secret: false })) lines.shift();
    this.value = lines.join("\n");
    this.history.leave();
    this.focus();
    this.field.dispatchEvent(new CustomEvent("emptied"));
  }

  /** Sends the lines that have an end; the one that is being written stays. Says whether all of them were taken. */
  submitEnded() {
    for (let end; (end = this.field.value.indexOf("\n")) >= 0; ) {
      const line = this.field.value.slice(0, end);
      if (line.trim() !== "" && !this.#listener.onLine(line, { secret: this.secret })) return false;
      // The caret stays where it is in the text.
      this.field.setRangeText("", 0, end + 1, "preserve");
      this.#fit();
    }
    return true;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While an input method composes a character, its keys are its own. Safari says so of the one that ends it by 229.
    if (event.isComposing || event.keyCode === 229) return;
    if (this.#recall.key(event) || this.#completion.key(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    this.released = event.key === "Escape";
    if (event.altKey || event.metaKey || this.#scroll(event) || event.ctrlKey) return;
    const { value, selectionStart, selectionEnd } = this.field;
    const before = value.slice(0, selectionStart);
    const after = value.slice(selectionEnd);
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#form.requestSubmit();
    } else if (event.key === "ArrowUp" && !event.shiftKey && !before.includes("\n")) {
      event.preventDefault();
      this.#go(-1);
    } else if (event.key === "ArrowDown" && !event.shiftKey && !after.includes("\n")) {
      event.preventDefault();
      this.#go(1);
    }
  }

  /** Keys that scroll the text above while one types; says whether it was one. @param {KeyboardEvent} event */
  #scroll(event) {
    if (event.shiftKey) return false;
    const { key, ctrlKey } = event;
    if (key === "PageUp" || key === "PageDown") this.#listener.onPage(key === "PageUp" ? -1 : 1);
    else if ((key === "End" || key === "Home") && (this.value === "" || (ctrlKey && !this.value.includes("\n"))))
      this.#listener.onJump(key === "End" ? "end" : "start");
    else return false;
    event.preventDefault();
    return true;
  }

  /** @param {1 | -1} by */
  #go(by) {
    const line = this.history.go(by, this.value);
    if (line !== null) this.value = line;
  }

  /** The field is as high as what stands in it; style.css has the most. */
  #fit() {
    const border = this.field.offsetHeight - this.field.clientHeight;
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + border}px`;
  }
}

/** @param {import("../main.js").Client} client */
export function install(client) {
  const { hub, settings } = client;
  settings.define({
    key: "entry.spellcheck",
    label: "Check the spelling of what I type",
    kind: "bool",
    initial: false,
    section: "Typing",
  });
  const find = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
  const entry = new Entry(find("entry"), find("line"), find("prompt"), {
    onLine: (line, { secret }) => (secret ? hub.wires.secret(line) : hub.command(line)),
    onPage: (pages) => client.output.page(pages),
    onJump: (where) => (where === "end" ? client.output.view.toEnd() : client.output.view.toStart()),
  });
  client.entry = entry;
  const spelling = () => {
    entry.field.spellcheck = settings.get("entry.spellcheck") === true;
    entry.field.autocapitalize = entry.field.spellcheck ? "sentences" : "off";
  };
  settings.on("entry.spellcheck", spelling);
  spelling();
  hub.on("prompt", ({ args }) => entry.prompt(String(args[0] ?? "")));
  hub.on("input_mode", ({ kwargs }) => (entry.secret = kwargs.secret === true));
  hub.on("client:state", ({ kwargs }) => {
    if (kwargs.news.resumed) return;
    entry.secret = false;
    entry.prompt("");
  });
}
