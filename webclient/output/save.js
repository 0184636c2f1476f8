// "Save the text" in the menu: what was said, as a file, as other clients write logs.

import { download } from "../player/dom.js";
import { add } from "../player/menu.js";
import { timeOfDay } from "./row.js";
import { fileName, written } from "./written.js";

/** @param {import("../main.js").Client} client */
export function install({ output, settings }) {
  add("Save the text", () => {
    const lines = output.store.list();
    const when = settings.get("look.times") === true ? timeOfDay : null;
    const game = document.querySelector("h1")?.textContent ?? "";
    download(fileName(game, new Date()), written(lines, when), "text/plain");
  });
}
