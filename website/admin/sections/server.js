// Services, settings in force, and throttles: how the Server and the Portal are set up, and whom they hold back.

import { get } from "../api.js";
import { facts, h } from "../dom.js";
import { span } from "../format.js";
import { listView } from "../list.js";
import { Table } from "../table.js";
import { jobs } from "./jobs.js";

/** @type {import("../main.js").Section} */
export const services = {
  name: "services",
  title: "Services",
  group: "Server",
  every: 10,
  open: (_place, app) =>
    listView({
      name: "services",
      one: "service",
      above: [jobs(app)],
      only: () => true,
      table: {
        caption: "Services",
        key: ({ kind, name }) => `${kind} ${name}`,
        empty: "There are no services.",
        columns: [
          { title: "Name", header: true, cell: ({ name }) => name },
          { title: "Kind", cell: ({ kind }) => kind },
          { title: "Address", kind: "mono", cell: ({ address }) => address },
          { title: "State", cell: ({ state }) => state },
        ],
      },
    }),
};

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
        { name: "search", label: "Search" },
        { name: "changed", label: "Only those that are not the default", kind: "flag" },
      ],
      only: ({ name, value, origin }, { search, changed }) =>
        `${name} ${value}`.toLowerCase().includes(search.toLowerCase()) && (changed === "" || origin !== "default"),
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

/** @type {import("../main.js").Section} */
export const throttles = {
  name: "throttles",
  title: "Throttles",
  group: "Server",
  every: 5,
  open() {
    const logins = addresses("Wrong passwords");
    const creations = addresses("New accounts");
    const connections = addresses("Connections, by address", false);
    const [loginFacts, creationFacts, connectionFacts] = [h("div", {}), h("div", {}), h("div", {})];
    return {
      element: h(
        "div",
        { class: "throttles" },
        logins.element,
        loginFacts,
        creations.element,
        creationFacts,
        connections.element,
        connectionFacts,
      ),
      async load(_place, signal) {
        const told = await get("throttles", {}, signal);
        const limit = (/** @type {any} */ { limit, seconds }) => facts([["Limit", `${limit} in ${span(seconds)}`]]);
        logins.fill(told.logins.addresses);
        loginFacts.replaceChildren(limit(told.logins));
        creations.fill(told.creations.addresses);
        creationFacts.replaceChildren(limit(told.creations));
        const {
          connections: count,
          most,
          not_logged_in: strangers,
          most_not_logged_in: mostStrangers,
        } = told.connections;
        connections.fill(told.connections.addresses);
        connectionFacts.replaceChildren(
          facts([
            ["Connections", `${count} of ${most}`],
            ["Not logged in", `${strangers} of ${mostStrangers}`],
            ["Of one address", `${told.connections.most_of_one_address} at most`],
          ]),
        );
      },
    };
  },
};

/** @param {string} caption @param {boolean} [waits] */
function addresses(caption, waits = true) {
  return new Table({
    caption,
    key: (/** @type {{ address: string, count: number, wait?: number | null }} */ { address }) => address,
    empty: "None.",
    columns: [
      { title: "Address", header: true, kind: "mono", cell: ({ address }) => address },
      { title: "Count", kind: "number", cell: ({ count }) => count },
      ...(waits
        ? [
            /** @type {const} */ ({
              title: "Has to wait",
              kind: "number",
              cell: (/** @type {{ wait?: number | null }} */ { wait }) => span(wait),
            }),
          ]
        : []),
    ],
  });
}
