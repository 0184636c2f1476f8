// The websocket to the Portal: JSON arrays [name, [args], {kwargs}] both ways (v1.evennia.com), a sign of
// life now and then, and a new try, after a pause that grows, when it is lost. main.js owns the one there is.

const SUBPROTOCOL = "v1.evennia.com";

/** How often the server hears that the page is there, in milliseconds; below what proxies usually wait. */
const IDLE_EVERY = 3 * 60_000;

/** First and longest pause before a new try, in milliseconds. */
const PAUSES = { first: 1_000, longest: 30_000 };

/** The websocket was closed on purpose (RFC 6455, section 7.4.1). */
const NORMAL = 1000;

/**
 * @typedef {object} Listener
 * @property {(state: State) => void} onState the state has changed
 * @property {(name: string, args: unknown[], kwargs: Record<string, unknown>) => void} onMessage a message came
 */

/** @typedef {"connecting" | "open" | "waiting" | "closed"} State waiting: for the next try; closed: by the game */

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
  #listener;
  /** @type {WebSocket | null} */
  #socket = null;
  #failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #idle;

  /**
   * @param {string} address `ws:` or `wss:`
   * @param {Listener} listener
   */
  constructor(address, listener) {
    this.#address = address;
    this.#listener = listener;
  }

  /** Tries now, unless there is a connection. */
  open() {
    if (this.#socket !== null) return;
    this.#forget();
    this.#listener.onState("connecting");
    const socket = new WebSocket(this.#address, SUBPROTOCOL);
    this.#socket = socket;
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", (event) => this.#received(event.data));
    socket.addEventListener("close", (event) => this.#lost(socket, event.code));
  }

  /** Tries now if a try is due later anyway: the network is back, or the page is looked at again. */
  hurry() {
    if (this.#retry !== undefined) this.open();
  }

  /** Leaves; `open` comes back. */
  close() {
    this.send("websocket_close");
    this.#socket?.close(NORMAL);
    this.#forget();
  }

  /**
   * Sends a message; says whether there was a connection to send it on.
   * @param {string} name
   * @param {unknown[]} args
   * @param {Record<string, unknown>} kwargs
   */
  send(name, args = [], kwargs = {}) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify([name, args, kwargs]));
    return true;
  }

  #opened() {
    this.#failures = 0;
    this.#idle = setInterval(() => this.send("text", ["idle"]), IDLE_EVERY);
    this.#listener.onState("open");
  }

  /** @param {unknown} data */
  #received(data) {
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
    const keywords = kwargs !== null && typeof kwargs === "object" ? kwargs : {};
    this.#listener.onMessage(name, Array.isArray(args) ? args : [], keywords);
  }

  /** @param {WebSocket} socket @param {number} code */
  #lost(socket, code) {
    if (socket !== this.#socket) return;
    this.#forget();
    if (code === NORMAL) {
      this.#listener.onState("closed");
      return;
    }
    this.#listener.onState("waiting");
    this.#retry = setTimeout(() => this.open(), pause(this.#failures, Math.random()));
    this.#failures += 1;
  }

  #forget() {
    this.#socket = null;
    clearInterval(this.#idle);
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }
}
