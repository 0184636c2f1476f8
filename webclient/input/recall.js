// Ctrl+R: searches the lines that were sent. What stands in the field is what is looked for; Enter takes the marked
// line into the field, Escape leaves all as it was. entry.js hands over the keys.

export class Recall {
  #entry;
  #choices;
  /** What stood in the field before. @type {string | null} */
  #before = null;

  /** @param {import("./entry.js").Entry} entry @param {import("./choices.js").Choices} choices */
  constructor(entry, choices) {
    this.#entry = entry;
    this.#choices = choices;
  }

  /** A key in the field; says whether it was for this. @param {KeyboardEvent} event */
  key(event) {
    const control = event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
    if (control && event.key.toLowerCase() === "r") {
      if (this.#before === null) this.open();
      else this.#choices.move(1);
      return true;
    }
    if (this.#before === null) return false;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") this.#choices.move(event.key === "ArrowUp" ? -1 : 1);
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.#choices.current);
    else if (event.key === "Escape") this.#take(this.#before);
    else return false;
    return true;
  }

  /** Begins to search. */
  open() {
    this.#before = this.#entry.value;
    this.show();
  }

  /** Shows what is found for what stands in the field now; nothing while nobody searches. */
  show() {
    if (this.#before === null) return;
    const found = this.#entry.history.find(this.#entry.value);
    this.#choices.open("Lines sent before", found, found.length > 0 ? 0 : -1, (line) => this.#take(line));
  }

  /** Ends it. */
  close() {
    if (this.#before === null) return;
    this.#before = null;
    this.#choices.close();
  }

  /** @param {string | null} line */
  #take(line) {
    this.close();
    if (line !== null) this.#entry.value = line;
    this.#entry.ready();
  }
}
