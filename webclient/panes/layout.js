// Where the panes are: in docks beside and below the text, which the player arranges; on a phone, pages to swipe
// between. Parts add panes by `client.layout.add`; arrangement.js keeps what the player has chosen, on the account.
//
//     const pane = client.layout.add({ id: "weather", title: "Weather", element, where: "right", open: true });
//     pane.mark();    // there is something new in it

import { add as addToMenu } from "../player/menu.js";
import { Arrangement, PANE, SIZES, within } from "./arrangement.js";
import { drag } from "./drag.js";
import { Pages } from "./pages.js";
import { Pane } from "./pane.js";
import { popup } from "./popup.js";
import { separator } from "./separator.js";

/** Narrower than this, in pixels, the panes are pages. */
const NARROW = 700;

/** From this width on there is room for panes that are open only then. */
const ROOMY = 1500;

/** How much of the frame a dock may take, so that text is left. */
const SHARE = 0.45;

/** @typedef {import("./arrangement.js").Dock} Dock */
/** @typedef {"left" | "right" | "bottom"} Side */

/** The docks around the text, how players call them, and what makes them larger. */
const SIDES = /** @type {const} */ ([
  { dock: "left", name: "on the left", line: "vertical", grows: 1 },
  { dock: "bottom", name: "below the text", line: "horizontal", grows: -1 },
  { dock: "right", name: "on the right", line: "vertical", grows: -1 },
]);

/**
 * What a part adds.
 * @typedef {object} Added
 * @property {string} id a short word that no other pane has
 * @property {string} title
 * @property {HTMLElement} element
 * @property {Dock} [where] the right side, unless told
 * @property {boolean | "roomy"} [open] whether it is there until the player says otherwise; "roomy": on phones and wide windows
 * @property {number} [size] height in pixels; without one, it takes what the others leave
 * @property {boolean} [compact] it is a strip, and on a phone no page of its own
 */

/**
 * What the part has of it.
 * @typedef {object} Handle
 * @property {() => void} mark there is something new in it
 * @property {() => boolean} visible whether the player sees it now
 * @property {() => boolean} isOpen whether it is there at all
 * @property {() => void} show opens it, and brings it into sight
 */

export class Layout {
  #settings;
  #arrangement = new Arrangement();
  /** @type {Map<string, Pane>} */
  #panes = new Map();
  #frame;
  /** @type {Record<Dock, HTMLElement>} */
  #docks;
  #pages;
  #news = document.createElement("div");
  /** @type {Set<string>} */
  #names = new Set();
  #narrow = false;
  #drawing = false;

  /** @param {import("../player/settings.js").Settings} settings @param {HTMLElement} frame */
  constructor(settings, frame) {
    this.#settings = settings;
    this.#frame = frame;
    const strip = document.createElement("div");
    strip.id = "dock-strip";
    strip.className = "strip";
    const docks = SIDES.map((side) => [side.dock, dock(side, this.#separator(side))]);
    this.#docks = { ...Object.fromEntries(docks), strip };
    this.#pages = new Pages(frame, (id) => this.#shown(id));
    frame.append(...SIDES.map(({ dock }) => this.#docks[dock]));
    this.#news.className = "unseen";
    this.#news.setAttribute("role", "status");
    frame.after(strip, this.#pages.element, this.#news);
    settings.define({ key: "layout", label: "Arrangement of panes", kind: "json", initial: {} });
    this.#arrangement.kept = settings.get("layout");
    settings.on("layout", (kept) => {
      if (JSON.stringify(kept) === JSON.stringify(this.#arrangement.kept)) return;
      this.#arrangement.kept = kept;
      this.#draw();
    });
    new ResizeObserver(() => this.#measure()).observe(frame);
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
  add({ id, title, element, where = "right", open = true, size, compact = false }) {
    this.#arrangement.define({ id, where, open, size, compact });
    const pane = new Pane(id, title, element, {
      onFold: () => this.#change((arrangement) => arrangement.setFolded(id, !arrangement.isFolded(id))),
      choices: () => this.#choices(id),
      onGrab: (event) => {
        if (!this.#narrow) drag(event, pane.element, this.#frame, ({ dock, before }) => this.#move(id, dock, before));
      },
    });
    this.#panes.set(id, pane);
    this.#draw();
    return {
      mark: () => this.#mark(id),
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
    this.#say("The panes are as they were at first.");
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

  /** What can be done to a pane. @param {string} id */
  #choices(id) {
    const arrangement = this.#arrangement;
    const [here, folded] = [arrangement.where(id), arrangement.isFolded(id)];
    /** @type {import("./popup.js").Choice[]} */
    const moves = SIDES.filter(({ dock }) => dock !== here).map(({ dock, name }) => ({
      label: `Put it ${name}`,
      action: () => this.#move(id, dock, null),
    }));
    if (arrangement.isCompact(id) && here !== "strip") {
      moves.push({ label: "Put it above the command line", action: () => this.#move(id, "strip", null) });
    }
    const [back, on] = here === "bottom" || here === "strip" ? ["left", "right"] : ["up", "down"];
    /** @type {(import("./popup.js").Choice | null)[]} */
    const all = here === "strip" ? [] : [{
      label: folded ? "Unfold" : "Fold",
      action: () => this.#change((one) => one.setFolded(id, !folded)),
    }];
    return [
      ...all,
      { label: `Move ${back}`, action: () => this.#shift(id, -1, back) },
      { label: `Move ${on}`, action: () => this.#shift(id, 1, on) },
      ...moves,
      null,
      { label: "Close", action: () => this.#close(id) },
    ];
  }

  /** @param {string} id @param {Dock} dock @param {string | null} before */
  #move(id, dock, before) {
    this.#change((arrangement) => {
      // A height is no width.
      if (arrangement.where(id) !== dock) arrangement.resetSize(id);
      arrangement.move(id, dock, before);
    });
    this.#redraw();
    this.#pane(id).more.focus({ preventScroll: true });
    const name = SIDES.find((side) => side.dock === dock)?.name ?? "above the command line";
    this.#say(`${this.#title(id)} is ${name} now.`);
  }

  /** @param {string} id @param {1 | -1} by @param {string} way */
  #shift(id, by, way) {
    let moved = false;
    this.#change((arrangement) => (moved = arrangement.shift(id, by)));
    this.#redraw();
    this.#pane(id).more.focus({ preventScroll: true });
    this.#say(moved ? `${this.#title(id)} was moved ${way}.` : `${this.#title(id)} can't go further ${way}.`);
  }

  /** @param {string} id */
  #close(id) {
    const stops = this.stops();
    const at = stops.indexOf(this.#pane(id).button);
    this.#change((arrangement) => arrangement.setOpen(id, false));
    this.#redraw();
    stops[Math.max(0, at - 1)]?.focus({ preventScroll: true });
    this.#say(`${this.#title(id)} is closed. The menu opens it again.`);
  }

  /** @param {string} text */
  #say(text) {
    this.#news.textContent = text;
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
      pane.element.classList.toggle("stripped", this.#docks.strip.contains(pane.element));
      const unfolded = this.#narrow || this.#arrangement.where(id) === "strip";
      pane.fold(!unfolded && this.#arrangement.isFolded(id));
      pane.button.disabled = unfolded;
      if (this.#isVisible(id)) pane.news = false;
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
    }
    this.#resize();
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
      replace(inside, ids.flatMap((id, at) => {
        const { element } = this.#pane(id);
        return at === ids.length - 1 ? [element] : [element, this.#between(id, name)];
      }));
    }
    this.#docks[name].hidden = panes.length === 0;
  }

  /** Sets what has a size of its own. */
  #resize() {
    const { clientWidth, clientHeight } = this.#frame;
    for (const { dock } of SIDES) {
      const most = SHARE * (dock === "bottom" ? clientHeight : clientWidth);
      const size = Math.min(this.#arrangement.dockSize(dock), Math.max(most, SIZES[dock].min));
      this.#frame.style.setProperty(`--${dock}`, `${size}px`);
      for (const id of this.#arrangement.in(dock)) this.#sizePane(id, dock);
    }
  }

  /** @param {string} id @param {Side} dock */
  #sizePane(id, dock) {
    const { element } = this.#pane(id);
    const kept = dock === "bottom" ? this.#arrangement.kept.sizes?.[id] : this.#arrangement.size(id);
    element.style.setProperty("--size", kept === undefined ? "" : `${kept}px`);
    element.classList.toggle("sized", kept !== undefined);
  }

  /** @param {typeof SIDES[number]} side */
  #separator({ dock, name, line, grows }) {
    return separator({
      label: `Size of the panes ${name}`,
      line,
      grows,
      controls: `dock-${dock}`,
      bounds: SIZES[dock],
      size: () => {
        const { width, height } = this.#docks[dock].getBoundingClientRect();
        return dock === "bottom" ? height : width;
      },
      resize: (size) => {
        this.#arrangement.setDockSize(dock, size);
        this.#resize();
      },
      done: () => this.#keep(),
      reset: () => this.#change((arrangement) => arrangement.resetDock(dock)),
    });
  }

  /** The line behind a pane. @param {string} id @param {Side} dock */
  #between(id, dock) {
    const { element, title } = this.#pane(id);
    const size = () => {
      const { width, height } = element.getBoundingClientRect();
      return dock === "bottom" ? width : height;
    };
    return separator({
      label: `Size of ${title}`,
      line: dock === "bottom" ? "vertical" : "horizontal",
      grows: 1,
      controls: element.id,
      bounds: PANE,
      size,
      resize: (wanted) => {
        this.#arrangement.setSize(id, within(wanted, PANE));
        this.#resize();
      },
      done: () => this.#keep(),
      reset: () => this.#change((arrangement) => arrangement.resetSize(id)),
    });
  }

  /** @param {string} id */
  #isVisible(id) {
    const arrangement = this.#arrangement;
    if (!arrangement.isOpen(id) || document.hidden) return false;
    if (this.#narrow) return this.#strip().includes(id) || this.#pages.current === id;
    return arrangement.where(id) === "strip" || !arrangement.isFolded(id);
  }

  /** @param {string} id */
  #mark(id) {
    if (this.#isVisible(id) || !this.#arrangement.isOpen(id)) return;
    this.#pane(id).news = true;
    this.#pages.news(id, true);
  }

  /** A page came into sight. @param {string} id */
  #shown(id) {
    const pane = this.#panes.get(id);
    if (pane !== undefined) pane.news = false;
  }
}

/** @param {typeof SIDES[number]} side @param {HTMLElement} separator the line between it and the text */
function dock({ dock, name }, separator) {
  const element = document.createElement("aside");
  element.className = "dock";
  element.id = `dock-${dock}`;
  element.dataset.dock = dock;
  element.setAttribute("aria-label", `Panes ${name}`);
  element.hidden = true;
  const panes = document.createElement("div");
  panes.className = "dock-panes";
  if (dock === "left") element.append(panes, separator);
  else element.append(separator, panes);
  return element;
}

/** As `replaceChildren`, but what stays in its place is not touched: it keeps how far it is scrolled. @param {HTMLElement} parent @param {HTMLElement[]} children */
function replace(parent, children) {
  for (const child of [...parent.children]) {
    if (!children.includes(/** @type {HTMLElement} */ (child))) child.remove();
  }
  children.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
  });
}

/** @param {import("../main.js").Client} client */
export function install(client) {
  const frame = /** @type {HTMLElement} */ (document.getElementById("frame"));
  const layout = new Layout(client.settings, frame);
  client.layout = layout;
  addToMenu("Panes", () => {
    const opener = /** @type {HTMLElement | null} */ (document.querySelector('header [aria-haspopup="menu"]'));
    if (opener !== null) popup(opener, "Panes", () => layout.choices());
  });
  client.hub.on("client:added", () => layout.markText());
  // Whoever types wants to read what comes of it.
  document.getElementById("entry")?.addEventListener("submit", () => layout.showText());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F6" || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const line = document.querySelector("#line:not([hidden]), #secret:not([hidden])");
    const stops = [/** @type {HTMLElement} */ (line), ...layout.stops()];
    const at = stops.findLastIndex((stop) => stop === document.activeElement || near(stop));
    stops.at((at + (event.shiftKey ? -1 : 1)) % stops.length)?.focus();
  });
}

/** Whether the focus is in the pane of this title. @param {HTMLElement} stop */
function near(stop) {
  return stop.closest(".pane")?.contains(document.activeElement) === true;
}
