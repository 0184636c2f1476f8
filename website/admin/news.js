// What has just happened, in a box at the foot of the page that screen readers read out, too.

import { h } from "./dom.js";

/** How long it stands there, in milliseconds: what went wrong is read, and acted upon. */
const SHOWN = { good: 10_000, bad: 60_000 };

const box = h("div", { id: "news", role: "status" });
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** The box, for the page. */
export function newsBox() {
  return box;
}

/**
 * Says what was done, or what went wrong.
 * @param {string} text
 * @param {"good" | "bad"} [kind]
 */
export function tell(text, kind = "good") {
  box.replaceChildren(h("p", { class: kind }, text));
  clearTimeout(timer);
  timer = setTimeout(() => box.replaceChildren(), SHOWN[kind]);
}

/** @param {unknown} error */
export function tellError(error) {
  tell(error instanceof Error ? error.message : String(error), "bad");
}
