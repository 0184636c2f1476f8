// A menu at a button: the browser's own popover, with the keys that menus have. pane.js and layout.js use it.

import { going } from "../player/roving.js";

/**
 * @typedef {object} Choice
 * @property {string} label
 * @property {() => void} action
 * @property {boolean} [checked] it can be on or off
 * @property {boolean} [keep] the menu stays when it was chosen
 */

/**
 * Opens a menu; it is gone when something was chosen, or its button is pressed again.
 * @param {HTMLButtonElement} opener gets the focus back
 * @param {string} label what screen readers call it
 * @param {() => (Choice | null)[]} choices asked again after each choice that keeps the menu; null is a line
 */
export function popup(opener, label, choices) {
  /** A button may have a menu of its own. */
  const own = opener.popoverTargetElement;
  // It is open: the browser closes it with this press.
  if (own?.matches(".pane-menu")) return;
  const list = document.createElement("div");
  list.className = "menu pane-menu";
  list.popover = "auto";
  list.setAttribute("role", "menu");
  list.setAttribute("aria-label", label);
  const items = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("button")]);
  const fill = (at = 0) => {
    list.replaceChildren(
      ...choices().map((choice) => {
        if (choice === null) return document.createElement("hr");
        const item = document.createElement("button");
        item.type = "button";
        item.tabIndex = -1;
        item.setAttribute("role", choice.checked === undefined ? "menuitem" : "menuitemcheckbox");
        if (choice.checked !== undefined) item.setAttribute("aria-checked", String(choice.checked));
        item.textContent = choice.label;
        item.addEventListener("click", () => {
          const index = items().indexOf(item);
          if (!choice.keep) list.hidePopover();
          choice.action();
          if (choice.keep) fill(index);
        });
        return item;
      }),
    );
    if (list.matches(":popover-open")) items()[at]?.focus();
  };
  list.addEventListener("keydown", (event) => {
    if (event.key === "Tab") list.hidePopover();
    else going("menu", event, items())?.focus();
  });
  list.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
    opener.setAttribute("aria-expanded", "false");
    opener.popoverTargetElement = own;
    const lost = document.activeElement === document.body || list.contains(document.activeElement);
    list.remove();
    if (lost && opener.isConnected) opener.focus({ preventScroll: true });
  });
  // Within a landmark, as all of the page is; being a popover, it is drawn above everything.
  (opener.closest("section, header") ?? document.body).append(list);
  fill();
  list.showPopover();
  // Not for the press that has opened it.
  setTimeout(() => list.isConnected && (opener.popoverTargetElement = list));
  opener.setAttribute("aria-expanded", "true");
  place(list, opener.getBoundingClientRect());
  items()[0]?.focus();
}

/** Below the button, or above it, and never past the edges. @param {HTMLElement} list @param {DOMRect} at */
function place(list, at) {
  const { width, height } = list.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.right - width, innerWidth - width - 8));
  const below = at.bottom + 4;
  const top = below + height < innerHeight ? below : Math.max(8, at.top - height - 4);
  Object.assign(list.style, { left: `${left}px`, top: `${top}px`, right: "auto", bottom: "auto" });
}
