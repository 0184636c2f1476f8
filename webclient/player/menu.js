// The menu in the bar at the top: a button, and what the parts put behind it. It is the browser's own popover.

import { button, make } from "./dom.js";
import { going } from "./roving.js";

const list = make("div", { className: "menu", popover: "auto", role: "menu", "aria-label": "Menu" });

/** Puts the menu into the page. */
export function start() {
  const opener = button("Menu", () => {});
  // The browser's own way: were it toggled here, the press that closes it would open it again.
  opener.popoverTargetElement = list;
  opener.setAttribute("aria-haspopup", "menu");
  opener.setAttribute("aria-expanded", "false");
  list.addEventListener("toggle", (event) => {
    const isOpen = /** @type {ToggleEvent} */ (event).newState === "open";
    opener.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    const { bottom, right } = opener.getBoundingClientRect();
    list.style.top = `${bottom + 4}px`;
    list.style.right = `${Math.max(4, innerWidth - right)}px`;
    items()[0]?.focus();
  });
  list.addEventListener("keydown", (event) => {
    if (event.key === "Tab") list.hidePopover();
    else going("menu", event, items())?.focus();
  });
  document.querySelector("header")?.append(opener, list);
}

/** What can be chosen now. @returns {HTMLElement[]} */
function items() {
  return [...list.querySelectorAll("button")].filter((one) => !one.hidden);
}

/**
 * Adds something to choose.
 * @param {string} label
 * @param {() => void} action
 * @returns {HTMLButtonElement} may be hidden, and called otherwise
 */
export function add(label, action) {
  const item = button(label, () => {
    list.hidePopover();
    action();
  });
  item.setAttribute("role", "menuitem");
  item.tabIndex = -1;
  list.append(item);
  return item;
}
