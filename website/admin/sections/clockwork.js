// Channels, scripts and tickers: what goes on in the game by itself.

import { accountLink, joined, objectLink } from "../dom.js";
import { span } from "../format.js";
import { listView } from "../list.js";

/** @type {import("../main.js").Section} */
export const channels = {
  name: "channels",
  title: "Channels",
  group: "World",
  every: 15,
  open: () => listView({
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
  open: () => listView({
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
        { title: "Of", cell: ({ owner }) => (owner === null ? "the game" : objectLink(owner.object) || accountLink(owner.account)) },
        { title: "State", cell: ({ state }) => state },
        { title: "Every", kind: "number", cell: ({ interval }) => (interval > 0 ? span(interval) : "") },
        { title: "Next in", kind: "number", cell: ({ next }) => span(next) },
        { title: "Times left", kind: "number", cell: ({ remaining }) => remaining ?? "" },
        { title: "Description", kind: "wide", cell: ({ desc }) => desc },
      ],
    },
  }),
};

/** @type {import("../main.js").Section} */
export const tickers = {
  name: "tickers",
  title: "Tickers",
  group: "World",
  every: 5,
  open: () => listView({
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
