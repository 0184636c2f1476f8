// Links to the sections: beside them, or behind a button where there is no room.

import { address, h } from "./dom.js";

/** The links. */
export class Navigation {
  /** @type {Map<import("./main.js").Section, HTMLAnchorElement>} */
  #links = new Map();
  #toggle;

  /** @param {import("./main.js").Section[]} sections in their groups */
  constructor(sections) {
    /** @type {HTMLElement[]} */
    const groups = [];
    for (const [index, name] of [...new Set(sections.map(({ group }) => group))].entries()) {
      const id = `group-${index}`;
      const items = sections
        .filter(({ group }) => group === name)
        .map((section) => {
          const link = h("a", { href: address(section.name) }, section.title);
          this.#links.set(section, link);
          return h("li", {}, link);
        });
      groups.push(h("div", { class: "group" }, h("h2", { id }, name), h("ul", { "aria-labelledby": id }, ...items)));
    }
    const list = h("div", { class: "groups", id: "sections" }, ...groups);
    this.#toggle = h(
      "button",
      { type: "button", class: "button", "aria-expanded": "false", "aria-controls": list.id },
      "Sections",
    );
    this.element = h("nav", { class: "sections", "aria-label": "Sections" }, this.#toggle, list);
    this.#toggle.addEventListener("click", () => this.#open(this.#toggle.getAttribute("aria-expanded") === "false"));
    list.addEventListener("click", (event) => event.target instanceof HTMLAnchorElement && this.#open(false));
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#toggle.getAttribute("aria-expanded") === "true") {
        this.#open(false);
        this.#toggle.focus();
      }
    });
  }

  /** @param {import("./main.js").Section} section */
  show(section) {
    for (const [known, link] of this.#links) {
      if (known === section) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    this.#toggle.textContent = `Sections: ${section.title}`;
  }

  /** @param {boolean} isOpen */
  #open(isOpen) {
    this.#toggle.setAttribute("aria-expanded", String(isOpen));
  }
}
