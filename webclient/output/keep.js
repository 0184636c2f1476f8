// Keeps the scrollback over a reload of the page and until the next visit, if the player wants it. The server hears
// that a message has come only when its lines are written down (`link.safe`), so that a page that crashes misses none.

import { Recent } from "../net/recent.js";
import { Database, MOST } from "./database.js";
import { Line } from "./store.js";

/** How long lines are gathered before they are written, in milliseconds, and how many at most. */
const GATHER = { time: 500, lines: 250 };

/** After so many lines it is looked whether there are too many. */
const TRIM_EVERY = 1_000;

/** Two windows of one character hear the same within this time, in milliseconds. */
const SAME = 3_000;

/** How long the database may take: one plays without rather than wait, in milliseconds. */
const PATIENCE = 4_000;

/** @typedef {import("./database.js").Stored} Stored */

/** @template T @param {Promise<T>} work @returns {Promise<T>} */
const inTime = (work) =>
  Promise.race([work, new Promise((_, reject) => setTimeout(() => reject(new Error("it takes too long")), PATIENCE))]);

/**
 * Lines of several sessions in order, without what two windows have both heard.
 * @param {Stored[]} lines
 * @returns {Stored[]}
 */
export function merged(lines) {
  const sorted = [...new Map(lines.map((line) => [line.key, line])).values()].sort(
    (a, b) => Number(a.key) - Number(b.key),
  );
  /** @type {Map<string, Stored>} */
  const last = new Map();
  return sorted.filter((line) => {
    const key = line.html ?? line.text;
    const same = last.get(key);
    if (same !== undefined && same.tab !== line.tab && Math.abs(same.time - line.time) < SAME) return false;
    last.set(key, line);
    return true;
  });
}

export class Keeper {
  #client;
  /** @type {Database | null} */
  #database = null;
  #recent = new Recent();
  /** @type {Stored[]} */
  #waiting = [];
  #tab = "";
  #who = "";
  #written = -1;
  #count = 0;
  #changed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<void>} */
  #writing = Promise.resolve();

  /** @param {import("../main.js").Client} client */
  constructor(client) {
    this.#client = client;
    const { hub, settings } = client;
    const watch = () => {
      if (settings.get("output.keep")) this.#database ??= new Database();
      else this.forget();
    };
    settings.on("output.keep", watch);
    watch();
    hub.on("client:added", ({ kwargs }) => this.#add(/** @type {any} */ (kwargs)));
    hub.on("client:line", ({ kwargs }) => kwargs.pane !== "" && this.#add(/** @type {any} */ (kwargs)));
    hub.on("*", (message) => {
      this.#changed = this.#recent.add(message) || this.#changed;
      this.#later();
    });
    hub.on("client:typed", () => this.#recent.drop("prompt"));
    hub.on("char_name", ({ kwargs }) => this.#name(String(kwargs.name ?? "")));
    window.addEventListener("pagehide", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
  }

  /** A new session has begun. @param {string} tab its name in this browser */
  begin(tab) {
    if (this.#tab !== "") this.#recent.replace();
    this.#tab = tab;
    this.#who = "";
    this.#written = -1;
    if (this.#database !== null) this.#client.link.safe(0);
  }

  /**
   * Shows what was said before the page was loaded anew; says how many messages these lines come from, or null if
   * nothing was written down.
   * @param {string} tab
   * @returns {Promise<number | null>}
   */
  async restore(tab) {
    this.#tab = tab;
    if (this.#database === null) return null;
    try {
      const reached = await inTime(this.#database.reached(tab));
      if (reached === undefined) return 0;
      this.#who = reached.who;
      const lines = await inTime(this.#database.lines("tab", tab));
      const earlier = this.#who === "" ? [] : await inTime(this.#database.lines("who", this.#who));
      this.#show([...earlier, ...lines], false);
      this.#recent.replace(reached.recent);
      for (const message of reached.recent) this.#client.hub.emit(message);
      return reached.heard;
    } catch (error) {
      console.warn("the scrollback cannot be read:", error);
      this.#database = null;
      return null;
    }
  }

  /** Writes down what there is; the server hears how far that is. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { link } = this.#client;
    if (this.#database === null || this.#tab === "" || !link) return;
    const heard = link.heard;
    if (this.#waiting.length === 0 && heard === this.#written && !this.#changed) return;
    const database = this.#database;
    const tab = this.#tab;
    const lines = this.#waiting;
    this.#waiting = [];
    this.#written = heard;
    this.#changed = false;
    const reached = { tab, who: this.#who, heard, time: Date.now(), recent: this.#recent.list() };
    this.#writing = database.write(lines, reached).then(
      () => {
        if (tab === this.#tab) link.safe(heard);
        this.#count += lines.length;
        if (this.#count < TRIM_EVERY || this.#who === "") return;
        this.#count = 0;
        return database.trim(this.#who);
      },
      (error) => {
        // The disk is full, say. It is played on without.
        console.warn("the scrollback cannot be kept:", error);
        this.#database = null;
        link.safe(Infinity);
      },
    );
  }

  /** Forgets all that is written down here. */
  async forget() {
    this.#waiting = [];
    this.#client.entry?.forget();
    this.#client.link?.safe(Infinity);
    const database = this.#database ?? new Database();
    this.#database = null;
    await this.#writing;
    await database.clear().catch(() => {});
  }

  /** @param {Line} line */
  #add({ text, html, kind, type, tags, classes, pane, time, old }) {
    if (old || this.#database === null) return;
    const kept = classes.filter((/** @type {string} */ name) => name !== "leftoff");
    // No more is kept anyhow.
    if (this.#waiting.length >= 2 * MOST) this.#waiting.splice(0, MOST);
    this.#waiting.push({
      tab: this.#tab,
      who: this.#who,
      text,
      html,
      kind,
      type,
      tags: [...tags],
      classes: kept,
      pane,
      time,
    });
    // A timer of a page that nobody looks at may take a minute. And what is typed nobody says again.
    if (this.#waiting.length >= GATHER.lines || kind === "typed") this.flush();
    else this.#later();
  }

  #later() {
    if (this.#database !== null) this.#timer ??= setTimeout(() => this.flush(), GATHER.time);
  }

  /** Whose session this is has become known: what was said the last time is put above. @param {string} who */
  async #name(who) {
    if (who === "" || who === this.#who) return;
    const first = this.#who === "";
    this.#who = who;
    this.#changed = true;
    if (!first || this.#database === null || this.#client.output.store.list().some((line) => line.old)) return;
    const tab = this.#tab;
    const lines = await this.#database.lines("who", who).catch(() => []);
    if (tab === this.#tab)
      this.#show(
        lines.filter((line) => line.tab !== tab),
        true,
      );
  }

  /** @param {Stored[]} stored @param {boolean} ended whether what follows is another session */
  #show(stored, ended) {
    if (stored.length === 0) return;
    const lines = merged(stored).map(({ text, html, kind, type, tags, classes, pane, time }) => {
      const line = new Line(text, html, { kind, type, tags, time });
      return Object.assign(line, { classes, pane, old: true });
    });
    const main = lines.filter((line) => line.pane === "");
    const time = main.at(-1)?.time ?? Date.now();
    const until = new Line(`— until ${new Date(time).toLocaleString()} —`, null, { kind: "note", type: "note", time });
    this.#client.output.restore(ended ? [...main, until] : main);
    for (const line of lines) if (line.pane !== "") this.#client.hub.tell("client:restored", line);
  }
}

/** @param {import("../main.js").Client} client */
export function install(client) {
  client.settings.define({
    key: "output.keep",
    label: "Keep what was said in this browser",
    help: "The last 10,000 lines of each character, until you sign out. Switching it off forgets them.",
    kind: "bool",
    initial: true,
    section: "Text",
    place: "browser",
  });
  client.keep = new Keeper(client);
}
