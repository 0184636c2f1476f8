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

/** How it is read out. @param {string} title @param {Unread} unread */
export function spoken(title, unread) {
  if (unread === 0) return title;
  return unread === true ? `${title}, new` : `${title}, ${unread} new`;
}

/**
 * Puts title and mark on a button.
 * @param {HTMLElement} button
 * @param {string} title
 * @param {Unread} unread
 */
export function badge(button, title, unread) {
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = title;
  const shown = mark(unread);
  button.classList.toggle("news", shown !== "");
  // What is seen is part of how it is called: it is found by voice, too. Titles of panes are drawn in capitals, which
  // some would spell.
  button.setAttribute("aria-label", spoken(title, unread));
  button.replaceChildren(name);
  if (shown === "") return;
  const count = document.createElement("span");
  count.className = unread === true ? "unread dot" : "unread";
  count.textContent = shown;
  button.append(count);
}
