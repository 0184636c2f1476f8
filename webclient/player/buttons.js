// A strip of the player's own buttons above the field: keys that are shown, for fingers. tools.js says what they send.

import { labelOf } from "./chords.js";
import { button, make } from "./dom.js";

/** @typedef {import("./model.js").Key} Key */

/**
 * Puts the strip into the page.
 * @param {import("./settings.js").Settings} settings
 * @param {(key: Key) => void} press
 */
export function install(settings, press) {
  const strip = make("div", { id: "buttons", role: "region", "aria-label": "My buttons" });
  const draw = () => {
    /** @type {Key[]} */
    const shown = settings.get("keys").filter((/** @type {Key} */ { show, off }) => show && !off);
    strip.hidden = shown.length === 0;
    strip.replaceChildren(...shown.map((key) => made(key, press)));
  };
  settings.on("keys", draw);
  draw();
  document.getElementById("entry")?.before(strip);
}

/** @param {Key} key @param {(key: Key) => void} press */
function made(key, press) {
  const title = key.key ? labelOf(key.key) : "";
  return button(key.name || key.send?.split("\n")[0] || title, () => press(key), { title });
}
