// The settings dialog, built of what was defined (settings.js): sections, search, back to how it was at first, and
// everything as one file. A setting counts as soon as it is changed; there is nothing to save.

import { show } from "../dialogs.js";
import { LIMIT } from "./account.js";
import { button, download, make, unique, upload } from "./dom.js";
import { LONGEST, read, take, write } from "./exchange.js";
import { pairsOf } from "./settings.js";

/** @typedef {import("./settings.js").Settings} Settings */
/** @typedef {import("./settings.js").Definition} Definition */

/**
 * Opens the dialog; done when it is closed.
 * @param {Settings} settings
 * @param {import("./account.js").Account} account
 */
export async function open(settings, account) {
  const news = make("p", { className: "news", role: "status" });
  const search = make("input", { type: "search", autocomplete: "off", spellcheck: false });
  const list = make("div", { className: "settings" });
  /** @type {(() => void)[]} */
  const ends = [];
  for (const [name, definitions] of sections(settings)) {
    const section = make("fieldset", {}, make("legend", { textContent: name }));
    section.append(...definitions.map((one) => row(settings, one, ends)));
    list.append(section);
  }
  const none = make("p", { textContent: "Nothing is called so.", hidden: true });
  search.addEventListener("input", () => (none.hidden = filter(list, search.value) > 0));
  // Enter would close the dialog.
  list.addEventListener("keydown", enter);
  search.addEventListener("keydown", enter);
  const content = make(
    "div",
    { className: "player" },
    make("label", { className: "field" }, "Search", search),
    list,
    none,
    make("div", { className: "row" }, ...fileButtons(settings, news)),
    news,
    make("p", { className: "help", textContent: room(account) }),
  );
  await show("Settings", content, { className: "wide" });
  ends.forEach((end) => end());
}

/** @param {KeyboardEvent} event */
function enter(event) {
  const inField = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (event.key === "Enter" && inField) event.preventDefault();
}

/** What is in the dialog, by heading. @param {Settings} settings */
function sections(settings) {
  /** @type {Map<string, Definition[]>} */
  const found = new Map();
  for (const one of settings.definitions()) {
    if (one.section === undefined || one.kind === "json") continue;
    found.set(one.section, [...(found.get(one.section) ?? []), one]);
  }
  return found;
}

/** How full the account is. @param {import("./account.js").Account} account */
function room(account) {
  if (account.used === null) return "Kept in this browser, and on your account once you are in the game.";
  const share = Math.ceil((account.used / LIMIT) * 100);
  const large = account.tooLarge;
  if (large.length === 0) return `Kept in this browser and on your account, where ${share} % of the room is used.`;
  return `Too large for your account, and so only in this browser: ${large.join(", ")}.`;
}

/** Hides what does not have the words; says how many are left. @param {HTMLElement} list @param {string} text */
function filter(list, text) {
  const words = text.toLowerCase().split(/\s+/);
  let left = 0;
  for (const section of list.children) {
    let inSection = 0;
    for (const one of section.querySelectorAll(".setting")) {
      if (!(one instanceof HTMLElement)) continue;
      const name = `${section.firstElementChild?.textContent} ${one.dataset.words}`.toLowerCase();
      one.hidden = !words.every((word) => name.includes(word));
      if (!one.hidden) inSection += 1;
    }
    /** @type {HTMLElement} */ (section).hidden = inSection === 0;
    left += inSection;
  }
  return left;
}

/** @param {Settings} settings @param {Definition} definition @param {(() => void)[]} ends */
function row(settings, definition, ends) {
  const { key, label, kind, place } = definition;
  const help = [definition.help, place === "browser" && "In this browser only."].filter(Boolean).join(" ");
  const input = control(definition);
  input.id = unique("setting");
  const said = make("p", { className: "help", id: unique("help"), textContent: help });
  const error = make("p", { className: "error", id: unique("error"), role: "alert" });
  input.setAttribute("aria-describedby", `${said.id} ${error.id}`);
  const back = button("Reset", () => {
    settings.reset(key);
    input.focus();
  });
  back.setAttribute("aria-label", `Reset: ${label}`);
  const draw = () => {
    const value = settings.get(key);
    if (input instanceof HTMLInputElement && kind === "bool") input.checked = value;
    else input.value = String(value);
    back.hidden = !settings.isChanged(key);
    complain("");
  };
  const complain = (/** @type {string} */ sentence) => {
    error.textContent = sentence;
    input.setAttribute("aria-invalid", String(sentence !== ""));
  };
  input.addEventListener("change", () => {
    const set = settings.set(key, valueOf(definition, input));
    if (!set) complain(wanted(definition));
    else draw();
  });
  ends.push(settings.on(key, draw));
  draw();
  const name = make("label", { htmlFor: input.id, textContent: label });
  const parts = kind === "bool" ? [input, name] : [name, input];
  const element = make("div", { className: `setting ${kind}` }, ...parts, back, said, error);
  element.dataset.words = `${label} ${help}`;
  return element;
}

/** @param {Definition} definition */
function control({ kind, choices, min, max, step }) {
  if (kind === "bool") return make("input", { type: "checkbox" });
  if (kind === "choice") {
    return make(
      "select",
      {},
      ...pairsOf(choices).map(([value, label]) => make("option", { value, textContent: label })),
    );
  }
  if (kind === "number") return make("input", { type: "number", min: min ?? "", max: max ?? "", step: step ?? 1 });
  return make("input", { type: "text", autocomplete: "off", spellcheck: false });
}

/** @param {Definition} definition @param {HTMLInputElement | HTMLSelectElement} input */
function valueOf({ kind }, input) {
  if (kind === "bool" && input instanceof HTMLInputElement) return input.checked;
  return kind === "number" ? (input.value === "" ? NaN : Number(input.value)) : input.value;
}

/** What has to stand in a field. @param {Definition} definition */
function wanted({ kind, min, max }) {
  if (kind !== "number") return "This cannot be set.";
  if (min !== undefined && max !== undefined) return `This has to be a number from ${min} to ${max}.`;
  if (min !== undefined) return `This has to be a number, ${min} or more.`;
  return max === undefined ? "This has to be a number." : `This has to be a number, ${max} or less.`;
}

/** @param {Settings} settings @param {HTMLElement} news */
function fileButtons(settings, news) {
  const reset = button("Reset all", () => {
    if (reset.dataset.sure === undefined) {
      reset.dataset.sure = "";
      reset.textContent = "Really reset all of these?";
      news.textContent = "Triggers, aliases, keys, timers and the arrangement of panes stay as they are.";
      return;
    }
    for (const [, definitions] of sections(settings)) definitions.forEach((one) => settings.reset(one.key));
    news.textContent = "All settings are as at first.";
    calm();
  });
  const calm = () => {
    delete reset.dataset.sure;
    reset.textContent = "Reset all";
  };
  reset.addEventListener("blur", calm);
  const save = button("Save to a file", () => {
    download("meadow-settings.json", write(settings));
    news.textContent = "Everything that you have set, with triggers and panes, is in the file meadow-settings.json.";
  });
  const load = button("Load a file", async () => {
    try {
      const file = await upload(".json,application/json", LONGEST);
      if (file === null) return;
      const { taken, refused } = take(settings, read(file.text));
      news.textContent = `Settings taken from ${file.name}: ${taken.length}.`;
      if (refused.length > 0) news.textContent += ` Not known here: ${refused.join(", ")}.`;
    } catch (error) {
      news.textContent = error instanceof Error ? error.message : String(error);
    }
  });
  return [save, load, reset];
}
