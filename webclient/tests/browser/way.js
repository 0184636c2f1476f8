// A way to the game that breaks when a test wants it to: it passes bytes on, as a router does, and can cut connections,
// let nothing through, fall silent, or refuse websockets as some proxies of companies and schools do. Real sockets
// break here, not mocks in the page.

import { connect, createServer } from "node:net";

/** What a proxy says that knows no websockets. */
const REFUSED = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

export class Way {
  #server;
  /** @type {Set<[import("node:net").Socket, import("node:net").Socket]>} */
  #pairs = new Set();
  #isDown = false;
  /** Requests for a websocket are refused. */
  refusesWebsockets = false;
  /** How many requests for a websocket came, refused or not. */
  websockets = 0;

  /** @param {number} port where the game listens */
  constructor(port) {
    this.port = port;
    this.#server = createServer((near) => this.#accept(near));
  }

  /** @param {import("./game.js").Game} game */
  static async to(game) {
    const way = new Way(Number(new URL(game.site).port));
    await new Promise((listening) => way.#server.listen(0, "127.0.0.1", () => listening(undefined)));
    return way;
  }

  /** Address of the site by this way, with a `/` at its end. */
  get site() {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("it does not listen");
    return `http://127.0.0.1:${address.port}/`;
  }

  /** Where the client is. */
  get client() {
    return `${this.site}webclient/`;
  }

  /** All connections break; new ones may be made. */
  cut() {
    for (const pair of this.#pairs) pair.forEach((socket) => socket.destroy());
    this.#pairs.clear();
  }

  /** All connections break, and none can be made. */
  down() {
    this.#isDown = true;
    this.cut();
  }

  up() {
    this.#isDown = false;
  }

  /** Connections stay, and nothing comes through them any more, as if the cable had been pulled. */
  silence() {
    for (const [near, far] of this.#pairs) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
  }

  async end() {
    this.cut();
    await new Promise((closed) => this.#server.close(closed));
  }

  /** @param {import("node:net").Socket} near */
  #accept(near) {
    near.on("error", () => {});
    if (this.#isDown) return void near.destroy();
    const far = connect({ host: "127.0.0.1", port: this.port });
    far.on("error", () => {});
    /** @type {[import("node:net").Socket, import("node:net").Socket]} */
    const pair = [near, far];
    this.#pairs.add(pair);
    const over = () => {
      pair.forEach((socket) => socket.destroy());
      this.#pairs.delete(pair);
    };
    near.on("close", over);
    far.on("close", over);
    // Chromium asks for a websocket on a connection of its own, so its first bytes tell.
    near.once("data", (first) => {
      if (/^upgrade: *websocket/im.test(first.toString("latin1"))) {
        this.websockets += 1;
        if (this.refusesWebsockets) return void near.end(REFUSED);
      }
      far.write(first);
      near.pipe(far);
      far.pipe(near);
    });
    return undefined;
  }
}
