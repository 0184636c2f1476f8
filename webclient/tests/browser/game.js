// What the tests play with: a game in a folder of its own, players by telnet, players in the browser. A test takes
// `game` from here and gets one that runs; whatever it started is gone when it ends.
//
// A game takes a second or two to start. Tests that do not mind other players around take `together` instead of `test`:
// all of them in one worker share a game, and call themselves by `game.name(..)`, since names are taken only once.
//
// The program carries the client's files. To try others without building it, give the checkout they are in:
// `WEB=/path/to/checkout npm run browser`. They are copied into the game's folder, where a game's own files lie.

import { test as base, expect } from "@playwright/test";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

export { expect };

const run = promisify(execFile);

/** A checkout whose client and site are served instead of the program's own. */
const WEB = process.env.WEB;

const PROGRAM = resolve(process.env.MEADOW ?? join(import.meta.dirname, "../../../target/debug/meadow"));

/** What every player of a test has. */
export const PASSWORD = "correct-horse-9";

/** What a browser writes into its console when a test cuts the network, or stops the game. */
export const CUT = /net::ERR_|^WebSocket connection to/;

/** How long anything may take, in milliseconds. */
const PATIENCE = 20_000;

/** A game that runs in the background. */
export class Game {
  /** @param {string} root @param {string[]} settings */
  constructor(root, settings) {
    this.root = root;
    this.folder = join(root, "game");
    this.settings = settings;
    /** Address of the site, with a `/` at its end. */
    this.site = "";
    /** @type {{ host: string, port: number }} */
    this.telnet = { host: "127.0.0.1", port: 0 };
    /** @type {Telnet[]} */
    this.players = [];
    this.named = 0;
  }

  /** A name that nobody has yet. @param {string} name letters */
  name(name) {
    this.named += 1;
    return name + this.named;
  }

  /** @param {Record<string, string>} [own] settings other than the defaults */
  static async start(own = {}) {
    const root = await mkdtemp(join(tmpdir(), "meadow-browser-"));
    // A port that stays the same when the Portal is started again.
    const port = await freePort();
    const all = {
      "web.listen": `127.0.0.1:${port}`,
      "telnet.listen": "127.0.0.1:0",
      "tls.enabled": "false",
      "web.tls_listen": "127.0.0.1:0",
      "ssh.enabled": "false",
      ...own,
    };
    if (WEB !== undefined) {
      const filter = (/** @type {string} */ path) => !/\/(?:node_modules|tests)$/.test(path);
      for (const part of ["webclient", "website"]) {
        await cp(resolve(WEB, part), join(root, "game", "web", part), { recursive: true, filter });
      }
    }
    const game = new Game(root, Object.entries(all).flatMap(([key, value]) => ["--set", `${key}=${value}`]));
    await game.begin();
    return game;
  }

  /** Starts it, and learns where it listens. */
  async begin() {
    await this.meadow("start");
    await this.locate();
  }

  /** Learns where it listens: a Portal that is started anew takes other ports. */
  async locate() {
    const { services } = JSON.parse((await this.meadow("status", "--json")).stdout);
    const address = (/** @type {string} */ name) => {
      const found = services.find((/** @type {{ name: string }} */ service) => service.name === name);
      if (found === undefined) throw new Error(`there is no service ${name}`);
      const [host, port] = found.address.split(":");
      return { host, port: Number(port) };
    };
    const web = address("web");
    this.site = `http://${web.host}:${web.port}/`;
    this.telnet = address("telnet");
  }

  /** Runs the launcher on this game. @param {string[]} args */
  meadow(...args) {
    // In a folder of its own: in a crate's, `reload` would build it first, and wait for whatever else builds there.
    return run(PROGRAM, ["--dir", this.folder, ...this.settings, ...args], { cwd: this.root, timeout: 60_000 });
  }

  /** Where the client is. @param {string} [query] */
  client(query = "") {
    return `${this.site}webclient/${query}`;
  }

  /** The number of one of its processes. @param {"portal" | "server"} process */
  async pid(process) {
    const status = JSON.parse((await this.meadow("status", "--json")).stdout);
    return /** @type {number} */ (status[process].pid);
  }

  /** A player by telnet, who has logged in. @param {string} name */
  async player(name) {
    const player = await this.stranger();
    await player.ask(`create ${name} ${PASSWORD}`, "Is this what you intended?");
    await player.ask("y", "You can now log in");
    await player.ask(`connect ${name} ${PASSWORD}`, "Exits:");
    return player;
  }

  /** Somebody by telnet. */
  async stranger() {
    const player = new Telnet(this.telnet);
    this.players.push(player);
    await player.expect("hangs up.");
    return player;
  }

  /** An account that may do everything. @param {string} name */
  async superuser(name) {
    const made = this.meadow("superuser", name, "--password-stdin");
    made.child.stdin?.end(`${PASSWORD}\n`);
    await made;
  }

  /** What its logs say, for a test that failed. */
  async logs() {
    const read = (/** @type {string} */ name) => readFile(join(this.folder, "logs", name), "utf8").catch(() => "");
    return `${await read("portal.log")}\n${await read("server.log")}`;
  }

  async end() {
    for (const player of this.players) player.end();
    await this.meadow("stop").catch(() => {});
    await rm(this.root, { recursive: true, force: true });
  }
}

/** A player by telnet, without options. */
export class Telnet {
  #socket;
  #heard = "";
  #seen = 0;
  /** @type {(() => void)[]} */
  #waiting = [];

  /** @param {{ host: string, port: number }} address */
  constructor(address) {
    this.#socket = connect(address);
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (data) => {
      this.#heard += strip(String(data));
      this.#waiting.splice(0).forEach((wake) => wake());
    });
    this.#socket.on("error", () => {});
  }

  /** All that came so far. */
  get heard() {
    return Buffer.from(this.#heard, "latin1").toString("utf8");
  }

  /** @param {string} line */
  send(line) {
    this.#socket.write(`${Buffer.from(line, "utf8").toString("latin1")}\r\n`, "latin1");
  }

  /** Waits for a text, from where the last one ended. @param {string} text */
  async expect(text) {
    const wanted = Buffer.from(text, "utf8").toString("latin1");
    const end = Date.now() + PATIENCE;
    for (;;) {
      const at = this.#heard.indexOf(wanted, this.#seen);
      if (at >= 0) {
        this.#seen = at + wanted.length;
        return;
      }
      if (Date.now() > end) {
        throw new Error(`no ${JSON.stringify(text)} in ${JSON.stringify(this.#heard.slice(this.#seen))}`);
      }
      await new Promise((wake) => {
        const timer = setTimeout(wake, 500);
        this.#waiting.push(() => { clearTimeout(timer); wake(undefined); });
      });
    }
  }

  /** @param {string} line @param {string} answer */
  async ask(line, answer) {
    this.send(line);
    await this.expect(answer);
  }

  end() {
    this.#socket.destroy();
  }
}

/** Without telnet's commands and a terminal's sequences. @param {string} text */
function strip(text) {
  // A negotiation never comes in two pieces here: the Portal writes it whole.
  return text.replace(/\xff\xfa[^]*?\xff\xf0|\xff[\xfb-\xfe][^]|\xff[^]/g, "").replace(/\x1b\[[\d;]*m/g, "").replace(/\r/g, "");
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolved, failed) => {
    const server = createServer();
    server.on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === "object" ? resolved(address.port) : failed(new Error("no port"))));
    });
  });
}

/** A player in the browser. */
export class Player {
  /** @param {import("@playwright/test").Page} page @param {Game} game */
  constructor(page, game) {
    this.page = page;
    this.game = game;
    this.log = page.locator("#log");
    this.line = page.getByRole("textbox", { name: "Command" });
    /** Whatever the page complained of. @type {string[]} */
    this.errors = [];
    /** @type {RegExp[]} */
    this.caused = [];
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      const complaint = `${message.text()} (${message.location().url})`;
      if (message.type() === "error" && !this.caused.some((one) => one.test(complaint))) this.errors.push(complaint);
    });
  }

  /** From now on the test breaks something, of which the page may complain in this way. @param {RegExp} complaint */
  causes(complaint) {
    this.caused.push(complaint);
  }

  /** Opens the client. @param {string} [query] */
  async open(query) {
    await this.page.goto(this.game.client(query));
    await this.sees("hangs up.");
  }

  /** Makes an account on the login screen, and logs in. @param {string} name */
  async register(name) {
    await this.types(`create ${name} ${PASSWORD}`);
    await this.isAsked("Is this what you intended?");
    await this.types("y");
    await this.sees("You can now log in");
    await this.logIn(name);
  }

  /** @param {string} name */
  async logIn(name) {
    await this.types(`connect ${name} ${PASSWORD}`);
    await this.sees("Exits:");
  }

  /** @param {string} line */
  async types(line) {
    await this.line.fill(line);
    await this.line.press("Enter");
  }

  /** What stands above the line. @param {string | RegExp} text */
  async isAsked(text) {
    await expect(this.page.locator("#prompt")).toContainText(text);
  }

  /** @param {string | RegExp} text */
  async sees(text) {
    await expect(this.log).toContainText(text);
  }

  /** What stands in the scrollback, drawn or not. @returns {Promise<string[]>} */
  lines() {
    return this.page.evaluate(async () => {
      const { client } = await import(String(new URL("main.js", document.baseURI)));
      return client.output.store.list().map((/** @type {{ text: string }} */ line) => line.text);
    });
  }

  /**
   * As if the game had sent it.
   * @param {string} name @param {Record<string, unknown>} [kwargs] @param {unknown[]} [args]
   */
  hears(name, kwargs = {}, args = []) {
    return this.page.evaluate(async ([name, kwargs, args]) => {
      const { client } = await import(String(new URL("main.js", document.baseURI)));
      client.hub.emit({ name, kwargs, args });
    }, /** @type {const} */ ([name, kwargs, args]));
  }

  /** @param {string} key @param {unknown} value */
  set(key, value) {
    return this.page.evaluate(async ([key, value]) => {
      const { client } = await import(String(new URL("main.js", document.baseURI)));
      client.settings.set(key, value);
    }, /** @type {const} */ ([key, value]));
  }
}

/**
 * The player of a test, whose page is to complain of nothing.
 * @param {{ page: import("@playwright/test").Page, game: Game }} fixtures
 * @param {(player: Player) => Promise<void>} use
 */
async function playing({ page, game }, use) {
  const player = new Player(page, game);
  await use(player);
  expect(player.errors, "the page complains of nothing").toEqual([]);
}

/** @type {ReturnType<typeof base.extend<{ settings: Record<string, string>, game: Game, player: Player }>>} */
export const test = base.extend({
  /** Settings of the game, for `test.use`. */
  settings: [{}, { option: true }],
  game: async ({ settings }, use, info) => {
    const game = await Game.start(settings);
    await use(game);
    if (info.status !== info.expectedStatus) console.log(await game.logs());
    await game.end();
  },
  player: playing,
});

/** What allows many tests to play in one game. */
const ROOM_FOR_ALL = {
  "accounts.creations_per_address": "1000",
  "accounts.logins_per_address": "1000",
  "accounts.max_characters": "3",
};

/**
 * Tests that share a game with those before and after them.
 * @type {ReturnType<typeof base.extend<{ player: Player, logs: void }, { game: Game }>>}
 */
export const together = base.extend({
  game: [
    async (/** @type {{}} */ {}, /** @type {(game: Game) => Promise<void>} */ use) => {
      const game = await Game.start(ROOM_FOR_ALL);
      await use(game);
      await game.end();
    },
    { scope: "worker" },
  ],
  player: playing,
  logs: [
    async (
      /** @type {{ game: Game }} */ { game },
      /** @type {() => Promise<void>} */ use,
      /** @type {import("@playwright/test").TestInfo} */ info,
    ) => {
      await use();
      if (info.status !== info.expectedStatus) console.log(await game.logs());
    },
    { auto: true },
  ],
});
