// The list above the field for commands: what could stand there. completion.js and recall.js show it. The field keeps
// the focus; a screen reader follows `aria-activedescendant`.

export class Choices {
  #field;
  #list = document.createElement("ul");
  #news = document.createElement("p");
  /** @type {((option: string, at: number) => void) | null} */
  #onPick = null;
  /** @type {string[]} */
  #options = [];
  #at = -1;

  /**
   * @param {HTMLElement} place where the list is put
   * @param {HTMLTextAreaElement} field
   */
  constructor(place, field) {
    this.#field = field;
    this.#list.id = "choices";
    this.#list.className = "options";
    this.#list.setAttribute("role", "listbox");
    this.#list.hidden = true;
    this.#news.className = "unseen";
    this.#news.setAttribute("role", "status");
    place.append(this.#list, this.#news);
    // A press of the mouse would take the focus away.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest("li") : null;
      const at = option === null ? -1 : [...this.#list.children].indexOf(option);
      if (at >= 0) this.#onPick?.(this.#options[at], at);
    });
  }

  /** Whether the list is shown. */
  get isOpen() {
    return !this.#list.hidden;
  }

  /** What is marked; null if nothing is. */
  get current() {
    return this.#options[this.#at] ?? null;
  }

  /**
   * @param {string} label what these are
   * @param {string[]} options
   * @param {number} at which one is marked; -1: none
   * @param {(option: string, at: number) => void} onPick one was clicked
   */
  open(label, options, at, onPick) {
    this.#options = options;
    this.#onPick = onPick;
    this.#list.setAttribute("aria-label", label);
    this.#list.replaceChildren(
      ...options.map((option, index) => {
        const element = document.createElement("li");
        element.id = `choice-${index}`;
        element.setAttribute("role", "option");
        element.textContent = option;
        return element;
      }),
    );
    this.#list.hidden = options.length === 0;
    this.#field.setAttribute("aria-controls", "choices");
    this.#news.textContent = options.length === 0 ? "Nothing found" : `${options.length} found`;
    this.mark(at);
  }

  /** @param {number} at */
  mark(at) {
    this.#at = at;
    [...this.#list.children].forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === at));
      if (index === at) option.scrollIntoView({ block: "nearest" });
    });
    if (at >= 0) this.#field.setAttribute("aria-activedescendant", `choice-${at}`);
    else this.#field.removeAttribute("aria-activedescendant");
  }

  /** Marks the next one, or the one before. @param {1 | -1} by */
  move(by) {
    const count = this.#options.length;
    if (count > 0) this.mark((this.#at + by + count) % count);
  }

  /** Says something to screen readers. @param {string} text */
  say(text) {
    this.#news.textContent = text;
  }

  close() {
    this.#list.hidden = true;
    this.#options = [];
    this.#at = -1;
    this.#news.textContent = "";
    this.#field.removeAttribute("aria-activedescendant");
    this.#field.removeAttribute("aria-controls");
  }
}
