// What is new and has not been seen: how many, or that there is something. Tabs and titles of panes say it by these.

/** None, so many, or something that can't be counted. @typedef {number | true} Unread */

/** More are not counted on a button. */
const MOST = 99;

/**
 * What there is, and one thing more.
 * @param {Unread} unread
 * @param {boolean} counted whether that can be counted
 * @returns {Unread}
 */
export function more(unread, counted) {
  return counted && unread !== true ? unread + 1 : true;
}

/** What a button says beside its title; nothing if all was seen. @param {Unread} unread */
export function mark(unread) {
  if (unread === true) return "•";
  return unread > MOST ? `${MOST}+` : unread > 0 ? String(unread) : "";
}

/**
 * Puts title and mark on a button; read out, it is "Talk 3 new".
 * @param {HTMLElement} button
 * @param {string} title
 * @param {Unread} unread
 */
export function badge(button, title, unread) {
  const shown = mark(unread);
  button.classList.toggle("news", shown !== "");
  // What is seen is how it is called: it is found by voice, too.
  button.setAttribute("aria-label", unread === true ? `${title} new` : shown === "" ? title : `${title} ${shown} new`);
  button.replaceChildren(span("name", title));
  if (shown === "") return;
  // A dot is drawn, not written: nobody calls it anything.
  button.append(" ", unread === true ? span("unread dot", "") : span("unread", shown));
}

/** @param {string} className @param {string} text */
function span(className, text) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}
