// What the game asks, for those who hear it: told when it comes, and said again of the field when one comes to it.

import { plain } from "../output/text.js";

/** The element that shows it. */
const ID = "prompt";

/**
 * A field is described by the question, but not while it has the focus: screen readers say it at once when the
 * description of what has the focus changes, and would say it twice.
 * @param {HTMLElement} field
 */
export function describe(field) {
  field.addEventListener("blur", () => field.setAttribute("aria-describedby", ID));
  if (document.activeElement !== field) field.setAttribute("aria-describedby", ID);
}

/** @param {import("../main.js").Client} client */
export function install({ hub, entry }) {
  let last = "";
  let typed = 0;
  describe(entry.field);
  hub.on("prompt", ({ args }) => {
    const text = plain(String(args[0] ?? ""));
    // Some games send the same one after each command; what is asked again later is another question.
    if (text !== last) hub.tell("client:news", { text, type: "prompt" });
    last = text;
    typed = 0;
  });
  hub.on("client:typed", () => {
    typed += 1;
    if (typed > 1) last = "";
  });
  hub.on("client:state", ({ kwargs: { state, news } }) => {
    if (state === "open" && !news.resumed) last = "";
  });
}
