// Puts the connection and the hub together, and tells the player how the connection is. A page that is loaded anew
// takes the session of the page before; where websockets are blocked, events and requests take their place.

import { hasChanged } from "./account.js";
import { Connection } from "./connection.js";
import { claim, load, newId, save } from "./tab.js";

/** How often the tab writes down where its session is, in milliseconds. */
const REMEMBER = 2_000;

/** How soon requests are tried again after they got through no better than websockets, in milliseconds. */
const DETOUR = 60_000;

/** In sessionStorage: websockets do not get through here. */
const BLOCKED = "meadow.blocked";

/** What the player is told of the connection. @type {Record<import("./connection.js").State, string>} */
const STATES = {
  connecting: "Connecting.",
  open: "Connected.",
  waiting: "No connection. Trying again soon.",
  closed: "Disconnected.",
};

/** The same while the session may go on. */
const AGAIN = {
  connecting: "Reconnecting. What you type is kept.",
  open: "Connected again.",
  waiting: "Reconnecting. What you type is kept.",
  closed: STATES.closed,
};

/** How long "Connected again." is of interest, in milliseconds. */
const NEWS = 5_000;

/** @param {number} lost */
const linesWere = (lost) => (lost === 1 ? "a line that you typed was" : `${lost} lines that you typed were`);

/**
 * What there is to say of the connection, beside its state; it is said in the output, where it stays.
 * @param {import("./connection.js").News} news
 * @returns {string[]}
 */
export function notes({ resumed, missed, lost, unsure, replaced }) {
  const all = [];
  if (replaced) all.push("Your session goes on in another window.");
  if (missed) all.push("Some of what was said meanwhile is missing here.");
  if (lost > 0) {
    if (!resumed) all.push(`Your session has ended, and ${linesWere(lost)} not sent.`);
    else all.push(`The connection broke, and ${linesWere(lost)} not sent.`);
  }
  if (unsure > 0 && resumed) all.push("The page was loaded anew while you sent something: see whether it was done.");
  return all;
}

export class Link {
  #client;
  #status = /** @type {HTMLElement} */ (document.getElementById("status"));
  #button = /** @type {HTMLButtonElement} */ (document.getElementById("connect"));
  #as = new URL(location.href).searchParams.get("as") ?? "";
  /** @type {Connection | import("./events.js").Events} */
  #connection;
  /** How the server is reached. @type {"websocket" | "events"} */
  #kind = "websocket";
  /** What of it was heard last. */
  #told = "";
  #id = "";
  /** Which session to go on with has been found out. */
  #started = false;
  #loggedIn = false;
  /** Until when it is not tried whether requests get through. */
  #noDetour = 0;
  /** The page was loaded anew, and it is not known yet whether its session is still there. */
  #returning = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settling;

  /** @param {import("../main.js").Client} client */
  constructor(client) {
    this.#client = client;
    this.#connection = this.#websocket(null);
    this.#button.addEventListener("click", () => {
      this.#connection.open();
      client.entry.focus();
    });
    window.addEventListener("online", () => this.#connection.hurry());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#remember();
      else this.#connection.hurry();
    });
    window.addEventListener("pagehide", () => this.#remember());
    // A phone stops a page that is out of sight, and lets it go on later (Page Lifecycle).
    document.addEventListener("freeze", () => this.#remember());
    document.addEventListener("resume", () => this.#connection.hurry());
    // The browser keeps a page that one comes back to, but not its connections.
    window.addEventListener("pageshow", (event) => event.persisted && this.#connection.hurry());
    setInterval(() => this.#remember(), REMEMBER);
    client.hub.on("logged_in", () => (this.#loggedIn = true));
  }

  /** Connects: to the session of the page before, if there is one. */
  async start() {
    const { keep } = this.#client;
    const saved = load();
    // Whoever has signed out since, or has made room for another one, has left this session.
    if (saved !== null && (await hasChanged(keep))) {
      save(null);
      return location.reload();
    }
    // A login screen is worth nothing; a new session logs in by itself if the player has signed in meanwhile.
    if (saved?.loggedIn && saved.as === this.#as && (await claim(saved.id))) {
      this.#id = saved.id;
      this.#returning = true;
      const heard = await keep.restore(saved.id);
      const state = { ...saved.state, heard: heard ?? saved.state.heard };
      this.#connection = saved.kind === "events" ? await this.#events(state) : this.#websocket(state);
      if (heard !== null) this.#connection.safe(heard);
      if (!this.#loggedIn) this.#client.hub.emit({ name: "logged_in" });
    } else if (isBlocked()) {
      this.#connection = await this.#events(null);
    }
    this.#started = true;
    this.#connection.open();
  }

  /** Whether what is sent goes out. */
  get isOpen() {
    return this.#connection.isOpen;
  }

  /** How many messages of the server have come. */
  get heard() {
    return this.#connection.heard;
  }

  /** Only so many of them are written down. @param {number} heard */
  safe(heard) {
    this.#connection.safe(heard);
  }

  /** Says something of the connection, quietly. @param {string} text @param {boolean} [news] whether it is to be heard */
  say(text, news = true) {
    clearTimeout(this.#settling);
    this.#status.ariaLive = news && text !== this.#told ? "polite" : "off";
    if (news) this.#told = text;
    if (this.#status.textContent !== text) this.#status.textContent = text;
    this.#status.toggleAttribute("data-long", text !== STATES.open);
  }

  /** What was said last is of no interest any more. */
  settle() {
    if (this.#connection.isOpen) this.say(STATES.open, false);
  }

  /** The player wants in, and there is no way yet. */
  enter() {
    // Before that, it would be another session.
    if (this.isOpen) this.#connection.hurry();
    else if (this.#started) this.#connection.open();
    this.say(`${this.isOpen ? "Connected" : "Connecting"}; your line was not sent yet.`);
  }

  /** Ends the session, and forgets it. */
  leave() {
    this.#connection.close();
    save(null);
  }

  /** @param {string} name @param {unknown[]} args @param {Record<string, unknown>} kwargs */
  send(name, args, kwargs) {
    return this.#connection.send(name, args, kwargs);
  }

  /** @param {any} saved */
  #websocket(saved) {
    const address = new URL("../ws", document.baseURI);
    address.protocol = address.protocol.replace("http", "ws");
    address.search = address.hash = "";
    return new Connection(address.href, { ...this.#listener(), onBlocked: () => this.#blocked() }, { as: this.#as, saved });
  }

  /** @param {any} saved @param {() => void} [refused] no session was to be had */
  async #events(saved, refused) {
    // Hardly anybody needs it.
    const { Events } = await import("./events.js");
    this.#kind = "events";
    const address = new URL("../webclientdata", document.baseURI);
    address.search = address.hash = "";
    return new Events(address.href, { ...this.#listener(), onRefused: refused }, { as: this.#as, saved });
  }

  /** No websocket gets through: perhaps requests do. */
  async #blocked() {
    const websocket = this.#connection;
    if (Date.now() < this.#noDetour || websocket.saved !== null || !(websocket instanceof Connection)) return;
    websocket.drop();
    const refused = () => {
      // It is the server that is away.
      this.#noDetour = Date.now() + DETOUR;
      this.#connection.drop();
      this.#connection = websocket;
      this.#kind = "websocket";
      websocket.later();
    };
    try {
      this.#connection = await this.#events(null, refused);
      this.#connection.open();
    } catch {
      refused();
    }
  }

  #listener() {
    return {
      onState: this.#changed.bind(this),
      onMessage: (/** @type {string} */ name, /** @type {any[]} */ args, /** @type {Record<string, any>} */ kwargs) =>
        this.#client.hub.emit({ name, args, kwargs }),
    };
  }

  /** @param {import("./connection.js").State} state @param {import("./connection.js").News} news */
  #changed(state, news) {
    const { hub, output, keep } = this.#client;
    // Each attempt to connect is not to be heard; what comes of it is, if it is another than the last time.
    this.say((news.resumed ? AGAIN : STATES)[state], state !== "connecting");
    this.#status.dataset.state = state;
    this.#button.hidden = state === "open" || state === "connecting";
    if (state === "open") {
      setBlocked(this.#kind === "events");
      if (news.resumed) this.#settling = setTimeout(() => this.settle(), NEWS);
      else this.#begin(keep);
    }
    if (this.#returning && state === "open" && !news.resumed) output.note("Your session from before has ended; this is a new one.");
    for (const note of notes(news)) output.note(note);
    if (state === "open") this.#returning = false;
    hub.tell("client:state", { state, news });
    this.#remember();
  }

  /** A new session has begun. @param {import("../output/keep.js").Keeper} keep */
  #begin(keep) {
    this.#id = newId();
    this.#loggedIn = false;
    claim(this.#id);
    keep.begin(this.#id);
  }

  #remember() {
    const state = this.#connection.saved;
    save(state === null || this.#id === "" ? null : { id: this.#id, kind: this.#kind, as: this.#as, loggedIn: this.#loggedIn, state });
  }
}

/** Whether websockets are known not to get through here. */
function isBlocked() {
  try {
    return sessionStorage.getItem(BLOCKED) !== null;
  } catch {
    return false;
  }
}

/** @param {boolean} blocked */
function setBlocked(blocked) {
  try {
    if (blocked) sessionStorage.setItem(BLOCKED, "1");
    else sessionStorage.removeItem(BLOCKED);
  } catch {
    // It is found out again.
  }
}

/** @param {import("../main.js").Client} client */
export function install(client) {
  const link = new Link(client);
  client.link = link;
  client.hub.wires.send = (name, args, kwargs) => link.send(name, args, kwargs);
  link.start();
}
