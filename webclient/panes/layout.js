// Where the panes are: in docks beside and below the text, which the player arranges; on a phone, pages to swipe
// between. Parts add panes by `client.layout.add`; arrangement.js keeps what the player has chosen, on the account.
//
//     const pane = client.layout.add({ id: "weather", title: "Weather", element, where: "right", open: true });
//     pane.mark();    // there is something new in it

import { add as addToMenu } from "../player/menu.js";
import { Arrangement } from "./arrangement.js";
import { makeDock, makeStrip, replace, SIDES } from "./docks.js";
import { Moves } from "./moves.js";
import { Pages } from "./pages.js";
import { Pane } from "./pane.js";
import { popup } from "./popup.js";
import { goRound } from "./round.js";
import { Sizes } from "./sizes.js";
import { more } from "./unread.js";

/** Narrower than this, in pixels, the panes are pages. */
const NARROW = 700;

/** From this width on there is room for panes that are open only then. */
const ROOMY = 1500;

/** @typedef {import("./arrangement.js").Dock} Dock */
/** @typedef {import("./docks.js").Side} Side */

/** @typedef {import("./pane.js").Added} Added */
/** @typedef {import("./pane.js").Handle} Handle */

export class Layout {
  #settings;
  #arrangement = new Arrangement();
  /** @type {Map<string, Pane>} */
  #panes = new Map();
  #frame;
  /** @type {Record<Dock, HTMLElement>} */
  #docks;
  #sizes;
  #moves;
  #pages;
  /** @type {Set<string>} */
  #names = new Set();
  #narrow = false;
  #drawing = false;

  /** @param {import("../player/settings.js").Settings} settings @param {HTMLElement} frame */
  constructor(settings, frame) {
    this.#settings = settings;
    this.#frame = frame;
    const arrangement = this.#arrangement;
    const pane = (/** @type {string} */ id) => this.#pane(id);
    this.#sizes = new Sizes({ arrangement, frame, pane, keep: () => this.#keep() });
    this.#moves = new Moves({
      arrangement,
      pane,
      change: (change) => this.#change(change),
      redraw: () => this.#redraw(),
      stops: () => this.stops(),
    });
    const docks = SIDES.map((side) => [side.dock, makeDock(side, this.#sizes.edge(side))]);
    const strip = makeStrip();
    this.#docks = { ...Object.fromEntries(docks), strip };
    this.#pages = new Pages(frame, (id) => this.#shown(id));
    frame.append(...SIDES.map(({ dock }) => this.#docks[dock]));
    frame.after(strip, this.#pages.element, this.#moves.news);
    settings.define({ key: "layout", label: "Arrangement of panes", kind: "json", initial: {} });
    this.#arrangement.kept = settings.get("layout");
    settings.on("layout", (kept) => {
      if (JSON.stringify(kept) === JSON.stringify(this.#arrangement.kept)) return;
      this.#arrangement.kept = kept;
      this.#draw();
    });
    new ResizeObserver(() => this.#measure()).observe(frame);
    // Who comes back sees what is new.
    document.addEventListener("visibilitychange", () => this.#draw());
    this.#measure();
  }

  /** Names under which lines have a place of their own, to be proposed to the player. @returns {string[]} */
  names() {
    return [...this.#names];
  }

  /** @param {string} name */
  addName(name) {
    this.#names.add(name);
  }

  /** Whether there is a pane of this id. @param {string} id */
  has(id) {
    return this.#panes.has(id);
  }

  /** Whether the panes are pages. */
  get narrow() {
    return this.#narrow;
  }

  /** @param {Added} added @returns {Handle} */
  add({ id, title, element, where = "right", open = true, size, compact = false, shown }) {
    this.#arrangement.define({ id, where, open, size, compact });
    const pane = new Pane(id, title, element, {
      onShown: shown,
      onFold: () => this.#change((arrangement) => arrangement.setFolded(id, !arrangement.isFolded(id))),
      choices: () => this.#moves.choices(id),
      onGrab: async (event) => {
        if (this.#narrow) return;
        const { drag } = await import("./drag.js");
        drag(event, pane.element, this.#frame, ({ dock, before }) => this.#moves.move(id, dock, before));
      },
    });
    this.#panes.set(id, pane);
    this.#draw();
    return {
      mark: (counted = false) => this.#mark(id, counted),
      visible: () => this.#isVisible(id),
      isOpen: () => this.#arrangement.isOpen(id),
      show: () => this.show(id),
    };
  }

  /** Opens a pane, and brings it into sight. @param {string} id */
  show(id) {
    this.#change((arrangement) => {
      arrangement.setOpen(id, true);
      arrangement.setFolded(id, false);
    });
    this.#redraw();
    this.#pages.show(id);
  }

  /** Brings the game's text into sight, on a phone. */
  showText() {
    this.#pages.show("game");
  }

  /** There is a new line in the game's text. */
  markText() {
    if (this.#narrow && this.#pages.current !== "game") this.#pages.news("game", true);
  }

  /** Everything as it was at first. */
  reset() {
    this.#arrangement.kept = {};
    this.#keep();
    this.#draw();
    this.#moves.say("The panes are as they were at first.");
  }

  /** Panes and whether they are open, for the menu. */
  choices() {
    const panes = this.#arrangement.ids.map((id) => ({
      label: this.#title(id),
      checked: this.#arrangement.isOpen(id),
      keep: true,
      action: () => this.#change((arrangement) => arrangement.setOpen(id, !arrangement.isOpen(id))),
    }));
    return [...panes, null, { label: "Reset the arrangement", action: () => this.reset() }];
  }

  /** What the focus goes through by F6: the text, and each pane. @returns {HTMLElement[]} */
  stops() {
    const log = /** @type {HTMLElement} */ (document.getElementById("log"));
    if (this.#narrow) return [log, ...this.#pages.bar.querySelectorAll("button")];
    return [log, ...SIDES.flatMap(({ dock }) => this.#arrangement.in(dock).map((id) => this.#pane(id).button))];
  }

  /** @param {string} id */
  #pane(id) {
    return /** @type {Pane} */ (this.#panes.get(id));
  }

  /** @param {string} id */
  #title(id) {
    return this.#pane(id).title;
  }

  /** @param {(arrangement: Arrangement) => void} change */
  #change(change) {
    change(this.#arrangement);
    this.#keep();
    this.#draw();
  }

  #keep() {
    this.#settings.set("layout", this.#arrangement.kept);
  }

  #measure() {
    const width = this.#frame.clientWidth;
    // Not on the page yet, or hidden.
    if (width === 0) return;
    const narrow = width < NARROW;
    this.#arrangement.roomy = narrow || width >= ROOMY;
    const changed = narrow !== this.#narrow;
    this.#narrow = narrow;
    this.#draw();
    // After a turn of the phone, the same page is in sight.
    if (narrow && !changed) this.#pages.show(this.#pages.current, "instant");
  }

  /** Draws before the next frame, however many panes are added. */
  #draw() {
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => this.#redraw());
  }

  #redraw() {
    this.#drawing = false;
    this.#frame.classList.toggle("paged", this.#narrow);
    for (const side of SIDES) this.#fill(side.dock);
    const strip = this.#strip().map((id) => this.#pane(id).element);
    replace(this.#docks.strip, strip);
    this.#docks.strip.hidden = strip.length === 0;
    for (const [id, pane] of this.#panes) {
      const isStripped = this.#docks.strip.contains(pane.element);
      pane.element.classList.toggle("stripped", isStripped);
      // Its title can't be seen there, and there is nothing to fold.
      pane.button.tabIndex = isStripped ? -1 : 0;
      const unfolded = this.#narrow || this.#arrangement.where(id) === "strip";
      pane.fold(!unfolded && this.#arrangement.isFolded(id));
      pane.button.disabled = unfolded;
      if (this.#isVisible(id)) pane.seen();
    }
    const text = /** @type {HTMLElement} */ (document.getElementById("game"));
    const pages = SIDES.flatMap(({ dock }) => this.#paged(dock)).map((id) => {
      const { title, element } = this.#pane(id);
      return { id, title, element, inside: [element] };
    });
    // `main` itself stays: a page has one.
    const inside = /** @type {HTMLElement[]} */ ([...text.children]);
    const wanted = this.#narrow ? [{ id: "game", title: "Game", element: text, inside }, ...pages] : [];
    const same = (/** @type {{ id: string }[]} */ list) => list.map(({ id }) => id).join(" ");
    if (same(wanted) !== this.#known) {
      this.#known = same(wanted);
      this.#pages.set(wanted);
      for (const { id } of pages) this.#pages.news(id, this.#pane(id).unread);
    }
    this.#sizes.apply();
  }

  /** Which pages there are. */
  #known = "";

  /** Panes that are in the strip: on a phone all that fit there. */
  #strip() {
    const { ids } = this.#arrangement;
    const fits = (/** @type {string} */ id) =>
      this.#arrangement.where(id) === "strip" || (this.#narrow && this.#arrangement.isCompact(id));
    return ids.filter((id) => this.#arrangement.isOpen(id) && fits(id));
  }

  /** Panes of a dock that are not in the strip. @param {Dock} dock */
  #paged(dock) {
    const strip = this.#strip();
    return this.#arrangement.in(dock).filter((id) => !strip.includes(id));
  }

  /** Puts the panes of a dock into it, with a line between each two. @param {Side} name */
  #fill(name) {
    const ids = this.#paged(name);
    const inside = /** @type {HTMLElement} */ (this.#docks[name].querySelector(".dock-panes"));
    const panes = ids.map((id) => this.#pane(id).element);
    const current = [...inside.children].filter((child) => child.classList.contains("pane"));
    const same = panes.length === current.length && panes.every((pane, at) => pane === current[at]);
    if (!same) {
      replace(
        inside,
        ids.flatMap((id, at) => {
          const { element } = this.#pane(id);
          return at === ids.length - 1 ? [element] : [element, this.#sizes.between(id, name)];
        }),
      );
    }
    this.#docks[name].hidden = panes.length === 0;
  }

  /** @param {string} id */
  #isVisible(id) {
    const arrangement = this.#arrangement;
    if (!arrangement.isOpen(id) || document.hidden) return false;
    if (this.#narrow) return this.#strip().includes(id) || this.#pages.current === id;
    return arrangement.where(id) === "strip" || !arrangement.isFolded(id);
  }

  /** @param {string} id @param {boolean} counted */
  #mark(id, counted) {
    if (this.#isVisible(id) || !this.#arrangement.isOpen(id)) return;
    const pane = this.#pane(id);
    pane.unread = more(pane.unread, counted);
    this.#pages.news(id, pane.unread);
  }

  /** A page came into sight. @param {string} id */
  #shown(id) {
    this.#panes.get(id)?.seen();
  }
}

/** @param {import("../main.js").Client} client */
export function install(client) {
  const frame = /** @type {HTMLElement} */ (document.getElementById("frame"));
  const layout = new Layout(client.settings, frame);
  client.layout = layout;
  addToMenu("Panes", () => {
    const opener = /** @type {HTMLButtonElement | null} */ (document.querySelector('header [aria-haspopup="menu"]'));
    if (opener !== null) popup(opener, "Panes", () => layout.choices());
  });
  client.hub.on("client:added", () => layout.markText());
  // Whoever types wants to read what comes of it.
  document.getElementById("entry")?.addEventListener("submit", () => layout.showText());
  goRound(layout);
}
