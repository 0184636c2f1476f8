// Accounts: searched, and looked into.

import { get } from "../api.js";
import { copyable } from "../copy.js";
import { button, facts, h, joined, link, objectLink, renew } from "../dom.js";
import { moment } from "../format.js";
import { listView } from "../list.js";
import { ban, thenRefresh } from "../people.js";
import { Table } from "../table.js";
import { valueText } from "../value.js";

/** @type {import("../main.js").Section} */
export const accounts = {
  name: "accounts",
  title: "Accounts",
  group: "People",
  every: 15,
  open: (place, app) => (place.id === "" ? list() : detail(app)),
};

function list() {
  return listView({
    name: "accounts",
    one: "account",
    filters: [
      { name: "search", label: "Name", hint: "A part of it, or #number." },
      { name: "online", label: "Connected only", kind: "flag" },
    ],
    table: {
      caption: "Accounts, newest first",
      key: ({ id }) => id,
      empty: "No account is like that.",
      columns: [
        { title: "Name", header: true, cell: ({ id, name }) => link(`accounts/${id}`, name) },
        { title: "Number", kind: "number", cell: ({ id }) => id },
        { title: "Standing", cell: standing },
        { title: "Characters", kind: "wide", cell: ({ characters }) => joined(characters.map(objectLink)) },
        { title: "Sessions", cell: ({ sessions }) => sessionLinks(sessions) },
        { title: "Made", cell: ({ created }) => moment(created) },
        { title: "Last login", cell: (account) => moment(account.last_login) },
      ],
    },
  });
}

/**
 * @param {import("../main.js").App} app
 * @returns {import("../main.js").View}
 */
function detail(app) {
  const box = h("div", {});
  const logins = new Table({
    caption: "Browsers that are signed in",
    key: (/** @type {any} */ login) => `${login.made} ${login.address} ${login.browser}`,
    empty: "None.",
    columns: [
      { title: "Browser", header: true, kind: "wide", cell: ({ browser }) => browser || "unnamed" },
      { title: "Address", kind: "mono", cell: ({ address }) => address },
      { title: "Signed in", cell: ({ made }) => moment(made) },
      { title: "Last used", cell: ({ used }) => moment(used) },
      { title: "Ends", cell: ({ expires }) => moment(expires) },
    ],
  });
  const attributes = new Table({
    caption: "Attributes",
    key: (/** @type {{ name: string, value: unknown }} */ attribute) => attribute.name,
    empty: "None.",
    columns: [
      { title: "Name", header: true, kind: "mono", cell: ({ name }) => name },
      { title: "Value", kind: "mono", cell: ({ value }) => valueText(value) },
    ],
  });
  let name = "";
  const banIt = button("Ban", () => void thenRefresh(ban(name, "account"), app));
  /** @type {import("../main.js").View} */
  const view = {
    title: "Account",
    element: h(
      "div",
      {},
      h("p", {}, link("accounts", "All accounts")),
      h("div", { class: "buttons" }, banIt),
      box,
      logins.element,
      attributes.element,
    ),
    async load(place, signal) {
      const account = await get("account", { id: place.id }, signal);
      name = account.name;
      view.title = `Account ${name}`;
      renew(
        box,
        facts([
          ["Number", copyable(`#${account.id}`)],
          ["Standing", standing(account)],
          ["Banned", account.banned ? link("bans", "yes") : "no"],
          ["Characters", joined(account.characters.map(objectLink))],
          ["Last character", objectLink(account.last_puppet)],
          ["Sessions", sessionLinks(account.sessions)],
          ["Addresses", joined(account.addresses.map(copyable))],
          ["Made", moment(account.created)],
          ["Last login", moment(account.last_login)],
        ]),
      );
      logins.fill(account.web_logins);
      attributes.fill(Object.entries(account.attributes).map(([name, value]) => ({ name, value })));
    },
  };
  return view;
}

/** @param {any} account */
function standing({ superuser, guest, permissions }) {
  return [superuser ? "superuser" : "", guest ? "guest" : "", ...permissions].filter(Boolean).join(", ");
}

/** @param {number[]} sessions */
function sessionLinks(sessions) {
  return joined(sessions.map((id) => link(`sessions/${id}`, `#${id}`)));
}
