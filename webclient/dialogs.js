// Dialogs of the client, all of them the browser's own `<dialog>`: the focus stays inside, Escape closes, and it goes
// back to where it was. Every part may use them.

/** @typedef {{ label: string, value: string, accent?: boolean }} Choice */

/**
 * Shows an element in a dialog; done when that is closed.
 * @param {string} title
 * @param {Node} content
 * @param {{ choices?: Choice[], className?: string, stays?: boolean }} [options] choices: buttons that close it; stays:
 *   a click beside it does not, since something may be lost
 * @returns {Promise<string>} the value of the button that closed it, or "" for Escape
 */
export function show(title, content, { choices = [{ label: "Close", value: "" }], className = "", stays = false } = {}) {
  const before = document.activeElement;
  const dialog = document.createElement("dialog");
  dialog.className = className;
  const heading = document.createElement("h2");
  heading.id = `dialog-${(count += 1)}`;
  heading.textContent = title;
  dialog.setAttribute("aria-labelledby", heading.id);
  const form = document.createElement("form");
  form.method = "dialog";
  const body = document.createElement("div");
  body.className = "dialog-body";
  body.append(content);
  const buttons = document.createElement("div");
  buttons.className = "dialog-buttons";
  for (const { label, value, accent } of choices) {
    const button = document.createElement("button");
    button.textContent = label;
    button.value = value;
    if (accent) button.className = "accent";
    // Escape and "no" need nothing to be filled in.
    button.formNoValidate = value === "";
    buttons.append(button);
  }
  form.append(heading, body, buttons);
  // The policy of the page has no `form-action`: the form itself must never be sent.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    dialog.close(button instanceof HTMLButtonElement ? button.value : choices.find((one) => one.accent)?.value ?? "");
  });
  dialog.append(form);
  // A click beside it closes, as people expect; but not what was pressed inside, to mark text, and let go outside.
  /** @type {EventTarget | null} */
  let pressed = null;
  dialog.addEventListener("pointerdown", (event) => (pressed = event.target));
  dialog.addEventListener("click", (event) => {
    if (!stays && event.target === dialog && pressed === dialog) dialog.close("");
  });
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
      resolve(dialog.returnValue);
    });
    dialog.showModal();
  });
}

let count = 0;

/**
 * Asks for a yes.
 * @param {string} title
 * @param {string} text
 * @param {{ yes?: string, no?: string }} [labels]
 * @returns {Promise<boolean>}
 */
export async function confirm(title, text, { yes = "Yes", no = "No" } = {}) {
  const choices = [{ label: no, value: "" }, { label: yes, value: "yes", accent: true }];
  return (await show(title, paragraph(text), { choices })) === "yes";
}

/**
 * Asks for a line of text; null if nothing is to be done.
 * @param {string} title
 * @param {string} label what to write into the field
 * @param {{ value?: string, yes?: string, type?: "text" | "password" | "number" }} [options]
 * @returns {Promise<string | null>}
 */
export async function ask(title, label, { value = "", yes = "OK", type = "text" } = {}) {
  const box = document.createElement("label");
  box.className = "field";
  box.append(label);
  const input = document.createElement("input");
  Object.assign(input, { type, value, autocomplete: "off", autofocus: true, required: true });
  box.append(input);
  const choices = [{ label: "Cancel", value: "" }, { label: yes, value: "yes", accent: true }];
  return (await show(title, box, { choices })) === "yes" ? input.value : null;
}

/** @param {string} text */
function paragraph(text) {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  return paragraph;
}
