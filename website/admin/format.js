// Times, spans and sizes, as people read them. All sections use it.

import { h } from "./dom.js";

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/**
 * A moment.
 * @param {number | null | undefined} seconds since 1970
 */
export function moment(seconds) {
  if (seconds === null || seconds === undefined) return "";
  const date = new Date(seconds * 1000);
  return h("time", { datetime: date.toISOString() }, MOMENT.format(date));
}

/**
 * A span: `5 s`, `3 min`, `2 h 5 min`, `3 d 4 h`.
 * @param {number | null | undefined} seconds
 */
export function span(seconds) {
  if (seconds === null || seconds === undefined) return "";
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return minutes < 10 && whole % 60 > 0 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 > 0 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours % 24 > 0 ? `${Math.floor(hours / 24)} d ${hours % 24} h` : `${hours / 24} d`;
}

/**
 * How long ago something was.
 * @param {number} seconds since 1970
 */
export function ago(seconds) {
  return `${span(Date.now() / 1000 - seconds)} ago`;
}

/**
 * A size: `812 B`, `1.3 kB`.
 * @param {number | null | undefined} bytes
 */
export function size(bytes) {
  if (bytes === null || bytes === undefined) return "";
  const units = ["B", "kB", "MB", "GB", "TB"];
  let [amount, unit] = [bytes, 0];
  while (amount >= 1000 && unit < units.length - 1) [amount, unit] = [amount / 1000, unit + 1];
  return `${unit === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[unit]}`;
}

const NUMBER = new Intl.NumberFormat("en");

/** A number, with its thousands apart. @param {number} count */
export function number(count) {
  return NUMBER.format(count);
}

/**
 * `1 player`, `2 players`.
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function counted(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/**
 * So much of a text as fits.
 * @param {string} text
 * @param {number} most characters
 */
export function cut(text, most) {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most).join("")} …`;
}
