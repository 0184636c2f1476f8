// The websocket to the Portal: JSON arrays [name, [args], {kwargs}] both ways (v1.evennia.com), a sign of
// life now and then, and a new try, after a pause that grows, when it is lost: the session goes on where it was.
// link.js owns the one there is; where websockets are blocked, it takes events.js instead.

import { Resume } from "./resume.js";

const SUBPROTOCOL = "v1.evennia.com";

/** How often the server is asked whether it is there, and how long it may take to say so, in milliseconds. */
const PROBE = { every: 30_000, patience: 10_000 };

/** How long it may take until a server says something to whoever connects, in milliseconds. */
const CONNECTING = 15_000;

/** After so long a try is given up for a new one when the network has come back, in milliseconds. */
const STALE = 3_000;

/** How often a server without tickets hears that the page is there, in milliseconds; proxies usually wait longer. */
const IDLE_EVERY = 3 * 60_000;

/** How soon the server hears what has come, in milliseconds, so that it need not keep it. */
const TELL_AFTER = 2_000;

/** First and longest pause before a new try, in milliseconds. */
const PAUSES = { first: 1_000, longest: 30_000 };

/** So many tries without any websocket mean that something on the way does not let them through. */
const BLOCKED_AFTER = 2;

/** The websocket was closed on purpose (RFC 6455, section 7.4.1). */
const NORMAL = 1000;

/** The session goes on over another websocket (docs/websocket.md). */
const REPLACED = 4001;

/** What we say of a websocket that is of no use any more; the session is not given up. */
const DEAD = 4000;

/**
 * @typedef {object} Listener
 * @property {(state: State, news: News) => void} onState the state has changed
 * @property {(name: string, args: unknown[], kwargs: Record<string, unknown>) => void} onMessage a message came
 * @property {() => void} [onBlocked] no websocket could be opened, again and again
 */

/** @typedef {"connecting" | "open" | "waiting" | "closed"} State waiting: for the next try; closed: by the game */

/**
 * @typedef {object} News
 * @property {boolean} resumed the session is the one from before, or may still be
 * @property {boolean} missed something that was said meanwhile is gone
 * @property {number} lost lines that were to be sent and never arrived
 * @property {number} unsure lines that were to be sent and may have arrived or not
 * @property {boolean} replaced the session goes on in another window
 */

/**
 * How long to wait before a try, with some chance in it so that not all players come back at once.
 * @param {number} failures tries that have failed since the last good one
 * @param {number} chance 0 to 1
 * @returns {number} milliseconds
 */
export function pause(failures, chance) {
  return Math.min(PAUSES.first * 2 ** failures, PAUSES.longest) * (0.5 + chance / 2);
}

export class Connection {
  #address;
  #as;
  #listener;
  #resume = new Resume();
  /** @type {WebSocket | null} */
  #socket = null;
  /** The server has told where we stand, or has nothing to tell. */
  #introduced = false;
  /** The session is known to have no ticket: nothing is kept. */
  #plain = false;
  #failures = 0;
  /** When the websocket was asked for. */
  #began = 0;
  /** Some websocket has been opened: they are not blocked. */
  #worked = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #telling;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #doubt;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #pulse;

  /**
   * @param {string} address `ws:` or `wss:`, without a query
   * @param {Listener} listener
   * @param {{ as?: string, saved?: any }} [options] as: the character to play; saved: the session of the page before
   */
  constructor(address, listener, { as = "", saved = null } = {}) {
    this.#address = address;
    this.#listener = listener;
    this.#as = as;
    if (saved !== null) this.#resume.restore(saved);
  }

  /** What a page needs that takes the session over, once it is loaded anew; null if there is none. */
  get saved() {
    return this.#resume.saved;
  }

  /** How many messages of the server have come. */
  get heard() {
    return this.#resume.heard;
  }

  /** Only so many of them are written down. @param {number} heard */
  safe(heard) {
    this.#resume.safe(heard);
  }

  /** Tries now, unless there is a connection. */
  open() {
    if (this.#socket !== null) return;
    this.#forget();
    this.#say("connecting");
    const socket = new WebSocket(this.#address + this.#query(), SUBPROTOCOL);
    this.#socket = socket;
    this.#introduced = false;
    this.#began = Date.now();
    this.#doubt = setTimeout(() => this.#giveUp(socket), CONNECTING);
    socket.addEventListener("open", () => socket === this.#socket && this.#opened());
    socket.addEventListener("message", (event) => socket === this.#socket && this.#received(event.data));
    socket.addEventListener("close", (event) => this.#lost(socket, event.code));
  }

  /** Tries again after a pause. */
  later() {
    this.#say("waiting");
    this.#retry = setTimeout(() => this.open(), pause(this.#failures, Math.random()));
    this.#failures += 1;
  }

  /** The network is back, or the page is looked at again: tries now if a try is due, or asks whether all is well. */
  hurry() {
    const isStale = this.#socket !== null && !this.isOpen && Date.now() - this.#began > STALE;
    if (isStale) this.#giveUp(this.#socket);
    if (this.#retry !== undefined) this.open();
    else this.#probe();
  }

  /** Gives up without a word; the session may go on. */
  drop() {
    const socket = this.#socket;
    this.#forget();
    socket?.close();
  }

  /** Leaves; `open` comes back. */
  close() {
    if (this.isOpen) this.#socket?.send(JSON.stringify(["websocket_close", [], {}]));
    this.#socket?.close(NORMAL);
    this.#resume.end();
    this.#forget();
  }

  /**
   * Sends a message, or keeps it until the session goes on; says whether either could be done.
   * @param {string} name
   * @param {unknown[]} args
   * @param {Record<string, unknown>} kwargs
   */
  send(name, args = [], kwargs = {}) {
    const message = JSON.stringify([name, args, kwargs]);
    // Before it is told where it stands, a session that goes on does not take anything.
    const now = this.isOpen && (this.#introduced || !this.#resume.possible);
    if (!now && !this.#resume.possible) return false;
    if (!this.#plain && !this.#resume.keep(message)) return false;
    if (now) this.#socket?.send(message);
    return true;
  }

  #query() {
    const as = this.#as !== "" ? `&as=${encodeURIComponent(this.#as)}` : "";
    return this.#resume.query() + as;
  }

  /** Whether there is a connection. */
  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** @param {State} state @param {Partial<News>} news */
  #say(state, news = {}) {
    this.#listener.onState(state, {
      resumed: this.#resume.possible,
      missed: false,
      lost: 0,
      unsure: 0,
      replaced: false,
      ...news,
    });
  }

  #opened() {
    this.#failures = 0;
    this.#worked = true;
    this.#plain = false;
    let idle = 0;
    this.#pulse = setInterval(() => {
      idle += PROBE.every;
      if (this.#resume.possible) {
        this.#probe();
      } else if (idle >= IDLE_EVERY) {
        idle = 0;
        this.send("text", ["idle"]);
      }
    }, PROBE.every);
    // Otherwise the ticket tells first whether it is the old session.
    if (this.#resume.possible) return;
    clearTimeout(this.#doubt);
    this.#doubt = undefined;
    this.#say("open");
  }

  /** Does without a websocket that leads nowhere. @param {WebSocket | null} socket */
  #giveUp(socket) {
    socket?.close(DEAD);
    // The browser may take its time to give a dead socket up.
    if (socket !== null) this.#lost(socket, DEAD);
  }

  /** Asks the server for a sign of life; without one, there is no connection. */
  #probe() {
    if (!this.isOpen || !this.#introduced || !this.#resume.possible || this.#doubt !== undefined) return;
    this.#tell();
    const socket = this.#socket;
    this.#doubt = setTimeout(() => this.#giveUp(socket), PROBE.patience);
  }

  /** Tells the server what has come. */
  #tell() {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    if (this.isOpen) this.#socket?.send(this.#resume.tell());
  }

  /** @param {unknown} data */
  #received(data) {
    clearTimeout(this.#doubt);
    this.#doubt = undefined;
    let message;
    try {
      message = JSON.parse(String(data));
    } catch {
      console.warn("not JSON:", data);
      return;
    }
    const [name, args, kwargs] = Array.isArray(message) ? message : [];
    if (typeof name !== "string") {
      console.warn("not a message:", message);
      return;
    }
    const list = Array.isArray(args) ? args : [];
    const keywords = kwargs !== null && typeof kwargs === "object" ? kwargs : {};
    if (!this.#introduced) {
      this.#introduced = true;
      if (this.#introduce(name, list, keywords)) return;
    }
    if (this.#resume.possible) {
      if (name === "heard") {
        this.#resume.forget(list[0]);
        return;
      }
      this.#resume.count();
      if (this.#resume.owes) this.#tell();
      else this.#telling ??= setTimeout(() => this.#tell(), TELL_AFTER);
    }
    this.#listener.onMessage(name, list, keywords);
  }

  /**
   * The first message of a connection; says whether it was about the connection.
   * @param {string} name @param {unknown[]} args @param {Record<string, unknown>} kwargs
   */
  #introduce(name, args, kwargs) {
    const before = this.#resume.possible;
    if (name !== "ticket") {
      const lost = this.#resume.end();
      this.#plain = true;
      if (before) this.#say("open", { lost });
      return false;
    }
    const news = this.#resume.begin(args[0], kwargs);
    if (news.resumed) this.#resume.kept().forEach((message) => this.#socket?.send(message));
    if (before) this.#say("open", news);
    return true;
  }

  /** @param {WebSocket} socket @param {number} code */
  #lost(socket, code) {
    if (socket !== this.#socket) return;
    this.#forget();
    if (code === NORMAL || code === REPLACED) {
      this.#resume.end();
      this.#say("closed", { replaced: code === REPLACED });
      return;
    }
    if (!this.#resume.possible) this.#resume.end();
    this.later();
    if (!this.#worked && this.#failures >= BLOCKED_AFTER) this.#listener.onBlocked?.();
  }

  #forget() {
    this.#socket = null;
    clearInterval(this.#pulse);
    clearTimeout(this.#retry);
    clearTimeout(this.#telling);
    clearTimeout(this.#doubt);
    this.#retry = this.#telling = this.#doubt = undefined;
  }
}
