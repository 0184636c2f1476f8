// Turns the HTML of game text into elements of the page. log.js and entry.js hand it what the server sent.
//
// No HTML parser of the browser ever sees the text: it is read here, and only what is listed below is built,
// part by part. Whatever else stands in it is left out or shown as text, so nothing in it can run.

import { paint } from "./colors.js";

/** How deep elements may lie in one another. */
const MAX_DEPTH = 32;

/** Class names that game text may use. */
const CLASSES = /^(?:(?:bg)?color-(?:[01]\d\d|2[0-4]\d|25[0-5])|blink|underline|italic|strike)$/;

/** What links may lead to. */
const SCHEMES = /^(?:https?:\/\/|mailto:|telnet:\/\/)/i;

/** How a link that types a command is written for Evennia's own client; the array is JSON. */
const HANDLER = /^Evennia\.msg\("text",(\["(?:[^"\\]|\\.)*"\]),\{\}\);return false;$/;

/** Elements whose content is not text. */
const SILENT = /^(?:script|style|template|iframe|object|textarea|title)$/;

/** Named characters; every other one is written as a number or as itself. @type {Record<string, string>} */
const NAMED = Object.assign(Object.create(null), { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" });

const ATTRIBUTE = /([^\s=<>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s<>"']+)))?/g;
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[^\s=<>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s<>"']+))?)*)\s*\/?>|<!--[^]*?(?:-->|$)/gi;

/** The colours that a style may set. */
const COLOR = /(?:^|[;\s])color:\s*(#[0-9a-f]{6})\b/i;
const BACKGROUND = /(?:^|[;\s])background-color:\s*(#[0-9a-f]{6})\b/i;

/**
 * @typedef {{ text: string } | { open: string, attributes: Map<string, string> } | { close: string }} Part
 */

/**
 * The parts of a piece of HTML, in order: text without entities, tags with their attributes.
 * @param {string} html
 * @returns {Part[]}
 */
export function read(html) {
  /** @type {Part[]} */
  const parts = [];
  let at = 0;
  let silent = "";
  const say = (/** @type {string} */ text) => {
    if (text !== "" && silent === "") parts.push({ text: decode(text) });
  };
  for (const tag of html.matchAll(TAG)) {
    say(html.slice(at, tag.index));
    at = tag.index + tag[0].length;
    const name = tag[2]?.toLowerCase();
    if (name === undefined) continue;
    if (silent !== "") {
      if (tag[1] === "/" && name === silent) silent = "";
    } else if (tag[1] === "/") {
      parts.push({ close: name });
    } else if (SILENT.test(name)) {
      silent = name;
    } else {
      parts.push({ open: name, attributes: attributes(tag[3]) });
    }
  }
  say(html.slice(at));
  return parts;
}

/** @param {string} source @returns {Map<string, string>} */
function attributes(source) {
  const found = new Map();
  for (const [, name, double, single, bare] of source.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase();
    if (!found.has(key)) found.set(key, decode(double ?? single ?? bare ?? ""));
  }
  return found;
}

/** @param {string} text */
function decode(text) {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}

/**
 * Builds the elements of a piece of HTML.
 * @param {string} html
 * @returns {DocumentFragment}
 */
export function build(html) {
  const fragment = document.createDocumentFragment();
  /** @type {{ name: string, node: Node }[]} */
  const open = [{ name: "", node: fragment }];
  const here = () => open[open.length - 1].node;
  for (const part of read(html)) {
    if ("text" in part) {
      here().appendChild(document.createTextNode(part.text));
    } else if ("close" in part) {
      const level = open.findLastIndex((one) => one.name === part.close);
      if (level > 0) open.length = level;
    } else if (part.open === "br") {
      here().appendChild(document.createElement("br"));
    } else if (open.length <= MAX_DEPTH) {
      const element = part.open === "span" ? span(part.attributes) : part.open === "a" ? link(part.attributes) : null;
      if (element === null) continue;
      here().appendChild(element);
      open.push({ name: part.open, node: element });
    }
  }
  return fragment;
}

/** @param {Map<string, string>} attributes */
function span(attributes) {
  const element = document.createElement("span");
  const names = (attributes.get("class") ?? "").split(/\s+/).filter((name) => CLASSES.test(name));
  if (names.length > 0) element.className = names.join(" ");
  const style = attributes.get("style") ?? "";
  paint(element, style.match(COLOR)?.[1], style.match(BACKGROUND)?.[1]);
  return element;
}

/** A link to a page, or one that types a command (main.js listens for it). @param {Map<string, string>} attributes */
function link(attributes) {
  const command = attributes.get("data-command") ?? commandOf(attributes.get("onclick") ?? "");
  const address = attributes.get("href") ?? "";
  const element = document.createElement("a");
  if (command !== undefined) {
    element.dataset.command = command;
    element.setAttribute("role", "button");
    element.tabIndex = 0;
  } else if (SCHEMES.test(address)) {
    element.href = address;
    element.target = "_blank";
    element.rel = "noopener noreferrer";
  }
  const title = attributes.get("title");
  if (title !== undefined) element.title = title;
  return element;
}

/** Reads the command out of a handler, which itself is never run. @param {string} handler */
function commandOf(handler) {
  try {
    return String(JSON.parse(handler.match(HANDLER)?.[1] ?? "[]")[0] ?? "") || undefined;
  } catch {
    return undefined;
  }
}
