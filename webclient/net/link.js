// Puts the connection and the hub together: what the server says goes to the parts, what is typed goes to the server,
// and the player is told how the connection is.

import { discreet } from "../input/entry.js";
import { Connection } from "./connection.js";

/** Longest command that the server takes, in characters. */
const MAX_LINE = 6000;

/** How long a change of the window's size settles before the server hears of it, in milliseconds. */
const SETTLE = 300;

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

/** @param {import("../main.js").Client} client */
export function install({ hub, output, entry }) {
  const status = /** @type {HTMLElement} */ (document.getElementById("status"));
  const button = /** @type {HTMLButtonElement} */ (document.getElementById("connect"));
  const address = new URL("../ws", document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");
  address.search = address.hash = "";
  let loggedIn = false;

  const connection = new Connection(address.href, {
    onState(state, news) {
      status.textContent = (news.resumed ? AGAIN : STATES)[state];
      if (news.missed) status.textContent = "Connected again. Some of what was said meanwhile is missing.";
      if (news.lost > 0) status.textContent = "Your session has ended, and what you typed last was not sent.";
      button.hidden = state === "open" || state === "connecting";
      if (state === "open" && !news.resumed) {
        loggedIn = false;
        tellSize();
      }
      if (!news.resumed) entry.prompt("");
      hub.tell("client:state", { state, news });
    },
    onMessage: (name, args, kwargs) => hub.emit({ name, args, kwargs }),
  });

  hub.on("text", ({ args, kwargs }) => {
    const { type, tags } = kwargs;
    output.add(String(args[0] ?? ""), {
      type: typeof type === "string" ? type : "text",
      tags: Array.isArray(tags) ? tags.map(String) : typeof tags === "string" ? [tags] : [],
      kwargs,
    });
  });
  hub.on("prompt", ({ args }) => entry.prompt(String(args[0] ?? "")));
  hub.on("logged_in", () => (loggedIn = true));

  hub.wires = { send: (name, args, kwargs) => connection.send(name, args, kwargs), command };

  /** @param {string} typed @param {{ echo: boolean }} options */
  function command(typed, { echo }) {
    /** @type {string[]} */
    let lines = [typed];
    for (const change of entry.before) lines = lines.flatMap((line) => change(line) ?? []);
    return lines.every((line) => say(line, echo));
  }

  /** Sends one line; says whether it was taken. @param {string} line @param {boolean} echo */
  function say(line, echo) {
    if ([...line].length > MAX_LINE) {
      status.textContent = `That line is too long: the game takes ${MAX_LINE} characters.`;
      return false;
    }
    // A lone half of a surrogate pair is no character, and would make the message invalid.
    if (!connection.send("text", [line.toWellFormed?.() ?? line])) {
      // Enter is the way back in, too; the line stays in the field.
      if (connection.isOpen) connection.hurry();
      else connection.open();
      status.textContent = `${connection.isOpen ? "Connected" : "Connecting"}; your line was not sent yet.`;
      return false;
    }
    if (connection.isOpen && status.textContent !== STATES.open) status.textContent = STATES.open;
    // As on a terminal: what was asked stays above the answer.
    const asked = entry.takePrompt();
    if (asked !== "") output.add(asked, { type: "prompt" });
    const { shown, remembered } = discreet(line, loggedIn);
    if (echo) output.typed(shown);
    entry.remember(remembered);
    hub.tell("client:typed", { line: remembered });
    return true;
  }

  /** The size last told, so that it is told once. */
  let toldSize = "";

  function tellSize() {
    const { columns, lines } = output.size();
    connection.send("client_options", [], { screenwidth: columns, screenheight: lines });
    toldSize = `${columns} ${lines}`;
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let settling;
  new ResizeObserver(() => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      const { columns, lines } = output.size();
      if (`${columns} ${lines}` !== toldSize) tellSize();
    }, SETTLE);
  }).observe(/** @type {HTMLElement} */ (document.getElementById("log")));

  button.addEventListener("click", () => {
    connection.open();
    entry.focus();
  });
  window.addEventListener("online", () => connection.hurry());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && connection.hurry());
  window.addEventListener("pagehide", () => connection.close());
  window.addEventListener("pageshow", (event) => event.persisted && connection.open());
  connection.open();
}
