// What is done to people: telling them something, disconnecting them, keeping them out. The lists of sessions, accounts
// and bans have buttons for it.

import { post } from "./api.js";
import { ask } from "./dialog.js";
import { tell } from "./news.js";

/**
 * @param {number} session
 * @param {string} who
 */
export function message(session, who) {
  return ask({
    title: `Message ${who}`,
    text: `${who} reads this at once, with your name before it. It is shown as you write it, without markup.`,
    fields: [{ name: "message", label: "Message", kind: "lines", required: true }],
    yes: "Send",
    submit: async ({ message }) => {
      await post("session_message", { session, message });
      tell(`${who} was told.`);
    },
  });
}

/**
 * @param {number} session
 * @param {string} who
 */
export function boot(session, who) {
  return ask({
    title: `Boot ${who}`,
    text: `This disconnects ${who} (session ${session}). They can connect again.`,
    fields: [
      { name: "reason", label: "Reason", hint: "They are told." },
      { name: "quiet", label: "Tell them nothing", kind: "flag" },
    ],
    yes: `Boot ${who}`,
    danger: true,
    submit: async ({ reason, quiet }) => {
      await post("session_boot", { session, reason, quiet: quiet !== "" });
      tell(`${who} was disconnected.`);
    },
  });
}

/**
 * @param {string} who a name or an address
 * @param {"account" | "address"} kind
 */
export function ban(who, kind) {
  return ask({
    title: `Ban ${who}`,
    text:
      kind === "account"
        ? `The account ${who} can't log in any more, until the ban ends.`
        : `Nobody can log in from ${who} any more, until the ban ends. Others may have the same address.`,
    fields: [...BAN_FIELDS],
    yes: `Ban ${who}`,
    danger: true,
    submit: async ({ reason, duration }) => {
      await post("ban", { who, kind, reason, duration });
      tell(`${who} is banned.`);
    },
  });
}

/** Somebody who is not in a list. */
export function banAnybody() {
  return ask({
    title: "Add a ban",
    text: "Keeps an account or an address out, until the ban ends.",
    fields: [
      {
        name: "who",
        label: "Who",
        required: true,
        hint: "A name (* for any letters), an address (192.0.2.7), or a network (192.0.2.0/24).",
      },
      {
        name: "kind",
        label: "That is",
        kind: "choice",
        choices: [
          ["", "what it looks like"],
          ["account", "the name of an account"],
          ["address", "an address"],
        ],
      },
      ...BAN_FIELDS,
    ],
    yes: "Ban",
    danger: true,
    submit: async ({ who, kind, reason, duration }) => {
      await post("ban", { who, reason, duration, kind: kind || null });
      tell(`${who} is banned.`);
    },
  });
}

/** @param {{ id: number, who: string }} ban */
export function lift({ id, who }) {
  return ask({
    title: `Lift the ban of ${who}`,
    text: `${who} can log in again at once.`,
    yes: "Lift the ban",
    submit: async () => {
      await post("unban", { ban: id });
      tell(`${who} is banned no more.`);
    },
  });
}

/**
 * Shows what has changed when it was done.
 * @param {Promise<boolean>} done
 * @param {import("./main.js").App} app
 */
export async function thenRefresh(done, app) {
  if (await done) await app.refresh();
}

/** @type {import("./form.js").Field[]} */
const BAN_FIELDS = [
  { name: "reason", label: "Reason", hint: "Whoever it is reads it when they try to log in." },
  {
    name: "duration",
    label: "For how long",
    hint: "3d, or 1h 30m. For ever, if nothing is said.",
    about: /^A duration/,
  },
];
