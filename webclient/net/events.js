// The session without a websocket (docs/websocket.md): what the server says comes as a stream of events, what is said
// to it goes by POST, one after the other. A stream that breaks goes on after the last event, and a request that was
// not answered is sent again under the same number. link.js owns the one there is.

import { pause } from "./connection.js";
import { isLine } from "./resume.js";
import { EventReader } from "./sse.js";

/** Messages to the server that may wait until it has them. */
const LIMIT = 200;

/** How long a request may take, in milliseconds; the server holds one for 30 seconds. */
const PATIENCE = 40_000;

/** How long a stream may be silent: the server asks for a sign of life every 30 seconds. */
const SILENCE = 75_000;

/** How a session is reached. @typedef {{ csessid: string, events: string }} Address */

export class Events {
  #address;
  #listener;
  #as;
  /** @type {Address | null} */
  #session = null;
  /** Number of the last event that came. */
  #heard = 0;
  /** Messages that were lost with the session before. */
  #lost = 0;
  /** Messages of which the page before did not know whether they had arrived. */
  #unsure = 0;
  /** Messages to be sent, oldest first, and how many were sent before. @type {string[]} */
  #queue = [];
  #sent = 0;
  #posting = false;
  #open = false;
  #failures = 0;
  /** Ends the stream that is read. @type {AbortController | null} */
  #stream = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #doubt;

  /**
   * @param {string} address `/webclientdata`, whole
   * @param {import("./connection.js").Listener & { onRefused?: () => void }} listener onRefused: there is no such
   *   session to be had here, so websockets were not what failed
   * @param {{ as?: string, saved?: any }} [options]
   */
  constructor(address, listener, { as = "", saved = null } = {}) {
    this.#address = address;
    this.#listener = listener;
    this.#as = as;
    if (saved !== null) {
      this.#session = { csessid: saved.csessid, events: saved.events };
      this.#heard = saved.heard;
      this.#sent = saved.sent;
      this.#unsure = saved.waiting ?? 0;
    }
  }

  get saved() {
    if (this.#session === null) return null;
    // What waits goes with the page; whether the first of it has arrived, nobody knows.
    const waiting = this.#queue.filter(isLine).length;
    return { ...this.#session, heard: this.#heard, sent: this.#sent + this.#queue.length, waiting };
  }

  get heard() {
    return this.#heard;
  }

  /** The server keeps what it has sent for a while, whatever it is told. @param {number} _heard */
  safe(_heard) {}

  get isOpen() {
    return this.#open;
  }

  /** Tries now, unless there is a connection. */
  open() {
    if (this.#stream !== null) return;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#say("connecting");
    const stream = new AbortController();
    this.#stream = stream;
    this.#run(stream);
  }

  /** The network is back, or the page is looked at again. */
  hurry() {
    if (this.#retry !== undefined) this.open();
    else if (this.#open) this.#post("keepalive").catch(() => this.#break());
  }

  /** Gives up without a word. */
  drop() {
    clearTimeout(this.#retry);
    clearTimeout(this.#doubt);
    this.#retry = undefined;
    this.#stream?.abort();
    this.#stream = null;
    this.#open = false;
  }

  /** Leaves; `open` comes back. */
  close() {
    if (this.#session !== null) this.#post("close").catch(() => {});
    this.drop();
    this.#end();
  }

  /**
   * Sends a message, or keeps it until it can be sent; says whether either could be done.
   * @param {string} name @param {unknown[]} args @param {Record<string, unknown>} kwargs
   */
  send(name, args = [], kwargs = {}) {
    if (this.#session === null || this.#queue.length >= LIMIT) return false;
    this.#queue.push(JSON.stringify([name, args, kwargs]));
    this.#flush();
    return true;
  }

  /** @param {import("./connection.js").State} state @param {Partial<import("./connection.js").News>} news */
  #say(state, news = {}) {
    const resumed = this.#session !== null;
    this.#listener.onState(state, { resumed, missed: false, lost: 0, unsure: 0, replaced: false, ...news });
  }

  /** Begins a session if there is none, and reads its events until they break. @param {AbortController} stream */
  async #run(stream) {
    const before = this.#session !== null;
    try {
      if (this.#session === null) await this.#begin();
      if (stream !== this.#stream) return;
      await this.#read(stream, before);
    } catch (error) {
      if (stream !== this.#stream) return;
      if (error instanceof Gone && before && !this.#open) {
        // The session of before has ended; a new one begins.
        this.#lost = this.#queue.filter(isLine).length;
        this.#end();
        this.#stream = null;
        return this.open();
      }
      if (error instanceof Gone && this.#open) return this.#closed();
      if (this.#session === null) this.#listener.onRefused?.();
    }
    if (stream === this.#stream) this.#break();
  }

  async #begin() {
    const answer = await this.#post("init");
    const { csessid, events } = await answer.json();
    if (typeof csessid !== "string" || typeof events !== "string") throw new Error("no session");
    this.#session = { csessid, events };
    this.#heard = this.#sent = 0;
  }

  /** @param {AbortController} stream @param {boolean} before the session was there already */
  async #read(stream, before) {
    const session = /** @type {Address} */ (this.#session);
    const url = new URL(session.events, this.#address);
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(this.#heard) };
    clearTimeout(this.#doubt);
    this.#doubt = setTimeout(() => this.#break(), PATIENCE);
    const answer = await fetch(url, { headers, signal: stream.signal, cache: "no-store" });
    if (answer.status === 404) throw new Gone();
    if (!answer.ok || answer.body === null) throw new Error(String(answer.status));
    this.#failures = 0;
    this.#open = true;
    this.#say("open", { resumed: before, lost: this.#lost, unsure: this.#unsure });
    this.#lost = this.#unsure = 0;
    this.#flush();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const events = new EventReader();
    for (;;) {
      clearTimeout(this.#doubt);
      this.#doubt = setTimeout(() => this.#break(), SILENCE);
      const { value, done } = await reader.read();
      if (stream !== this.#stream) return;
      if (done) return;
      for (const event of events.read(value)) this.#received(event);
    }
  }

  /** @param {import("./sse.js").SentEvent} event */
  #received({ id, data }) {
    const number = Number(id);
    if (number <= this.#heard) return;
    const missed = number > this.#heard + 1;
    this.#heard = number;
    if (missed) this.#say("open", { resumed: true, missed });
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      console.warn("not JSON:", data);
      return;
    }
    const [name, args, kwargs] = Array.isArray(message) ? message : [];
    if (typeof name !== "string") return;
    if (name === "ajax_keepalive") {
      this.#post("keepalive").catch(() => {});
      return;
    }
    if (name === "connection_close") return this.#closed();
    const keywords = kwargs !== null && typeof kwargs === "object" ? kwargs : {};
    this.#listener.onMessage(name, Array.isArray(args) ? args : [], keywords);
  }

  /** Sends what waits, one after the other; a message that may not have arrived is sent again with its number. */
  async #flush() {
    if (this.#posting || !this.#open) return;
    this.#posting = true;
    try {
      while (this.#queue.length > 0 && this.#open) {
        const session = this.#session;
        await this.#post("input", { data: this.#queue[0], number: String(this.#sent + 1) });
        if (session !== this.#session) return;
        this.#queue.shift();
        this.#sent += 1;
      }
    } catch (error) {
      if (error instanceof Gone) this.#closed();
      else if (error instanceof Refused) this.#queue.shift();
      else this.#break();
    } finally {
      this.#posting = false;
    }
  }

  /** @param {string} mode @param {Record<string, string>} fields */
  async #post(mode, fields = {}) {
    const url = new URL(this.#address);
    if (mode === "init" && this.#as !== "") url.searchParams.set("as", this.#as);
    const body = new URLSearchParams({ mode, ...fields });
    if (this.#session !== null && mode !== "init") body.set("csessid", this.#session.csessid);
    const answer = await fetch(url, {
      method: "POST",
      body,
      keepalive: mode === "close",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 404) throw new Gone();
    if (answer.status === 400 || answer.status === 413) throw new Refused();
    if (!answer.ok) throw new Error(String(answer.status));
    return answer;
  }

  /** The stream is gone; a new one is opened soon. */
  #break() {
    this.drop();
    this.#say("waiting");
    this.#retry = setTimeout(() => this.open(), pause(this.#failures, Math.random()));
    this.#failures += 1;
  }

  /** The game has ended the session. */
  #closed() {
    const lost = this.#queue.filter(isLine).length;
    this.drop();
    this.#end();
    this.#say("closed", { lost });
  }

  #end() {
    this.#session = null;
    this.#queue = [];
    this.#heard = this.#sent = 0;
  }
}

/** There is no such session any more. */
class Gone extends Error {}

/** The server would not have it, however often it is sent. */
class Refused extends Error {}
