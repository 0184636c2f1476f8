// What a session needs to outlive its websocket (docs/websocket.md): the ticket, the count of what the server has
// said, and what was sent and may not have arrived. No clock, no socket: connection.js has those.

/** Messages to the server that may wait until it has them. */
const LIMIT = 200;

/** What the player has typed, among the messages. @param {string} message */
export const isLine = (message) => message.startsWith('["text",');

/** After so many messages the server is told that it may forget them. */
export const TELL_EVERY = 64;

/**
 * @typedef {object} Terms what the server says of a session at the beginning of a connection
 * @property {boolean} resumed it is the one from before
 * @property {boolean} missed something that was said meanwhile is gone
 * @property {number} lost lines of ours that never arrived
 */

/**
 * What a page needs that takes a session over from the page before.
 * @typedef {object} SavedSession
 * @property {string} ticket
 * @property {number} heard messages of the server that have come
 * @property {number} sent messages of ours
 * @property {number[]} [lines] those of them that are lines and may not have arrived
 */

export class Resume {
  #ticket = "";
  /** Messages of the server that have come, and as many as it was told of. */
  #heard = 0;
  #told = 0;
  /** Messages of ours that the server has, and those after them, oldest first. */
  #taken = 0;
  /** @type {string[]} */
  #kept = [];
  /** Messages of the server that are written down, and need not be had again after a crash; all, if nobody writes. */
  #safe = Infinity;
  /** Messages that were sent before the page was loaded anew, and which of them were lines that may be lost. */
  #before = 0;
  /** @type {number[]} */
  #unsure = [];

  /** Whether there is a session to come back to. */
  get possible() {
    return this.#ticket !== "";
  }

  /** Whether the server is to be told what has come. */
  get owes() {
    return Math.min(this.#heard, this.#safe) - this.#told >= TELL_EVERY;
  }

  /** How many messages of the server have come. */
  get heard() {
    return this.#heard;
  }

  /**
   * Only so many are written down; the server is asked to keep the others.
   * @param {number} heard
   */
  safe(heard) {
    this.#safe = heard;
  }

  /** What a page needs that takes the session over, once it is loaded anew. @returns {SavedSession | null} */
  get saved() {
    if (!this.possible) return null;
    const before = this.#taken + this.#before;
    const lines = this.#kept.flatMap((message, at) => (isLine(message) ? [before + at + 1] : []));
    return {
      ticket: this.#ticket,
      heard: this.#heard,
      sent: before + this.#kept.length,
      lines: [...this.#unsure, ...lines],
    };
  }

  /**
   * Takes over the session of the page that was here before.
   * @param {SavedSession} saved
   */
  restore({ ticket, heard, sent, lines = [] }) {
    this.#unsure = lines;
    this.#ticket = ticket;
    this.#heard = this.#told = heard;
    this.#before = sent;
  }

  /** What the address of a websocket asks for. */
  query() {
    return this.possible ? `?resume=${this.#ticket}&heard=${this.#heard}` : "?resume=";
  }

  /**
   * Keeps a message of ours until the server has it; says whether there was room.
   * @param {string} message
   */
  keep(message) {
    if (this.#kept.length >= LIMIT) return false;
    this.#kept.push(message);
    return true;
  }

  /** What is to be sent, or sent again, at the beginning of a connection. */
  kept() {
    return [...this.#kept];
  }

  /**
   * The server has taken so many of ours.
   * @param {unknown} taken
   */
  forget(taken) {
    if (typeof taken !== "number" || taken <= this.#taken) return;
    this.#kept.splice(0, taken - this.#taken);
    this.#taken = taken;
  }

  /** A message came that counts. */
  count() {
    this.#heard += 1;
  }

  /** What tells the server how many have come. */
  tell() {
    this.#told = Math.max(this.#told, Math.min(this.#heard, this.#safe));
    return JSON.stringify(["heard", [this.#told], {}]);
  }

  /**
   * The first message on a connection was a ticket.
   * @param {unknown} ticket
   * @param {Record<string, unknown>} terms
   * @returns {Terms}
   */
  begin(ticket, terms) {
    const before = this.possible;
    const resumed = terms.resumed === true;
    let lost = 0;
    if (before && !resumed) {
      lost = this.end();
    }
    if (this.#before > 0) {
      // Where we stand only the server knows; what it has not taken went with the old page.
      const taken = Number(terms.heard);
      lost = this.#unsure.filter((number) => number > taken).length;
      this.#before = 0;
      this.#unsure = [];
      this.#taken = taken;
    }
    this.#ticket = String(ticket);
    this.#heard = this.#told = Number(terms.after);
    this.forget(terms.heard);
    return { resumed, missed: terms.missed === true, lost };
  }

  /** There is nothing to come back to; says how many lines of ours are lost with it. */
  end() {
    const lost = this.possible ? this.#kept.filter(isLine).length : 0;
    this.#ticket = "";
    this.#heard = this.#told = this.#taken = this.#before = 0;
    this.#safe = Infinity;
    this.#kept = [];
    this.#unsure = [];
    return lost;
  }
}
