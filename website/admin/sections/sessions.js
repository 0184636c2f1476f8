// Sessions: who is connected, live, and all that is known of one.

import { get } from "../api.js";
import { copyable } from "../copy.js";
import { accountLink, button, facts, h, joined, link, objectLink, renew } from "../dom.js";
import { counted, number, size, span } from "../format.js";
import { listView } from "../list.js";
import { ban, boot, message, thenRefresh } from "../people.js";

/** What the API calls the reasons why a player has to wait. @type {Record<string, string>} */
const STRAINS = {
  latency: "answers are slow",
  input: "what they type waits",
  output: "what they are sent waits",
};

/**
 * @typedef {object} Session what the API tells of one
 * @property {number} id
 * @property {{ id: number, name: string } | null} account
 * @property {{ id: number, key: string } | null} puppet
 * @property {string} address
 * @property {string} protocol
 * @property {number} connected
 * @property {number} idle
 * @property {number} [commands]
 * @property {string} [service]
 * @property {string} [client]
 * @property {string} [terminal]
 * @property {string} [encoding]
 * @property {number} [width]
 * @property {number} [height]
 * @property {string[]} [flags]
 * @property {Record<string, string>} [negotiated]
 * @property {number} [bytes_in]
 * @property {number} [bytes_out]
 * @property {number} [input_waiting]
 * @property {number} [output_waiting]
 * @property {number} [silent]
 * @property {string[]} [strain]
 */

/** @type {import("../main.js").Section} */
export const sessions = {
  name: "sessions",
  title: "Sessions",
  group: "People",
  every: 3,
  open: (place, app) => (place.id === "" ? list(app) : detail(app)),
};

/**
 * @param {import("../main.js").App} app
 * @returns {import("../main.js").View}
 */
function list(app) {
  return listView({
    name: "sessions",
    one: "session",
    filters: [
      { name: "search", label: "Name or address" },
      {
        name: "order",
        label: "Sorted by",
        kind: "choice",
        choices: [
          ["", "number"],
          ["name", "name"],
          ["address", "address"],
          ["newest", "newest first"],
          ["idle", "longest idle first"],
          ["commands", "most commands first"],
          ["latency", "slowest answers first"],
          ["queue", "longest queue first"],
          ["traffic", "most traffic first"],
        ],
      },
    ],
    note: ({ total, connected, arriving }) =>
      (total < connected ? ` of ${number(connected)}` : "") +
      (arriving > 0 ? `; ${counted(arriving, "connection is", "connections are")} just arriving` : ""),
    table: {
      caption: "Who is connected",
      key: ({ id }) => id,
      empty: "Nobody like that is connected.",
      columns: [
        { title: "Account", header: true, cell: (session) => link(`sessions/${session.id}`, nameOf(session)) },
        { title: "Character", cell: ({ puppet }) => puppet && link(`objects/${puppet.id}`, puppet.key) },
        {
          title: "Address",
          kind: "mono short",
          cell: ({ address }) => h("span", { class: address.includes(":") ? "long" : "" }, address),
        },
        {
          title: "Client",
          kind: "name",
          cell: ({ protocol, client }) => (client ? `${protocol}, ${client}` : protocol),
        },
        { title: "Negotiated", kind: "wide", cell: negotiatedOf },
        { title: "Size", kind: "number", cell: sizeOf },
        { title: "Queue", kind: "number", cell: queueOf },
        { title: "Latency", kind: "number", cell: (session) => strained(session, "latency", latencyOf(session)) },
        { title: "In / out", kind: "number", cell: trafficOf },
        { title: "Idle", kind: "number", cell: ({ idle }) => span(idle < 60 ? idle : idle - (idle % 60)) },
        { title: "Actions", kind: "deeds", cell: (session) => actions(session, app) },
      ],
    },
  });
}

/**
 * @param {import("../main.js").App} app
 * @returns {import("../main.js").View}
 */
function detail(app) {
  const box = h("div", { class: "stack" });
  const buttons = h("div", { class: "buttons" });
  const back = link("sessions", "All sessions");
  /** @type {import("../main.js").View} */
  const view = {
    title: "Session",
    element: h("div", {}, h("p", {}, back), buttons, box),
    async load(place, signal) {
      /** @type {Session[]} */
      const sessions = /^\d+$/.test(place.id) ? (await get("sessions", { ids: place.id }, signal)).sessions : [];
      const [session] = sessions;
      if (session === undefined) {
        view.title = `Session ${place.id}`;
        renew(box, h("p", { class: "empty" }, "This session has ended."));
        if (buttons.contains(document.activeElement)) back.focus();
        buttons.replaceChildren();
        return;
      }
      view.title = `Session ${session.id}: ${nameOf(session)}`;
      if (buttons.childElementCount === 0) buttons.append(actions(session, app, false));
      renew(box, ...sheet(session));
    },
  };
  return view;
}

/** @param {Session} session */
function sheet(session) {
  const { account, puppet, flags = [], negotiated = {}, strain = [] } = session;
  return [
    strain.length > 0 &&
      h("p", { class: "verdict warn" }, `Has to wait: ${strain.map((name) => STRAINS[name] ?? name).join(", ")}.`),
    facts([
      ["Number", copyable(`#${session.id}`)],
      ["Account", account === null ? "not logged in" : accountLink(account)],
      ["Character", objectLink(puppet)],
      ["Address", copyable(session.address)],
      ["Service", session.service],
      ["Protocol", session.protocol],
      ["Client", session.client],
      ["Terminal", session.terminal],
      ["Encoding", session.encoding],
      ["Size", sizeOf(session)],
      ["Latency", latencyOf(session)],
      ["Connected for", span(session.connected)],
      ["Idle for", span(session.idle)],
      ["Silent for", span(session.silent)],
      ["Commands", session.commands],
      ["Came in", size(session.bytes_in)],
      ["Went out", size(session.bytes_out)],
      [
        "Waiting",
        session.input_waiting !== undefined &&
          `${counted(session.input_waiting, "line")} in, ${size(session.output_waiting)} out`,
      ],
    ]),
    h("h2", {}, "Negotiated"),
    Object.keys(negotiated).length === 0
      ? h("p", { class: "empty" }, "Nothing.")
      : facts(Object.entries(negotiated).map(([name, value]) => [name, value || "none"])),
    h("h2", {}, "Flags"),
    flags.length === 0 ? h("p", { class: "empty" }, "None.") : h("p", {}, joined(flags)),
  ];
}

/**
 * @param {Session} session
 * @param {import("../main.js").App} app
 */
function actions(session, app, isSmall = true) {
  const { id, account, address } = session;
  const who = nameOf(session);
  /** @type {"small" | ""} */
  const kind = isSmall ? "small" : "";
  const then = (/** @type {Promise<boolean>} */ done) => void thenRefresh(done, app);
  return h(
    "div",
    { class: "acts" },
    button("Message", () => then(message(id, who)), { of: who, kind }),
    button("Boot", () => then(boot(id, who)), { of: who, kind }),
    account === null
      ? button("Ban", () => then(ban(address, "address")), { of: address, kind })
      : button("Ban", () => then(ban(account.name, "account")), { of: who, kind }),
    isSmall || account === null
      ? null
      : button("Ban the address", () => then(ban(address, "address")), { of: address, kind }),
  );
}

/** @param {Session} session */
function nameOf({ id, account }) {
  return account === null ? `#${id}, not logged in` : account.name;
}

/** @param {Session} session */
function sizeOf({ width, height }) {
  return width ? `${width} × ${height}` : "";
}

/** Lines that wait to be done, and bytes that wait to be sent. @param {Session} session */
function queueOf(session) {
  const { input_waiting: input, output_waiting: output, strain = [] } = session;
  if (input === undefined) return "";
  return strained(session, strain.includes("input") ? "input" : "output", `${input} / ${size(output)}`);
}

/** Says so where its player has to wait. @param {Session} session @param {string} name @param {string} text */
function strained({ strain = [] }, name, text) {
  if (!strain.includes(name)) return text;
  const why = h("span", { class: "unseen" }, ` (${STRAINS[name]})`);
  return h("span", { class: "warn", title: STRAINS[name] }, text, h("span", { "aria-hidden": "true" }, " ⚠"), why);
}

/** @param {Session} session */
function latencyOf({ negotiated }) {
  return negotiated?.latency ?? "";
}

/** @param {Session} session */
function trafficOf({ bytes_in: input, bytes_out: output }) {
  return input === undefined
    ? ""
    : h("span", { class: "lines" }, h("span", {}, size(input)), " / ", h("span", {}, size(output)));
}

/** What of it says most about a client. @param {Session} session */
function negotiatedOf({ negotiated = {}, encoding = "" }) {
  const said = Object.entries(negotiated).filter(([name, value]) => name !== "latency" && value !== "");
  return [encoding, ...said.map(([name, value]) => (name === "options" ? value : `${name} ${value}`))]
    .filter(Boolean)
    .join(", ");
}
