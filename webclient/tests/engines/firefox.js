// Starts Firefox, and drives it by Marionette, which is built into it: WebDriver's commands as JSON over TCP
// (https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html). So it needs no geckodriver.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Browser } from "./webdriver.js";

/** How long it may take to start, in milliseconds. */
const STARTING = 60_000;

/** Nothing is asked, and nobody is called. */
const PREFERENCES = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "marionette.port": 0,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "toolkit.telemetry.enabled": false,
};

/** @param {string} program @returns {Promise<Browser>} */
export async function firefox(program) {
  const profile = await mkdtemp(join(tmpdir(), "meadow-firefox-"));
  const lines = Object.entries(PREFERENCES).map(([key, value]) => `user_pref(${JSON.stringify(key)}, ${JSON.stringify(value)});\n`);
  await writeFile(join(profile, "user.js"), lines.join(""));
  const child = spawn(program, ["--headless", "--no-remote", "--marionette", "--profile", profile], {
    stdio: "ignore",
    env: { ...process.env, HOME: profile },
  });
  const gone = new Promise((resolve) => child.on("exit", resolve));
  const end = async () => {
    child.kill("SIGKILL");
    await gone;
    await rm(profile, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    const wire = new Marionette(await port(profile));
    await wire.command("NewSession", { pageLoadStrategy: "normal" });
    return new Browser("Firefox", (name, fields) => wire.command(name, fields), end);
  } catch (error) {
    await end();
    throw error;
  }
}

/** Where it listens: it writes that down. @param {string} profile */
async function port(profile) {
  for (const end = Date.now() + STARTING; Date.now() < end; ) {
    const written = await readFile(join(profile, "MarionetteActivePort"), "utf8").catch(() => "");
    if (written !== "") return Number(written);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("Firefox has not started");
}

class Marionette {
  #socket;
  #rest = Buffer.alloc(0);
  #number = 0;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  #asked = new Map();

  /** @param {number} port */
  constructor(port) {
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.on("data", (data) => this.#read(Buffer.from(data)));
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => {
      for (const { reject } of this.#asked.values()) reject(new Error("Firefox is gone"));
    });
  }

  /** @param {string} name @param {Record<string, any>} [fields] @returns {Promise<any>} */
  command(name, fields = {}) {
    const number = (this.#number += 1);
    const message = JSON.stringify([0, number, `WebDriver:${name}`, fields]);
    this.#socket.write(`${Buffer.byteLength(message)}:${message}`);
    return new Promise((resolve, reject) => this.#asked.set(number, { resolve, reject }));
  }

  /** @param {Buffer} data */
  #read(data) {
    this.#rest = Buffer.concat([this.#rest, data]);
    for (;;) {
      const colon = this.#rest.indexOf(":");
      const end = colon + 1 + Number(this.#rest.subarray(0, Math.max(0, colon)));
      if (colon < 0 || this.#rest.length < end) return;
      const message = JSON.parse(this.#rest.subarray(colon + 1, end).toString());
      this.#rest = this.#rest.subarray(end);
      if (Array.isArray(message)) this.#answered(message);
    }
  }

  /** @param {any[]} message */
  #answered([, number, error, result]) {
    const asked = this.#asked.get(number);
    this.#asked.delete(number);
    if (error !== null) asked?.reject(new Error(`${error.error}: ${error.message}`));
    // What is no object comes in one.
    else asked?.resolve(result !== null && typeof result === "object" && "value" in result ? result.value : result);
  }
}
