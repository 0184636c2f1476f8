// Makes the element of a line. view.js puts it on the page and takes it away.

import { drawing, isDrawn } from "./drawn.js";
import { build } from "./html.js";
import { align } from "./widths.js";

/** What a type of the game must be to become a class name. */
const TYPE = /^[a-z][a-z0-9_-]{0,40}$/i;

/** @type {Intl.DateTimeFormat} */
let clock;

/**
 * A time of day, as the player's browser writes it.
 * @param {number} time
 * @returns {string}
 */
export function timeOfDay(time) {
  clock ??= new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return clock.format(time);
}

/**
 * The element of a line.
 * @param {import("./store.js").Line} line
 * @returns {HTMLElement}
 */
export function row(line) {
  const element = document.createElement("div");
  element.className = ["line", line.kind, ...(TYPE.test(line.type) ? [`type-${line.type}`] : []), ...line.classes].join(
    " ",
  );
  element.dataset.id = String(line.id);
  element.dataset.time = timeOfDay(line.time);
  if (line.classes.includes("leftoff")) element.dataset.mark = line.mark;
  const content = line.html === null ? line.text : build(line.html);
  element.append(line.kind !== "typed" && isDrawn(line.text) ? drawing(content) : content);
  align(element);
  return element;
}
