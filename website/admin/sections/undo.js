// One's last edit of an object or a channel, and the button that takes it back.

import { get, post } from "../api.js";
import { button, channelLink, h, nodes, objectLink } from "../dom.js";
import { ago, cut } from "../format.js";
import { tell, tellError } from "../news.js";

/** Most characters that are shown of what was there before. */
const SHOWN = 80;

/** @param {(kind: "object" | "channel", sheet: any) => void} undone is told what it is that was changed, and like now */
export function undoBox(undone) {
  const text = h("p", {});
  const undo = button(
    "Undo",
    async () => {
      try {
        const sheet = await post("undo");
        tell("Your last edit was taken back.");
        // What is hidden has no focus.
        document.querySelector("h1")?.focus({ preventScroll: true });
        element.hidden = true;
        undone(kind, sheet);
      } catch (error) {
        tellError(error);
      }
    },
    { of: "my last edit" },
  );
  const element = h("section", { class: "undo", "aria-label": "Your last edit", hidden: true }, text, undo);
  let shown = "";
  /** @type {"object" | "channel"} */
  let kind = "object";
  return {
    element,
    /** @param {AbortSignal} signal */
    async load(signal) {
      const { edit } = await get("last_edit", {}, signal);
      element.hidden = edit === null;
      if (edit === null || JSON.stringify(edit) === shown) return;
      shown = JSON.stringify(edit);
      kind = edit.channel === null ? "object" : "channel";
      const what = edit.field === "attribute" ? `the attribute ${edit.attribute}` : `the ${edit.field}`;
      const before = edit.before === null ? "nothing" : cut(JSON.stringify(edit.before), SHOWN);
      text.replaceChildren(
        `Your last edit, ${ago(edit.at)}: ${what} of `,
        ...nodes([objectLink(edit.object) || channelLink(edit.channel)]),
        `, which was ${before} before.`,
      );
    },
  };
}
