// The pane that says where one is, with the ways out as buttons: what `room_info` says. On a phone the ways out are in
// the strip above the field for commands: one walks with a thumb while one reads.

import { make } from "../player/dom.js";
import { ordered } from "./directions.js";
import { press } from "./press.js";

/** @param {import("../main.js").Client} client */
export function install(client) {
  const { hub, layout } = client;
  const name = make("h3", {});
  const kind = make("p", {});
  const desc = make("div", { className: "desc", tabIndex: 0, role: "region", "aria-label": "Description" });
  const exits = make("ul", { className: "chips", "aria-label": "Exits" });
  const empty = make("p", { className: "empty", textContent: "You are nowhere yet." });
  const element = make("div", { className: "room" }, empty, name, kind, desc, exits);
  layout.add({ id: "room", title: "Room", element, where: "right", open: true, size: 156, compact: true });

  /** @param {Record<string, any> | null} info */
  function draw(info) {
    element.closest(".pane")?.classList.toggle("vacant", info === null);
    empty.hidden = info !== null;
    for (const part of [name, kind, desc, exits]) part.hidden = info === null;
    if (info === null) return;
    name.textContent = String(info.name ?? "");
    kind.textContent = [info.area, info.environment, ...list(info.details)].filter(Boolean).join(" · ");
    kind.hidden = kind.textContent === "";
    desc.textContent = typeof info.desc === "string" ? info.desc : "";
    desc.hidden = desc.textContent === "";
    const names = ordered(Object.keys(info.exits ?? {}));
    const buttons = names.map((exit) => {
      const button = make("button", { type: "button", textContent: exit });
      button.addEventListener("click", (event) => press(client, exit, event));
      return make("li", {}, button);
    });
    const focused = exits.contains(document.activeElement) ? document.activeElement?.textContent : null;
    exits.replaceChildren(...buttons);
    // Who walks by keyboard goes on from where the focus was.
    if (focused === null) return;
    const again = buttons.find((one) => one.textContent === focused) ?? buttons[0];
    again?.querySelector("button")?.focus({ preventScroll: true });
  }

  hub.on("room_info", ({ kwargs }) => draw(kwargs));
  hub.on("client:state", ({ kwargs }) => {
    if (kwargs.state === "open" && !kwargs.news.resumed) draw(null);
  });
  queueMicrotask(() => draw(null));
}

/** @param {unknown} value @returns {string[]} */
function list(value) {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
