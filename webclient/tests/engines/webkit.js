// Starts WebKitGTK, what Safari is made of, on a display of its own, and drives it by WebKitWebDriver over HTTP.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Browser } from "./webdriver.js";

/** How long it may take to start, in milliseconds. */
const STARTING = 60_000;

/** How commands are called over HTTP. @type {Record<import("./webdriver.js").Command, [method: string, path: string]>} */
const PATHS = {
  Navigate: ["POST", "/url"],
  Refresh: ["POST", "/refresh"],
  FindElement: ["POST", "/element"],
  ElementSendKeys: ["POST", "/element/ID/value"],
  ExecuteScript: ["POST", "/execute/sync"],
};

/** @param {string} program WebKitWebDriver @param {string} xvfb @returns {Promise<Browser>} */
export async function webkit(program, xvfb) {
  const home = await mkdtemp(join(tmpdir(), "meadow-webkit-"));
  // It looks for a number that is free, and says it.
  const display = spawn(xvfb, ["-displayfd", "3", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  /** @type {import("node:child_process").ChildProcess[]} */
  const children = [display];
  const end = async () => {
    for (const child of children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = new Promise((resolve) => child.on("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    }
    await rm(home, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    const number = await said(display.stdio[3]);
    const port = await freePort();
    const driver = spawn(program, [`--port=${port}`, "--host=127.0.0.1"], {
      stdio: "ignore",
      env: {
        ...process.env,
        DISPLAY: `:${number}`,
        HOME: home,
        XDG_RUNTIME_DIR: home,
        XDG_CACHE_HOME: home,
        XDG_DATA_HOME: home,
        GDK_BACKEND: "x11",
        NO_AT_BRIDGE: "1",
        LIBGL_ALWAYS_SOFTWARE: "1",
        WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
      },
    });
    children.push(driver);
    const base = `http://127.0.0.1:${port}/session`;
    await listening(`http://127.0.0.1:${port}/status`);
    const { sessionId } = await ask("POST", base, {
      capabilities: {
        alwaysMatch: {
          "webkitgtk:browserOptions": {
            args: ["--automation", "--geometry=1280x900"],
          },
        },
      },
    });
    const session = `${base}/${sessionId}`;
    return new Browser(
      "WebKit",
      (name, { id, ...fields } = {}) => {
        const [method, path] = PATHS[name];
        return ask(method, session + path.replace("ID", id), fields);
      },
      async () => {
        await fetch(session, { method: "DELETE" }).catch(() => {});
        await end();
      },
    );
  } catch (error) {
    await end();
    throw error;
  }
}

/** @param {string} method @param {string} url @param {unknown} [fields] @returns {Promise<any>} */
async function ask(method, url, fields) {
  const answer = await fetch(url, { method, ...(method === "POST" && { body: JSON.stringify(fields) }) });
  const { value } = /** @type {any} */ (await answer.json());
  if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

/** Waits until something answers. @param {string} url */
async function listening(url) {
  for (const end = Date.now() + STARTING; Date.now() < end; ) {
    if (await fetch(url).then(() => true, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("WebKitWebDriver has not started");
}

/** The first line of a stream. @param {any} stream @returns {Promise<string>} */
function said(stream) {
  return new Promise((resolve, reject) => {
    let text = "";
    stream.on("data", (/** @type {Buffer} */ data) => {
      text += data;
      if (text.includes("\n")) resolve(text.trim());
    });
    stream.on("close", () => reject(new Error("Xvfb has not started")));
  });
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
