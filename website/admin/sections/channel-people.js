// Who hears a channel, and who may not: lists of one channel's page, and throwing somebody out.

import { post } from "../api.js";
import { ask } from "../dialog.js";
import { accountLink, button, h, joined, objectLink } from "../dom.js";
import { listView } from "../list.js";
import { tell, tellError } from "../news.js";
import { Table } from "../table.js";

/** @typedef {{ account?: { id: number, name: string }, object?: { id: number, key: string } }} Who */

/**
 * Who hears it, page by page.
 * @param {string} id
 * @param {(how: "boot" | "ban", who: string) => void} out
 */
export function hearersView(id, out) {
  return listView({
    name: `channels/${id}`,
    asks: "channel_listeners",
    field: "listeners",
    args: { id },
    one: "subscriber",
    filters: [{ name: "search", label: "Who hears it" }],
    table: {
      caption: "Subscribers",
      key: (/** @type {Who} */ who) => keyOf(who),
      empty: "Nobody.",
      columns: [
        { title: "Name", header: true, cell: linkOf },
        { title: "Connected", cell: ({ online }) => (online ? "yes" : "") },
        { title: "Muted", cell: ({ muted }) => (muted ? "yes" : "") },
        { title: "Own aliases", cell: ({ aliases }) => joined(aliases) },
        {
          title: "Actions",
          kind: "deeds",
          cell: ({ account }) =>
            account &&
            h(
              "div",
              { class: "acts" },
              button("Boot", () => out("boot", account.name), { of: account.name, kind: "small" }),
              button("Ban", () => out("ban", account.name), { of: account.name, kind: "small" }),
            ),
        },
      ],
    },
  });
}

/**
 * @param {number} id
 * @param {import("../main.js").App} app
 */
export function bansTable(id, app) {
  /** @param {string} account */
  const lift = async (account) => {
    try {
      await post("channel_unban", { id, account });
      tell(`${account} may come back.`);
    } catch (error) {
      tellError(error);
    }
    await app.refresh();
  };
  return new Table({
    caption: "Banned from this channel",
    key: keyOf,
    empty: "Nobody.",
    columns: [
      { title: "Name", header: true, cell: linkOf },
      {
        title: "Actions",
        kind: "deeds",
        cell: ({ account }) =>
          account && button("Unban", () => void lift(account.name), { of: account.name, kind: "small" }),
      },
    ],
  });
}

/** @param {Who} who */
function keyOf({ account, object }) {
  return account ? `account ${account.id}` : `object ${object?.id}`;
}

/** @param {Who} who */
function linkOf({ account, object }) {
  return accountLink(account) || objectLink(object);
}

/**
 * @param {number} id
 * @param {"boot" | "ban"} how
 * @param {string} who empty to be asked for
 * @param {string} channel
 */
export function throwOut(id, how, who, channel) {
  const verb = how === "boot" ? "Boot" : "Ban";
  return ask({
    title: `${verb} ${who || "somebody"} from ${channel}`,
    text: how === "boot" ? "They hear it no more, and may come back." : "They hear it no more, until the ban is lifted.",
    fields: [
      ...(who === ""
        ? [{ name: "account", label: "Account", required: true, about: /^(There is no account|Cannot)/ }]
        : []),
      { name: "reason", label: "Reason", hint: "They are told, and so is the channel." },
      { name: "quiet", label: "Say nothing on the channel", kind: /** @type {const} */ ("flag") },
    ],
    yes: `${verb} ${who}`.trim(),
    danger: true,
    submit: async ({ account = who, reason, quiet }) => {
      await post(how === "boot" ? "channel_boot" : "channel_ban", { id, account, reason, quiet: quiet !== "" });
      tell(how === "boot" ? `${account} was booted from ${channel}.` : `${account} is banned from ${channel}.`);
    },
  });
}
