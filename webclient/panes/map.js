// The pane with the map. map-view.js draws it, and is fetched when the game says where one is.

import { make } from "../player/dom.js";
import { late } from "./late.js";

/** Sizes of the map: as it is is 1. */
const ZOOM = { min: 0.4, max: 2.5 };

/** @param {import("../main.js").Client} client */
export function install(client) {
  client.settings.define({ key: "map.zoom", label: "Size of the map", kind: "number", initial: 1, ...ZOOM });
  const empty = make("p", { className: "empty", textContent: "The map begins where the game says where you are." });
  const element = make("div", { className: "map" }, empty);
  client.layout.add({ id: "map", title: "Map", element, where: "right", open: true });
  late(client, ["room_info"], async () => {
    const { show } = await import("./map-view.js");
    return (client) => show(client, element, empty, ZOOM);
  });
}
