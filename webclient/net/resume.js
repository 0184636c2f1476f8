// What a session needs to outlive its websocket (docs/websocket.md): the ticket, the count of what the server has
// said, and what was sent and may not have arrived. No clock, no socket: connection.js has those.

/** Messages to the server that may wait until it has them. */
const LIMIT = 200;

/** After so many messages the server is told that it may forget them. */
export const TELL_EVERY = 64;

/**
 * @typedef {object} Terms what the server says of a session at the beginning of a connection
 * @property {boolean} resumed it is the one from before
 * @property {boolean} missed something that was said meanwhile is gone
 * @property {number} lost messages of ours that never arrived, because the session is gone
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

  /** Whether there is a session to come back to. */
  get possible() {
    return this.#ticket !== "";
  }

  /** Whether the server is to be told what has come. */
  get owes() {
    return this.#heard - this.#told >= TELL_EVERY;
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
    this.#told = this.#heard;
    return JSON.stringify(["heard", [this.#heard], {}]);
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
      lost = this.#kept.length;
      this.end();
    }
    this.#ticket = String(ticket);
    this.#heard = this.#told = Number(terms.after);
    this.forget(terms.heard);
    return { resumed, missed: terms.missed === true, lost };
  }

  /** There is nothing to come back to; says how many messages of ours are lost with it. */
  end() {
    const lost = this.possible ? this.#kept.length : 0;
    this.#ticket = "";
    this.#heard = this.#told = this.#taken = 0;
    this.#kept = [];
    return lost;
  }
}
