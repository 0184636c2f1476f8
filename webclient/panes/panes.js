// The panes that come along. A new one is a module with `install(client)` that calls `client.layout.add`, and a line
// here; a game's own is put into game.js (docs/webclient.md).

import * as gauges from "./gauges.js";
import * as map from "./map.js";
import * as media from "./media.js";
import * as notices from "./notices.js";
import * as room from "./room.js";
import * as talk from "./talk.js";
import * as things from "./things.js";

/** In the order in which they stand. */
const PANES = [gauges, room, map, things, talk, media, notices];

/** @param {import("../main.js").Client} client */
export function install(client) {
  for (const pane of PANES) pane.install(client);
}
