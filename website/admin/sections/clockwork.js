// Scripts and tickers: what goes on in the game by itself. They are paused, go on, are done once, and ended.

import { post } from "../api.js";
import { ask } from "../dialog.js";
import { accountLink, button, h, objectLink } from "../dom.js";
import { span } from "../format.js";
import { listView } from "../list.js";
import { tell, tellError } from "../news.js";
import { thenRefresh } from "../people.js";

/** @type {import("../main.js").Section} */
export const scripts = {
  name: "scripts",
  title: "Scripts",
  group: "World",
  every: 5,
  open: (_place, app) =>
    listView({
      name: "scripts",
      one: "script",
      filters: [{ name: "search", label: "Key or typeclass" }],
      table: {
        caption: "Scripts",
        key: ({ id }) => id,
        empty: "There are no such scripts.",
        columns: [
          { title: "Key", header: true, cell: ({ key }) => key },
          { title: "Number", kind: "number", cell: ({ id }) => `#${id}` },
          { title: "Typeclass", kind: "mono", cell: ({ typeclass }) => typeclass },
          {
            title: "Of",
            cell: ({ owner }) => (owner === null ? "the game" : objectLink(owner.object) || accountLink(owner.account)),
          },
          { title: "State", cell: ({ state }) => state },
          { title: "Every", kind: "number", cell: ({ interval }) => (interval > 0 ? span(interval) : "") },
          { title: "Next in", kind: "number", cell: ({ next }) => span(next) },
          { title: "Times left", kind: "number", cell: ({ remaining }) => remaining ?? "" },
          { title: "Description", kind: "wide", cell: ({ desc }) => desc },
          { title: "Actions", kind: "deeds", cell: (script) => actions(script, app) },
        ],
      },
    }),
};

/** @typedef {{ id: number, key: string, state: "running" | "paused" | "stopped", next: number | null }} Script */

/**
 * @param {Script} script
 * @param {import("../main.js").App} app
 */
function actions(script, app) {
  const of = script.key;
  const isRunning = script.state === "running";
  const act = (/** @type {string} */ label, /** @type {string} */ action) =>
    button(label, () => void manage("script_do", script.id, action, app), { of, kind: "small" });
  const remove = () =>
    ask({
      title: `Delete ${of}`,
      text: `The script ${of} (#${script.id}) is stopped and deleted, with what it keeps. That can't be undone.`,
      yes: `Delete ${of}`,
      danger: true,
      submit: async () => tell((await post("script_do", { id: script.id, action: "delete" })).told),
    });
  return h(
    "div",
    { class: "acts" },
    isRunning ? act("Pause", "pause") : act("Start", "start"),
    isRunning && script.next !== null && act("Run once", "repeat"),
    script.state !== "stopped" && act("Stop", "stop"),
    button("Delete", () => void thenRefresh(remove(), app), { of, kind: "small" }),
  );
}

/**
 * @param {"script_do" | "ticker_do"} name of the API's function
 * @param {number} id
 * @param {string} action
 * @param {import("../main.js").App} app
 */
async function manage(name, id, action, app) {
  try {
    tell((await post(name, { id, action })).told);
  } catch (error) {
    tellError(error);
  }
  await app.refresh();
}

/** @type {import("../main.js").Section} */
export const tickers = {
  name: "tickers",
  title: "Tickers",
  group: "World",
  every: 5,
  open: (_place, app) =>
    listView({
      name: "tickers",
      one: "ticker",
      filters: [{ name: "search", label: "Function or name" }],
      table: {
        caption: "Tickers",
        key: ({ id }) => id,
        empty: "There are no such tickers.",
        columns: [
          { title: "Function", header: true, kind: "mono", cell: ({ function: name }) => name },
          { title: "Number", kind: "number", cell: ({ id }) => `#${id}` },
          { title: "Of", cell: subscriberOf },
          { title: "Every", kind: "number", cell: ({ interval }) => span(interval) },
          { title: "Next in", kind: "number", cell: ({ next, paused }) => (paused ? "paused" : span(next)) },
          { title: "Named", cell: ({ idstring }) => idstring },
          { title: "Outlives a stop", cell: ({ persistent }) => (persistent ? "yes" : "no") },
          { title: "Actions", kind: "deeds", cell: (ticker) => tickerActions(ticker, app) },
        ],
      },
    }),
};

/**
 * @param {{ id: number, function: string, paused: boolean }} ticker
 * @param {import("../main.js").App} app
 */
function tickerActions({ id, function: name, paused }, app) {
  const of = `${name} (#${id})`;
  const act = (/** @type {string} */ label, /** @type {string} */ action) =>
    button(label, () => void manage("ticker_do", id, action, app), { of, kind: "small" });
  const remove = () =>
    ask({
      title: `End ${of}`,
      text: `The ticker ${of} is called no more, and is gone. That can't be undone; the game's code may make it again.`,
      yes: `End ${of}`,
      danger: true,
      submit: async () => tell((await post("ticker_do", { id, action: "delete" })).told),
    });
  return h(
    "div",
    { class: "acts" },
    paused ? act("Go on", "resume") : act("Pause", "pause"),
    act("Run once", "run"),
    button("End", () => void thenRefresh(remove(), app), { of, kind: "small" }),
  );
}

/** @param {any} ticker */
function subscriberOf({ subscriber }) {
  if (subscriber === null) return "the game";
  return objectLink(subscriber.object) || `session ${subscriber.session}`;
}
