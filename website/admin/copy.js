// Numbers, addresses and the like that can be copied by a press: to be pasted into a command of the game.

import { h } from "./dom.js";
import { tell } from "./news.js";

/**
 * A text, and a button that copies it.
 * @param {string | number} text
 */
export function copyable(text) {
  const props = { type: "button", class: "button small", "aria-label": `Copy ${text}`, onclick: copy };
  return h("span", { class: "copyable" }, h("span", { class: "copied" }, text), h("button", props, "Copy"));
}

/** @param {Event} event */
async function copy({ currentTarget }) {
  const shown = currentTarget instanceof Element ? currentTarget.previousElementSibling : null;
  if (shown === null) return;
  const text = shown.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text);
    tell(`Copied: ${text}`);
  } catch {
    // Without TLS there is no clipboard for pages: the text is chosen, and a key copies it.
    getSelection()?.selectAllChildren(shown);
    tell(`${text} is chosen: copy it with the keyboard.`);
  }
}
