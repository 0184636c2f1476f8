// The dialog with the player's triggers, aliases, keys and timers: four lists, and a form for each of their members.

import { show } from "../dialogs.js";
import { button, download, make, unique, upload } from "./dom.js";
import { LONGEST, write } from "./exchange.js";
import { NAMES, form } from "./form.js";
import { bring } from "./import.js";
import { NUMPAD } from "./keys.js";
import { does, titleOf } from "./describe.js";
import { LABELS, LISTS, MAX_ITEMS, compact } from "./model.js";
import { learnRegex } from "./pattern.js";
import { going } from "./roving.js";
import { canonical } from "./settings.js";

/** @typedef {import("./model.js").List} List */
/** @typedef {import("./model.js").Any} Any */

/** What stands above each list. @type {Record<List, string>} */
const ABOUT = {
  triggers: "When the game says something: send a command, mark or hide the line, play a sound.",
  aliases: "Short words that you type for longer commands.",
  keys: "Keys, and buttons above the field, that send a command.",
  timers: "Commands that are sent again and again while you are in the game.",
};

/**
 * Opens the dialog; done when it is closed.
 * @param {import("../main.js").Client} client
 * @param {List} [first] which list is shown first
 */
export async function open(client, first = "triggers") {
  await learnRegex();
  const editor = new Editor(client, first);
  const shown = show("Triggers, aliases, keys and timers", editor.element, { className: "wide", stays: true });
  editor.draw();
  editor.focusTab();
  await shown;
  editor.close();
}

class Editor {
  #settings;
  #client;
  /** @type {List} */
  #list;
  #panel = make("div", { role: "tabpanel", id: unique("panel") });
  #tabs;
  #news = make("p", { className: "news", role: "status" });
  #isEditing = false;
  /** @type {(() => void)[]} */
  #ends;

  /** @param {import("../main.js").Client} client @param {List} first */
  constructor(client, first) {
    this.#client = client;
    this.#settings = client.settings;
    this.#list = first;
    this.#tabs = LISTS.map((list) =>
      button(LABELS[list], () => this.#choose(list), { role: "tab", id: unique("tab") }),
    );
    const bar = make("div", { className: "tabs", role: "tablist", "aria-label": "Lists" }, ...this.#tabs);
    bar.addEventListener("keydown", (event) => this.#arrow(event));
    this.#tabs.forEach((tab) => tab.setAttribute("aria-controls", this.#panel.id));
    this.element = make("div", { className: "player editor" }, bar, this.#panel, this.#news);
    // Another browser of the player's may change them.
    this.#ends = LISTS.map((list) => this.#settings.on(list, () => this.#isEditing || this.draw()));
  }

  close() {
    this.#ends.forEach((end) => end());
  }

  focusTab() {
    this.#tabs[LISTS.indexOf(this.#list)].focus();
  }

  /** @param {List} list */
  #choose(list) {
    this.#list = list;
    this.#isEditing = false;
    this.#news.textContent = "";
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  #arrow(event) {
    const tab = going("tabs", event, this.#tabs);
    if (tab === null) return;
    this.#choose(LISTS[this.#tabs.indexOf(tab)]);
    this.focusTab();
  }

  /** @returns {Any[]} */
  get #items() {
    return this.#settings.get(this.#list);
  }

  set #items(items) {
    if (this.#settings.set(this.#list, items)) return;
    this.#news.textContent = items.length > MAX_ITEMS ? `There may be ${MAX_ITEMS} at most.` : "This cannot be kept.";
  }

  /** Draws the list; the focus stays where it was. */
  draw() {
    const list = this.#list;
    const at = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.focus : undefined;
    this.#tabs.forEach((tab, index) => {
      const isChosen = LISTS[index] === list;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      const { length } = this.#settings.get(LISTS[index]);
      tab.textContent = length > 0 ? `${LABELS[LISTS[index]]} (${length})` : LABELS[LISTS[index]];
      if (isChosen) this.#panel.setAttribute("aria-labelledby", tab.id);
    });
    const items = this.#items;
    const rows = items.map((one, index) => this.#row(one, index));
    this.#panel.replaceChildren(
      make("p", { className: "help", textContent: ABOUT[list] }),
      ...this.#pause(),
      ...this.#groups(),
      items.length > 0
        ? make("ul", { className: "items" }, ...rows)
        : make("p", { textContent: `You have no ${list} yet.` }),
      make(
        "div",
        { className: "row" },
        button(`New ${NAMES[list]}`, () => this.#edit(null), { className: "accent" }),
        ...this.#others(),
      ),
    );
    if (at !== undefined)
      /** @type {HTMLElement | null} */ (this.#panel.querySelector(`[data-focus="${at}"]`))?.focus();
  }

  /** The box that switches all triggers and timers. */
  #pause() {
    if (this.#list !== "triggers" && this.#list !== "timers") return [];
    const box = make("input", { type: "checkbox", checked: this.#settings.get("triggers.on"), id: unique("pause") });
    box.dataset.focus = "pause";
    box.addEventListener("change", () => this.#settings.set("triggers.on", box.checked));
    const label = make("label", { htmlFor: box.id, textContent: "Triggers and timers are on" });
    return [make("p", {}, make("span", { className: "box" }, box, label))];
  }

  /** Boxes that switch all of a group. */
  #groups() {
    const names = [...new Set(this.#items.map((one) => one.group ?? ""))].filter((name) => name !== "");
    if (names.length === 0) return [];
    const boxes = names.map((name, index) => {
      const members = this.#items.filter((one) => one.group === name);
      const isOn = members.some((one) => !one.off);
      const box = make("input", { type: "checkbox", checked: isOn, id: unique("group") });
      box.indeterminate = isOn && members.some((one) => one.off);
      box.dataset.focus = `group-${index}`;
      box.addEventListener("change", () => this.#switch((one) => one.group === name, box.checked));
      return make("span", { className: "box" }, box, make("label", { htmlFor: box.id, textContent: name }));
    });
    return [make("fieldset", { className: "groups" }, make("legend", { textContent: "Groups" }), ...boxes)];
  }

  /** @param {(one: Any) => boolean} which @param {boolean} isOn */
  #switch(which, isOn) {
    this.#items = this.#items.map((one) => (which(one) ? compact({ ...one, off: isOn ? undefined : true }) : one));
  }

  /** @param {Any} one @param {number} index */
  #row(one, index) {
    const list = this.#list;
    const title = titleOf(list, one);
    const box = make("input", { type: "checkbox", checked: !one.off, id: unique("on") });
    box.dataset.focus = `on-${index}`;
    box.addEventListener("change", () => this.#switch((other) => other === one, box.checked));
    const act = (/** @type {string} */ name, /** @type {() => void} */ action, text = name) => {
      const made = button(text, action, { "aria-label": `${name}: ${title}` });
      made.dataset.focus = `${name}-${index}`;
      return made;
    };
    const hasOrder = list === "triggers" || list === "aliases";
    return make(
      "li",
      {},
      box,
      make(
        "label",
        { htmlFor: box.id },
        make("strong", { textContent: title }),
        make("span", { className: "help", textContent: does(one) }),
      ),
      make(
        "span",
        { className: "acts" },
        hasOrder && index > 0 && act("Move up", () => this.#move(index), "↑"),
        act("Change", () => this.#edit(index)),
        act("Delete", () => this.#delete(index)),
      ),
    );
  }

  /** @param {number} index */
  #move(index) {
    const items = [...this.#items];
    items.splice(index - 1, 0, ...items.splice(index, 1));
    this.#items = items;
    this.#focus(index > 1 ? `Move up-${index - 1}` : `Change-0`);
    this.#news.textContent = `Moved up to place ${index}.`;
  }

  /** @param {number} index */
  #delete(index) {
    const before = this.#items;
    this.#items = before.filter((_, at) => at !== index);
    const title = titleOf(this.#list, before[index]);
    const undo = button("Undo", () => {
      this.#items = before;
      this.#news.textContent = "";
      this.#focus(`Delete-${index}`);
    });
    this.#news.replaceChildren(`Deleted: ${title}. `, undo);
    undo.focus();
  }

  /** @param {string} name */
  #focus(name) {
    /** @type {HTMLElement | null} */ (this.#panel.querySelector(`[data-focus="${name}"]`))?.focus();
  }

  /** @param {number | null} index null for a new one */
  #edit(index) {
    const list = this.#list;
    const items = this.#items;
    const was = index === null ? null : items[index];
    const { settings } = this.#client;
    this.#isEditing = true;
    this.#news.textContent = "";
    const made = form(
      list,
      was,
      {
        divider: settings.get("commands.divider"),
        volume: settings.get("sounds.volume") / 100,
        groups: [
          ...new Set(LISTS.flatMap((one) => settings.get(one).map((/** @type {Any} */ { group }) => group ?? ""))),
        ].filter(Boolean),
        panes: [...new Set(settings.get("triggers").map((/** @type {Any} */ { pane }) => pane ?? ""))].filter(Boolean),
        others: items.filter((one) => one !== was),
      },
      (one) => {
        this.#isEditing = false;
        // Another browser may have changed the list meanwhile: then it stands at the end.
        const now = this.#items;
        const at = was === null ? -1 : now.findIndex((other) => canonical(other) === canonical(was));
        const place = at < 0 ? now.length : at;
        if (one !== null)
          this.#items = at < 0 ? [...now, one] : now.map((other, place) => (place === at ? one : other));
        this.draw();
        if (one !== null || was !== null) this.#focus(`Change-${place}`);
        else this.focusTab();
        if (one !== null) this.#news.textContent = "Saved.";
      },
    );
    this.#panel.replaceChildren(made.element);
    made.focus();
  }

  /** What else can be done with the list. */
  #others() {
    const buttons = [
      button("Save all to a file", () => {
        download("meadow-triggers.json", write(this.#settings, LISTS));
        this.#news.textContent = "Triggers, aliases, keys and timers are in the file meadow-triggers.json.";
      }),
      button("Load a file", () => this.#load()),
    ];
    if (this.#list === "keys") {
      buttons.push(
        button("Walk with the number pad", () => {
          const have = new Set(this.#items.map((one) => one.key));
          const fresh = NUMPAD.filter(({ key }) => !have.has(key));
          this.#items = [...this.#items, ...fresh].map((one) => /** @type {Any} */ (one));
          this.#news.textContent =
            fresh.length === 0
              ? "These keys are there already."
              : "The number pad walks now, and writes no numbers. Switch off its group if you read with it.";
        }),
      );
    }
    return buttons;
  }

  async #load() {
    try {
      const file = await upload(".json,.xml,application/json,text/xml", LONGEST);
      if (file === null) return;
      this.#news.textContent = bring(this.#settings, file.text);
    } catch (error) {
      this.#news.textContent = error instanceof Error ? error.message : String(error);
    }
  }
}
