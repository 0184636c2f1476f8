// One's last edit of an object, and the button that takes it back.

import { get, post } from "../api.js";
import { button, h, objectLink } from "../dom.js";
import { ago, cut } from "../format.js";
import { tell, tellError } from "../news.js";

/** Most characters that are shown of what was there before. */
const SHOWN = 80;

/** @param {(sheet: import("./object.js").Sheet) => void} undone is told what the object is like now */
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
        undone(sheet);
      } catch (error) {
        tellError(error);
      }
    },
    { of: "my last edit" },
  );
  const element = h("section", { class: "undo", "aria-label": "Your last edit", hidden: true }, text, undo);
  let shown = "";
  return {
    element,
    /** @param {AbortSignal} signal */
    async load(signal) {
      const { edit } = await get("last_edit", {}, signal);
      element.hidden = edit === null;
      if (edit === null || JSON.stringify(edit) === shown) return;
      shown = JSON.stringify(edit);
      const what = edit.field === "attribute" ? `the attribute ${edit.attribute}` : `the ${edit.field}`;
      const before = edit.before === null ? "nothing" : cut(JSON.stringify(edit.before), SHOWN);
      text.replaceChildren(
        `Your last edit, ${ago(edit.at)}: ${what} of `,
        objectLink(edit.object),
        `, which was ${before} before.`,
      );
    },
  };
}
