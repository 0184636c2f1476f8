// Notices of the browser while the page is out of sight: of tells, of the player's name, of channels. The player is
// asked for leave only when they choose so in the menu.

import { add as addToMenu } from "../player/menu.js";
import { askToNotify, mayNotify, notify } from "../player/notify.js";
import { why } from "./mentions.js";

/** @param {import("../main.js").Client} client */
export function install({ hub, settings, output }) {
  const section = "Notices while you look elsewhere";
  settings.define({
    key: "notices.tells",
    label: "Of tells, pages and whispers",
    kind: "bool",
    initial: true,
    section,
  });
  settings.define({ key: "notices.mentions", label: "When your name is called", kind: "bool", initial: true, section });
  settings.define({
    key: "notices.channels",
    label: "Of every line on a channel",
    kind: "bool",
    initial: false,
    section,
  });

  /** How the player is called: account and character. @type {Set<string>} */
  const names = new Set();
  hub.on("char_name", ({ kwargs }) => names.add(String(kwargs.name ?? "")));
  hub.on("logged_in", () => names.clear());

  hub.on("client:line", ({ kwargs }) => {
    if (!document.hidden || kwargs.old) return;
    const line = /** @type {import("../output/store.js").Line} */ (kwargs);
    const reason = why(line, [...names]);
    if (reason !== null && settings.get(`notices.${reason}`)) void notify(document.title, line.text);
  });

  if (typeof Notification === "undefined") return;
  const item = addToMenu("Allow notices", async () => {
    const allowed = await askToNotify();
    item.hidden = allowed;
    output.note(
      allowed
        ? "You will be told of what is meant for you while you look elsewhere. The settings say of what."
        : "This browser does not allow notices. Its own settings for this page can change that.",
    );
  });
  item.hidden = mayNotify();
}
