// One channel: what was said there, and what those who control it do to it. Who hears it and who may not is the business of
// channel-people.js.

import { get, post } from "../api.js";
import { copyable } from "../copy.js";
import { ask } from "../dialog.js";
import { accountLink, address, button, facts, h, joined, renew } from "../dom.js";
import { Form } from "../form.js";
import { counted, moment } from "../format.js";
import { tell, tellError } from "../news.js";
import { thenRefresh } from "../people.js";
import { Tail } from "../tail.js";
import { bansTable, hearersView, throwOut } from "./channel-people.js";
import { fieldEditor } from "./edit.js";
import { undoBox } from "./undo.js";

/**
 * @typedef {object} Channel what the API tells of one
 * @property {number} id
 * @property {string} key
 * @property {string[]} aliases
 * @property {string} desc
 * @property {string} locks
 * @property {string} typeclass
 * @property {{ id: number, name: string } | null} creator
 * @property {number} created
 * @property {number} subscribers
 * @property {boolean} listening
 * @property {boolean} muted
 * @property {import("./channel-people.js").Who[]} bans
 * @property {{ at: number, text: string }[]} history
 */

const CLOCK = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });

/**
 * @param {string} id
 * @param {import("../main.js").App} app
 * @returns {import("../main.js").View}
 */
export function channelView(id, app) {
  const then = (/** @type {Promise<boolean>} */ done) => void thenRefresh(done, app);
  /** @type {Channel | undefined} */
  let now;
  const name = () => now?.key ?? "the channel";
  /** @type {import("./edit.js").Target<Channel>} */
  const target = { set: "channel_set", id: Number(id), changed: (channel) => (show(channel), void app.refresh()) };
  const undo = undoBox((kind, channel) => {
    if (kind === "channel" && channel.id === target.id) show(channel);
    void app.refresh();
  });
  const box = h("div", {});
  const said = saidBox(target.id, app);
  const editors = [
    fieldEditor(target, {
      field: "desc",
      label: "Description",
      kind: "lines",
      of: ({ desc }) => desc,
      hint: "With the game's markup: |wbright|n.",
    }),
    fieldEditor(target, {
      field: "locks",
      label: "Locks",
      kind: "lines",
      mono: true,
      of: ({ locks }) => locks,
      hint: "listen:all();send:perm(Player);control:perm(Admin)",
    }),
  ];
  const out = (/** @type {"boot" | "ban"} */ how, /** @type {string} */ who) => then(throwOut(target.id, how, who, name()));
  const hearers = hearersView(id, out);
  const bans = bansTable(target.id, app);
  const buttons = h(
    "div",
    { class: "buttons" },
    button("Ban somebody", () => out("ban", "")),
    button("Delete the channel", () => void destroy(target.id, name())),
  );
  const edit = h("section", { class: "editors", "aria-label": "Change it" }, ...editors.map(({ element }) => element));
  const everything = h(
    "div",
    { class: "stack", hidden: true },
    undo.element,
    box,
    buttons,
    said.element,
    edit,
    bans.element,
    hearers.element,
  );
  /** @param {Channel} channel */
  const show = (channel) => {
    now = channel;
    view.title = `Channel ${channel.key}`;
    everything.hidden = false;
    renew(box, about(channel));
    said.show(channel);
    for (const editor of editors) editor.show(channel);
    bans.fill(channel.bans);
  };
  /** @type {import("../main.js").View} */
  const view = {
    title: "Channel",
    every: 3,
    element: h("div", {}, h("p", {}, h("a", { href: address("channels") }, "All channels")), everything),
    async load(place, signal) {
      const all = [get("channel", { id }, signal), hearers.load(place, signal), undo.load(signal)];
      const [channel] = await Promise.all(all);
      show(channel);
    },
  };
  return view;
}

/** @param {Channel} channel */
function about(channel) {
  return facts([
    ["Number", copyable(`#${channel.id}`)],
    ["Aliases", joined(channel.aliases)],
    ["Typeclass", channel.typeclass],
    ["Made by", accountLink(channel.creator)],
    ["Made", moment(channel.created)],
    ["Heard by", counted(channel.subscribers, "subscriber")],
  ]);
}

/**
 * What was said, and saying something.
 * @param {number} id
 * @param {import("../main.js").App} app
 */
function saidBox(id, app) {
  const title = h("h2", { id: "said" }, "What was said");
  const tail = new Tail(title.id, () => "");
  const empty = h("p", { class: "empty" }, "Nothing yet.");
  const form = new Form(
    [{ name: "message", label: "Say something", hint: "In your name, without markup. :waves is shown as something you do." }],
    async ({ message }) => {
      if (message.trim() === "") return;
      await post("channel_send", { id, message });
      form.show("message", "");
      await app.refresh();
    },
    { className: "say" },
  );
  form.element.append(h("button", { class: "button main" }, "Send"));
  const note = h("p", {});
  const change = h("div", { class: "buttons" });
  const listen = (/** @type {string} */ label, /** @type {string} */ name) =>
    button(label, async () => {
      try {
        await post(name, { id });
      } catch (error) {
        tellError(error);
      }
      await app.refresh();
    });
  let state = "";
  return {
    element: h("section", { class: "stack", "aria-labelledby": title.id }, title, empty, tail.element, form.element, note, change),
    /** @param {Channel} channel */
    show({ history, listening, muted }) {
      empty.hidden = history.length > 0;
      tail.element.hidden = history.length === 0;
      tail.show(history.map(({ at, text }) => `${CLOCK.format(at * 1000)}  ${text}`));
      form.element.hidden = !listening || muted;
      if (state === `${listening} ${muted}`) return;
      const hadFocus = change.contains(document.activeElement);
      state = `${listening} ${muted}`;
      note.textContent = !listening
        ? "You don't hear this channel: whoever speaks there hears it."
        : muted
          ? "You have muted this channel; @channel/unmute in the game lets you speak there again."
          : "";
      note.hidden = note.textContent === "";
      change.replaceChildren(listening ? listen("Leave the channel", "channel_leave") : listen("Join the channel", "channel_join"));
      if (hadFocus) change.querySelector("button")?.focus({ preventScroll: true });
    },
  };
}

/**
 * @param {number} id
 * @param {string} channel
 */
function destroy(id, channel) {
  return ask({
    title: `Delete ${channel}`,
    text: `The channel ${channel} ends, with its history, and those who hear it are told. That can't be undone.`,
    fields: [{ name: "reason", label: "Reason", hint: "They are told." }],
    yes: `Delete ${channel}`,
    danger: true,
    submit: async ({ reason }) => {
      await post("channel_destroy", { id, reason });
      tell(`The channel ${channel} is no more.`);
      location.hash = address("channels");
    },
  });
}
