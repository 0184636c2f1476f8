// What a button of a pane does that stands for a command: exits, things, rooms on the map.

/**
 * Sends the command. Who has clicked goes on typing; who has come by keyboard stays, and a finger raises no keyboard.
 * @param {Pick<import("../main.js").Client, "hub" | "entry">} client
 * @param {string} line
 * @param {Event} event
 * @returns {boolean} whether it was taken
 */
export function press({ hub, entry }, line, event) {
  const taken = hub.command(line, { whole: true });
  const isClick = event instanceof MouseEvent && event.detail > 0;
  if (isClick) entry.ready();
  return taken;
}
