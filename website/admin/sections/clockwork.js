// Channels, scripts and tickers: what goes on in the game by itself. Scripts are started, paused, stopped and deleted.

import { post } from "../api.js";
import { ask } from "../dialog.js";
import { accountLink, button, h, joined, objectLink } from "../dom.js";
import { span } from "../format.js";
import { listView } from "../list.js";
import { tell, tellError } from "../news.js";
import { thenRefresh } from "../people.js";

/** @type {import("../main.js").Section} */
export const channels = {
  name: "channels",
  title: "Channels",
  group: "World",
  every: 15,
  open: () =>
    listView({
      name: "channels",
      one: "channel",
      table: {
        caption: "Channels",
        key: ({ id }) => id,
        empty: "There are no channels.",
        columns: [
          { title: "Name", header: true, cell: ({ key }) => key },
          { title: "Aliases", cell: ({ aliases }) => joined(aliases) },
          { title: "Description", kind: "wide", cell: ({ desc }) => desc },
          { title: "Subscribers", kind: "number", cell: ({ subscribers }) => subscribers },
          { title: "Locks", kind: "mono", cell: ({ locks }) => locks },
          { title: "Typeclass", kind: "mono", cell: ({ typeclass }) => typeclass },
          { title: "Made by", cell: ({ creator }) => accountLink(creator) },
        ],
      },
    }),
};

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
      table: {
        caption: "Scripts",
        key: ({ id }) => id,
        empty: "There are no scripts.",
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

/** @typedef {{ id: number, key: string, state: "running" | "paused" | "stopped" }} Script */

/**
 * @param {Script} script
 * @param {import("../main.js").App} app
 */
function actions(script, app) {
  const of = script.key;
  const isRunning = script.state === "running";
  return h(
    "div",
    { class: "acts" },
    isRunning
      ? button("Pause", () => void manage(script, "pause", app), { of, kind: "small" })
      : button("Start", () => void manage(script, "start", app), { of, kind: "small" }),
    script.state !== "stopped" && button("Stop", () => void manage(script, "stop", app), { of, kind: "small" }),
    button("Delete", () => void remove(script, app), { of, kind: "small" }),
  );
}

/**
 * @param {Script} script
 * @param {"start" | "pause" | "stop"} action
 * @param {import("../main.js").App} app
 */
async function manage({ id }, action, app) {
  try {
    tell((await post("script_do", { id, action })).told);
  } catch (error) {
    tellError(error);
  }
  await app.refresh();
}

/**
 * @param {Script} script
 * @param {import("../main.js").App} app
 */
function remove({ id, key }, app) {
  return thenRefresh(
    ask({
      title: `Delete ${key}`,
      text: `The script ${key} (#${id}) is stopped and deleted, with what it keeps. That can't be undone.`,
      yes: `Delete ${key}`,
      danger: true,
      submit: async () => tell((await post("script_do", { id, action: "delete" })).told),
    }),
    app,
  );
}

/** @type {import("../main.js").Section} */
export const tickers = {
  name: "tickers",
  title: "Tickers",
  group: "World",
  every: 5,
  open: () =>
    listView({
      name: "tickers",
      one: "ticker",
      table: {
        caption: "Tickers",
        key: ({ id }) => id,
        empty: "There are no tickers.",
        columns: [
          { title: "Function", header: true, kind: "mono", cell: ({ function: name }) => name },
          { title: "Number", kind: "number", cell: ({ id }) => `#${id}` },
          { title: "Of", cell: subscriberOf },
          { title: "Every", kind: "number", cell: ({ interval }) => span(interval) },
          { title: "Next in", kind: "number", cell: ({ next }) => span(next) },
          { title: "Named", cell: ({ idstring }) => idstring },
          { title: "Outlives a reload", cell: ({ persistent }) => (persistent ? "yes" : "no") },
        ],
      },
    }),
};

/** @param {any} ticker */
function subscriberOf({ subscriber }) {
  if (subscriber === null) return "the game";
  return objectLink(subscriber.object) || `session ${subscriber.session}`;
}
