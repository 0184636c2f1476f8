// The part of the client that is the player's own: settings on the account, and the dialogs to change them.

import { Account } from "./account.js";
import { add, start } from "./menu.js";

/** @param {import("../main.js").Client} client */
export function install(client) {
  const { hub, settings, output } = client;
  const account = new Account(settings, {
    send: (kwargs) => hub.send("webclient_options", [], kwargs),
    full: (labels) =>
      output.note(
        `There is no room on your account for ${labels.join(", ")}: it stays in this browser. ` +
          "The settings can save it to a file.",
      ),
  });
  hub.on("logged_in", () => account.ask());
  hub.on("webclient_options", ({ kwargs }) => account.received(kwargs));
  hub.on("client:state", ({ kwargs }) => {
    const { state, news } = kwargs;
    if (!news.resumed && state !== "waiting") account.leave();
    else if (state === "open") account.again();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && account.flush());

  start();
  // The dialogs are loaded when they are wanted: most visits do without.
  const load = async (/** @type {() => Promise<unknown>} */ open) => {
    try {
      await open();
    } catch (error) {
      console.error(error);
      output.note("This could not be loaded. Try again when there is a network.");
    }
  };
  add("Triggers, aliases, keys", () => load(async () => (await import("./editor.js")).open(client)));
  add("Settings", () => load(async () => (await import("./settings-dialog.js")).open(settings, account)));
}
