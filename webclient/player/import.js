// Lists of triggers, aliases, keys and timers out of a file: one of ours, or a package of Mudlet's (XML), of which the
// simple ones are taken. They are added to those that are there; editor.js says how it went.

import { take, read } from "./exchange.js";
import { LISTS, MAX_ITEMS, aliasPattern, compact, isOne } from "./model.js";
import { pattern } from "./pattern.js";
import { canonical } from "./settings.js";

/** @typedef {import("./model.js").List} List */

/**
 * Adds what a file has; throws an Error with a sentence for the player if it is no such file.
 * @param {import("./settings.js").Settings} settings
 * @param {string} text
 * @returns {string} how it went
 */
export function bring(settings, text) {
  const isXml = text.trimStart().startsWith("<");
  const { lists, skipped } = isXml ? mudlet(text) : { lists: read(text), skipped: 0 };
  let added = 0;
  let left = skipped;
  for (const list of LISTS) {
    const given = lists[list];
    if (!Array.isArray(given)) continue;
    const now = settings.get(list);
    const known = new Set(now.map(canonical));
    const good = given.filter((one) => isOne(list, one));
    const fresh = good.filter((one) => !known.has(canonical(one))).slice(0, MAX_ITEMS - now.length);
    left += given.length - good.length;
    if (fresh.length > 0 && take(settings, { [list]: [...now, ...fresh] }).taken.length > 0) added += fresh.length;
  }
  const rest = left > 0 ? ` Left out, because they cannot be used here: ${left}.` : "";
  return added > 0 ? `Added: ${added}.${rest}` : `There was nothing new in it.${rest}`;
}

/** How Mudlet numbers those ways to compare that are known here. @type {Record<string, import("./pattern.js").How>} */
const KINDS = { 0: "contains", 1: "regex", 2: "begins", 3: "pattern" };

/**
 * The simple ones of a package of Mudlet's: those that send a command and run no script. Scripts are never read.
 * @param {string} text
 * @returns {{ lists: Partial<Record<List, any[]>>, skipped: number }}
 */
function mudlet(text) {
  const page = new DOMParser().parseFromString(text, "text/xml");
  if (page.querySelector("parsererror") !== null || page.documentElement.tagName !== "MudletPackage") {
    throw new Error("This is neither a file of this client nor a package of Mudlet.");
  }
  /** @type {Record<"triggers" | "aliases" | "timers", any[]>} */
  const lists = { triggers: [], aliases: [], timers: [] };
  let skipped = 0;
  const child = (/** @type {Element} */ element, /** @type {string} */ name) =>
    [...element.children].find((one) => one.tagName === name);
  const word = (/** @type {Element} */ element, /** @type {string} */ name) => child(element, name)?.textContent ?? "";
  const common = (/** @type {Element} */ element) => ({
    name: word(element, "name").slice(0, 60),
    group: word(/** @type {Element} */ (element.parentElement), "name").slice(0, 60),
    send: word(element, "mCommand") || word(element, "command"),
    off: element.getAttribute("isActive") === "no" || undefined,
  });
  const put = (
    /** @type {"triggers" | "aliases" | "timers"} */ list,
    /** @type {any} */ one,
    /** @type {Element} */ element,
  ) => {
    const made = compact(one);
    const isChain = element.getAttribute("isMultiline") === "yes" || element.parentElement?.tagName === element.tagName;
    const isSimple =
      !isChain &&
      word(element, "script").trim() === "" &&
      (made.send ?? "") !== "" &&
      isOne(list, made) &&
      isReadable(list, made);
    if (isSimple) lists[list].push(made);
    else skipped += 1;
  };
  for (const element of page.querySelectorAll("Trigger")) {
    const patterns = [...(child(element, "regexCodeList")?.children ?? [])].map((one) => one.textContent ?? "");
    const kinds = [...(child(element, "regexCodePropertyList")?.children ?? [])].map((one) => one.textContent ?? "");
    patterns.forEach((text, index) => {
      // A whole line is a pattern without wildcards; what is not known is no way to compare, and left out.
      const how = KINDS[kinds[index] ?? ""] ?? "unknown";
      const written = how === "pattern" ? text.replace(/[\\*{]/g, "\\$&") : text;
      put("triggers", { ...common(element), text: written, how, cased: true }, element);
    });
  }
  for (const element of page.querySelectorAll("Alias")) {
    const text = plain(word(element, "regex"));
    const { name: _, ...rest } = common(element);
    put("aliases", { ...rest, text }, element);
  }
  for (const element of page.querySelectorAll("Timer")) {
    const [hours, minutes, seconds] = word(element, "time").split(":").map(Number);
    put("timers", { ...common(element), every: hours * 3600 + minutes * 60 + seconds }, element);
  }
  return { lists, skipped };
}

/** An expression like `^k (.*)$` as the pattern of an alias; "" if it says more. @param {string} expression */
function plain(expression) {
  const inner = expression.replace(/^\^/, "").replace(/\$$/, "");
  const pattern = inner.replace(/\(\.[*+]\)/g, "\u{e000}");
  return /[\\^$.|?*+()[\]{}]/.test(pattern) ? "" : pattern.replaceAll("\u{e000}", "*");
}

/** @param {List} list @param {any} one */
function isReadable(list, one) {
  try {
    if (list === "triggers") pattern(one.text, one);
    if (list === "aliases") aliasPattern(one.text);
    return true;
  } catch {
    return false;
  }
}
