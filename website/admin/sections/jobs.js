// The two things that take a while: a reload of the game, and a backup. Both say that they are at work, and what came
// of it; both are waited for, however long they take.

import { post } from "../api.js";
import { ask } from "../dialog.js";
import { button, h } from "../dom.js";
import { span } from "../format.js";

/**
 * Jobs outlive the section that has started them.
 * @type {{ text: string, kind: "busy" | "good" | "bad" } | undefined}
 */
let job;
/** @type {Set<() => void>} */
const watchers = new Set();

/**
 * Buttons, and what has become of them.
 * @param {import("../main.js").App} app
 */
export function jobs(app) {
  const reload = button(
    "Reload the game",
    () =>
      void ask({
        title: "Reload the game",
        text: "The Server is started anew, with the program as it is now. Nobody is disconnected; what is typed waits.",
        yes: "Reload",
        submit: async () => void run("reload", "The game is being reloaded …", () => "The game was reloaded", app),
      }),
    { kind: "main" },
  );
  const backup = button(
    "Make a backup",
    () => void run("backup", "A backup is being made …", ({ file }) => `The backup is ${file}`, app),
  );
  const progress = h("progress", { "aria-label": "At work", hidden: true });
  const text = h("p", { role: "status" });
  const element = h("div", { class: "jobs" }, h("div", { class: "buttons" }, reload, backup), progress, text);
  const show = () => {
    if (!element.isConnected && text.textContent !== "") return void watchers.delete(show);
    progress.hidden = job?.kind !== "busy";
    text.className = job?.kind ?? "";
    text.textContent = job?.text ?? "";
  };
  watchers.add(show);
  show();
  return element;
}

/**
 * @param {string} name of the API's function
 * @param {string} busy
 * @param {(answer: any) => string} done
 * @param {import("../main.js").App} app
 */
async function run(name, busy, done, app) {
  if (job?.kind === "busy") return;
  const began = performance.now();
  const took = () => span((performance.now() - began) / 1000);
  say(busy, "busy");
  try {
    const told = done(await post(name));
    say(`${told}. It took ${took()}.`, "good");
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), "bad");
  }
  await app.refresh();
}

/** @param {string} text @param {"busy" | "good" | "bad"} kind */
function say(text, kind) {
  job = { text, kind };
  for (const show of watchers) show();
}
