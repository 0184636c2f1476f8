// Tab: completes what is being typed. Who knows what could stand there is asked (`entry.completers`); Tab goes
// through the answers, Escape takes it back. entry.js hands over the keys.

/** How long a completer may take, in milliseconds. */
const PATIENCE = 1_500;

/** Choices that are shown. */
const MOST = 50;

/** @typedef {{ from: number, to: number, options: string[] }} Answer what could stand instead of a part of the text */
/** @typedef {(text: string, caret: number) => Promise<Answer | null | undefined>} Completer */

/**
 * The choices of several answers, each once; those of the first one come first.
 * @param {(Answer | null | undefined)[]} answers
 * @returns {{ from: number, to: number, option: string }[]}
 */
export function merge(answers) {
  const found = new Map();
  for (const answer of answers) {
    for (const option of answer?.options ?? []) {
      const key = `${answer?.from} ${String(option).toLowerCase()}`;
      if (!found.has(key)) found.set(key, { from: answer?.from, to: answer?.to, option: String(option) });
    }
  }
  return [...found.values()].slice(0, MOST);
}

export class Completion {
  #entry;
  #choices;
  /**
   * What is being gone through.
   * @type {{ before: string, caret: number, found: ReturnType<typeof merge>, at: number } | null}
   */
  #open = null;
  #asked = 0;

  /** @param {import("./entry.js").Entry} entry @param {import("./choices.js").Choices} choices */
  constructor(entry, choices) {
    this.#entry = entry;
    this.#choices = choices;
  }

  /** A key in the field; says whether it was for this. @param {KeyboardEvent} event */
  key(event) {
    const field = this.#entry.field;
    if (event.key === "Tab" && !event.ctrlKey && !event.altKey && !event.metaKey) {
      if (this.#open !== null) this.#go(event.shiftKey ? -1 : 1);
      // Tab in an empty field, and Shift+Tab, go on through the page.
      else if (!event.shiftKey && field.value.trim() !== "" && !this.#entry.released)
        this.ask();
      else return false;
      return true;
    }
    if (this.#open === null || event.key === "Shift") return false;
    if (event.key === "Escape") {
      const { before, caret } = this.#open;
      this.close();
      this.#entry.value = before;
      field.setSelectionRange(caret, caret);
      return true;
    }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && this.#choices.isOpen) {
      this.#go(event.key === "ArrowDown" ? 1 : -1);
      return true;
    }
    // Whatever else is typed goes on behind it.
    this.close();
    return false;
  }

  close() {
    this.#asked += 1;
    if (this.#open === null) return;
    this.#open = null;
    this.#choices.close();
  }

  /** Asks what could stand at the caret, and puts the first of it there. */
  async ask() {
    const { value: text, selectionStart: caret } = this.#entry.field;
    const mine = (this.#asked += 1);
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    const answers = this.#entry.completers.map((completer) =>
      Promise.race([
        Promise.resolve()
          .then(() => completer(text, caret))
          .catch(() => null),
        late,
      ]),
    );
    const found = merge(/** @type {any[]} */ (await Promise.all(answers)));
    if (mine !== this.#asked || this.#entry.value !== text) return;
    if (found.length === 0) {
      this.#choices.say("Nothing to complete. Escape and Tab leave the field.");
      return;
    }
    this.#open = { before: text, caret, found, at: -1 };
    if (found.length > 1) {
      this.#choices.open(
        "Completions",
        found.map((one) => one.option),
        -1,
        (_, at) => {
          this.#put(at);
          this.close();
          this.#entry.ready();
        },
      );
    }
    this.#go(1);
    if (found.length === 1) this.#open = null;
  }

  /** @param {1 | -1} by */
  #go(by) {
    if (this.#open === null) return;
    const count = this.#open.found.length;
    const from = this.#open.at < 0 && by < 0 ? count : this.#open.at;
    this.#put((from + by + count) % count);
  }

  /** @param {number} at */
  #put(at) {
    if (this.#open === null) return;
    this.#open.at = at;
    const { before, found } = this.#open;
    const { from, to, option } = found[at];
    const gap = before.slice(to).startsWith(" ") || /\s$/.test(option) ? "" : " ";
    this.#entry.value = before.slice(0, from) + option + gap + before.slice(to);
    const caret = from + option.length + 1;
    this.#entry.field.setSelectionRange(caret, caret);
    if (this.#choices.isOpen) this.#choices.mark(at);
  }
}
