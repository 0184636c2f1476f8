// Where the browser client starts: puts connection, log and entry together, and says what each message does.
//
// Messages that are not handled here become events on `window`, so that a game's own script can listen:
//
//     window.addEventListener("meadow:char_vitals", (event) => draw(event.detail.kwargs));

import { addPalette } from "./colors.js";
import { Connection } from "./connection.js";
import { Entry, discreet } from "./entry.js";
import { Log } from "./log.js";

/** Longest command that the server takes, in characters. */
const MAX_LINE = 6000;

/** How long a change of the window's size settles before the server hears of it, in milliseconds. */
const SETTLE = 300;

/**
 * @template {HTMLElement} E
 * @param {string} id
 * @param {new () => E} kind
 * @returns {E}
 */
function element(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return found;
}

addPalette();
const logBox = element("log", HTMLDivElement);
const status = element("status", HTMLParagraphElement);
const connectButton = element("connect", HTMLButtonElement);
const log = new Log(logBox, element("newlines", HTMLButtonElement));
const field = element("line", HTMLTextAreaElement);
const secret = element("secret", HTMLInputElement);
const entry = new Entry(element("entry", HTMLFormElement), field, secret, element("prompt", HTMLDivElement), {
  onLine: (line) => {
    const { shown, remembered } = discreet(line, loggedIn);
    const taken = command(line, shown);
    if (taken) entry.remember(remembered);
    return taken;
  },
  onSecret: (line) => command(line, line === "" ? "" : "********"),
  onPage: (pages) => log.page(pages),
});

const address = new URL("../ws", document.baseURI);
address.protocol = address.protocol.replace("http", "ws");
address.search = address.hash = "";
const connection = new Connection(address.href, { onState, onMessage });

let loggedIn = false;

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

/** @param {import("./connection.js").State} state @param {import("./connection.js").News} news */
function onState(state, news) {
  status.textContent = (news.resumed ? AGAIN : STATES)[state];
  if (news.missed) status.textContent = "Connected again. Some of what was said meanwhile is missing.";
  if (news.lost > 0) status.textContent = "Your session has ended, and what you typed last was not sent.";
  connectButton.hidden = state === "open" || state === "connecting";
  if (state === "open" && !news.resumed) {
    loggedIn = false;
    tellSize();
  }
  if (!news.resumed) {
    entry.prompt("");
    entry.hide(false);
  }
}

/**
 * @param {string} name
 * @param {unknown[]} args
 * @param {Record<string, unknown>} kwargs
 */
function onMessage(name, args, kwargs) {
  if (name === "text") {
    log.say(String(args[0] ?? ""));
  } else if (name === "prompt") {
    entry.prompt(String(args[0] ?? ""));
  } else if (name === "input_mode") {
    entry.hide(kwargs.secret === true);
  } else {
    if (name === "logged_in") loggedIn = true;
    console.debug("message:", name, args, kwargs);
    window.dispatchEvent(new CustomEvent(`meadow:${name}`, { detail: { name, args, kwargs } }));
  }
}

/**
 * Sends one line as the player's command; says whether it was taken.
 * @param {string} line
 * @param {string} shown what of it may be seen
 */
function command(line, shown) {
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
  if (asked !== "") log.say(asked);
  log.typed(shown);
  return true;
}

/** The size last told, so that it is told once. */
let toldSize = "";

/** Tells the server how much fits into the window. */
function tellSize() {
  const { columns, lines } = log.size();
  connection.send("client_options", [], { screenwidth: columns, screenheight: lines });
  toldSize = `${columns} ${lines}`;
}

connectButton.addEventListener("click", () => {
  connection.open();
  entry.focus();
});

/** Links in the text that type a command. @param {Event} event */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest("[data-command]") : null;
  if (!(link instanceof HTMLElement) || link.dataset.command === undefined) return;
  event.preventDefault();
  const { shown, remembered } = discreet(link.dataset.command, loggedIn);
  if (command(link.dataset.command, shown)) entry.remember(remembered);
  entry.focus();
}

document.addEventListener("click", (event) => {
  follow(event);
  // A click into the text means "I want to type", unless something was marked, or a finger would raise a keyboard.
  const aimless = event.target instanceof Element && event.target.closest("a, button, textarea, input") === null;
  if (aimless && getSelection()?.isCollapsed !== false && matchMedia("(pointer: fine)").matches) entry.focus();
});

document.addEventListener("keydown", (event) => {
  const onLink = event.target instanceof Element && event.target.matches("[data-command]");
  if (onLink && (event.key === "Enter" || event.key === " ")) follow(event);
  if (event.key === "Escape") entry.focus();
  const aimless = document.activeElement === document.body || document.activeElement === logBox;
  const typing = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (aimless && typing) entry.focus();
});

/** @type {ReturnType<typeof setTimeout> | undefined} */
let settling;
new ResizeObserver(() => {
  clearTimeout(settling);
  settling = setTimeout(() => {
    const { columns, lines } = log.size();
    if (`${columns} ${lines}` !== toldSize) tellSize();
  }, SETTLE);
}).observe(logBox);

window.addEventListener("online", () => connection.hurry());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && connection.hurry());
window.addEventListener("pagehide", () => connection.close());
window.addEventListener("pageshow", (event) => event.persisted && connection.open());

connection.open();
entry.focus();
