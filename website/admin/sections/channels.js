// Channels: those that there are, and making one. What one of them is like is the business of channel.js.

import { post } from "../api.js";
import { ask } from "../dialog.js";
import { accountLink, address, button, h, joined, link } from "../dom.js";
import { moment } from "../format.js";
import { listView } from "../list.js";
import { tell } from "../news.js";
import { channelView } from "./channel.js";

/** @type {import("../main.js").Section} */
export const channels = {
  name: "channels",
  title: "Channels",
  group: "World",
  every: 15,
  open: (place, app) => (place.id === "" ? list() : channelView(place.id, app)),
};

function list() {
  const make = button("Make a channel", () => void create(), { kind: "main" });
  return listView({
    name: "channels",
    one: "channel",
    above: [h("div", { class: "buttons" }, make)],
    filters: [{ name: "search", label: "Name or alias" }],
    table: {
      caption: "Channels",
      key: ({ id }) => id,
      empty: "There is no such channel.",
      columns: [
        { title: "Name", header: true, cell: ({ id, key }) => link(`channels/${id}`, key) },
        { title: "Aliases", cell: ({ aliases }) => joined(aliases) },
        { title: "Description", kind: "wide", cell: ({ desc }) => desc },
        { title: "Subscribers", kind: "number", cell: ({ subscribers }) => subscribers },
        { title: "Last said", cell: ({ said }) => moment(said) },
        { title: "Locks", kind: "mono", cell: ({ locks }) => locks },
        { title: "Made by", cell: ({ creator }) => accountLink(creator) },
      ],
    },
  });
}

function create() {
  return ask({
    title: "Make a channel",
    text: "You control it, and hear it. Everybody may listen and speak, until you change its locks.",
    fields: [
      { name: "name", label: "Name", required: true, hint: "Up to 30 letters, digits, spaces and - _ '" },
      { name: "aliases", label: "Aliases", hint: "Other names, with ; between them." },
      { name: "desc", label: "Description", kind: "lines", about: /^A description/ },
    ],
    yes: "Make it",
    submit: async (values) => {
      const { id, key } = await post("channel_create", values);
      tell(`The channel ${key} is there.`);
      location.hash = address(`channels/${id}`);
    },
  });
}
