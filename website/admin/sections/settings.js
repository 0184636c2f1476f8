// The settings in force, and where each comes from.

import { listView } from "../list.js";

/** @type {import("../main.js").Section} */
export const settings = {
  name: "settings",
  title: "Settings",
  group: "Server",
  every: 0,
  open: () =>
    listView({
      name: "settings",
      one: "setting",
      filters: [
        { name: "search", label: "Search", hint: "Names, values, origins." },
        { name: "changed", label: "Only those that are not the default", kind: "flag" },
      ],
      only: ({ name, value, origin }, { search, changed }) =>
        `${name} ${value} ${origin}`.toLowerCase().includes(search.trim().toLowerCase()) && (changed === "" || origin !== "default"),
      table: {
        caption: "Settings in force. Secrets are masked.",
        key: ({ name }) => name,
        empty: "No setting is like that.",
        columns: [
          { title: "Name", header: true, kind: "mono", cell: ({ name }) => name },
          { title: "Value", kind: "mono", cell: ({ value }) => value },
          { title: "Comes from", cell: ({ origin }) => origin },
        ],
      },
    }),
};
