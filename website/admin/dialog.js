// Dialogs: the browser's own <dialog>, so the focus stays inside, Escape closes, and the focus goes back to where it
// was. One stays open until what it is about is done; what goes wrong is shown in it.

import { button, h } from "./dom.js";
import { Form } from "./form.js";

/**
 * Asks whether and how something is to be done, and does it.
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.text what will happen, to whom
 * @param {import("./form.js").Field[]} [options.fields]
 * @param {string} options.yes on the button that does it
 * @param {boolean} [options.danger]
 * @param {(values: Record<string, string>) => Promise<void>} options.submit
 * @returns {Promise<boolean>} whether it was done
 */
export function ask({ title, text, fields = [], yes, danger = false, submit }) {
  const before = document.activeElement;
  const id = `dialog-${(count += 1)}`;
  let isDone = false;
  const done = async (/** @type {Record<string, string>} */ values) => {
    await submit(values);
    isDone = true;
    dialog.close();
  };
  const form = new Form(fields, done);
  const wrong = h("p", { class: "wrong", role: "alert", hidden: true });
  if (fields.length === 0) {
    form.fail = (error) => {
      wrong.textContent = error instanceof Error ? error.message : String(error);
      wrong.hidden = false;
    };
  }
  const cancel = button("Cancel", () => dialog.close());
  form.element.append(
    wrong,
    h("div", { class: "buttons" }, cancel, h("button", { class: `button ${danger ? "danger" : "main"}` }, yes)),
  );
  const dialog = h(
    "dialog",
    { "aria-labelledby": id, "aria-describedby": `${id}-text` },
    h("h2", { id }, title),
    h("p", { id: `${id}-text` }, text),
    form.element,
  );
  // A click beside it closes, as people expect.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
      resolve(isDone);
    });
    dialog.showModal();
    // What can't be taken back is not one key away.
    if (fields.length === 0 && danger) cancel.focus();
  });
}

let count = 0;
