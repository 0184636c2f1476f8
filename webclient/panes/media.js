// The pane of sounds, videos and pictures, and what the player sets of them. media-player.js plays, and is fetched when
// the game sends the first.

import { make } from "../player/dom.js";
import { late } from "./late.js";

/** @param {import("../main.js").Client} client */
export function install(client) {
  const { settings, layout } = client;
  const section = "Sounds";
  settings.define({
    key: "media.on",
    label: "Play the game's sounds and videos, and show its pictures",
    kind: "bool",
    initial: true,
    section,
  });
  settings.define({
    key: "media.volume",
    label: "Loudness of the game's sounds and videos, in percent",
    kind: "number",
    initial: 80,
    min: 0,
    max: 100,
    section,
    place: "browser",
  });
  settings.define({
    key: "media.captions",
    label: "Write into the text what the game's sounds are",
    kind: "bool",
    initial: false,
    section,
    help: "Where the game describes its sounds.",
  });
  const empty = make("p", { className: "empty", textContent: "Nothing is shown." });
  const element = make("div", { className: "media" }, empty);
  const pane = layout.add({ id: "media", title: "Media", element, where: "right", open: false, size: 260 });
  const names = ["default", "load", "play", "stop"].map((name) => `client_media_${name}`);
  late(client, names, async () => {
    const { play } = await import("./media-player.js");
    return (client) => play(client, { element, empty, pane });
  });
}
