// The part of the client that runs the player's triggers, aliases, keys and timers: what they want is done here, in
// one place, so that the limits hold for all of them.

import { Limit, PACE, SOUND_NAMES, commands, play } from "./actions.js";
import { Aliases } from "./aliases.js";
import { discreet } from "../input/discreet.js";
import { install as installButtons } from "./buttons.js";
import { listen } from "./keys.js";
import { LABELS, LISTS, isList } from "./model.js";
import { notify } from "./notify.js";
import { learnRegex } from "./pattern.js";
import { Timers } from "./timers.js";
import { Triggers } from "./triggers.js";

/** Lines that triggers are not asked about. */
const NOT_GAME = new Set(["typed", "note", "prompt"]);

/** @typedef {import("./model.js").Key} Key */
/** @typedef {import("./model.js").Trigger} Trigger */

/** @param {import("../main.js").Client} client */
export function install({ hub, settings, output, entry }) {
  const section = "Commands";
  for (const key of LISTS) {
    settings.define({ key, label: LABELS[key], kind: "json", initial: [], acts: true, check: (value) => isList(key, value) });
  }
  settings.define({
    key: "commands.divider",
    label: "What divides commands",
    kind: "choice",
    initial: ";",
    section,
    choices: [
      [";", "; as in get all;north"],
      ["|", "| as in get all|north"],
      ["", "Nothing: a new line for each"],
    ],
    help: "In aliases, triggers, keys and timers. Doubled, it stands for itself.",
  });
  settings.define({
    key: "commands.divides",
    label: "It divides what I type, too",
    kind: "bool",
    initial: false,
    section,
  });
  settings.define({
    key: "triggers.on",
    label: "Triggers and timers are on",
    kind: "bool",
    initial: true,
    section,
    help: "Switched off, none of them does anything; keys and aliases still do.",
  });
  settings.define({
    key: "sounds.volume",
    label: "Loudness of sounds, in percent",
    kind: "number",
    initial: 50,
    min: 0,
    max: 100,
    step: 5,
    section: "Sounds",
    help: "Of the sounds that your triggers play.",
  });

  const triggers = new Triggers();
  const aliases = new Aliases();
  const limit = new Limit();
  const divider = () => settings.get("commands.divider");
  const isOn = () => settings.get("triggers.on");
  /** Nothing goes out before login: there is a password on the way. */
  let inGame = false;
  let isConnected = false;

  const expand = (/** @type {string[]} */ lines) => lines.flatMap((line) => aliases.expand(line, divider()));

  /** Sends one command; says whether it was taken. @param {string} line @param {boolean} byHand */
  const say = (line, byHand) => {
    if (!hub.send("text", [line.toWellFormed?.() ?? line])) return false;
    // Who reads above is not pulled down by a timer.
    output.typed(discreet(line, true).shown, { follow: byHand });
    return true;
  };

  /** Sends what a key is for. @param {Key} key */
  const press = ({ send = "" }) =>
    inGame && expand(commands(send, new Map(), divider())).every((line) => say(line, true));

  /** Sends what happens by itself: only so often. @param {string[]} lines @param {string} by */
  const sendBySelf = (lines, by) => {
    for (const line of expand(lines)) {
      const may = limit.ask(Date.now());
      if (may === "stop") {
        output.note(
          `Your triggers and timers wanted to send more than ${PACE.most} commands in ${PACE.within / 1000} seconds, ` +
            `the last one "${by}". They send nothing for ${PACE.rest / 1000} seconds now.`,
        );
      }
      if (may !== "yes" || !say(line, false)) return;
    }
  };

  const timers = new Timers(({ send: template, name, every }) => {
    if (isOn()) sendBySelf(commands(template ?? "", new Map(), divider()), name ?? `every ${every} seconds`);
  });

  entry.before.push((line, { whole }) => {
    if (!inGame) return line;
    return aliases.typed(line, { divider: divider(), divides: !whole && settings.get("commands.divides") });
  });

  output.filters.push(({ html, type }) => {
    if (!inGame || !isOn() || NOT_GAME.has(type)) return undefined;
    const outcome = triggers.about(html, divider());
    if (outcome === null) return undefined;
    for (const sound of new Set(outcome.sounds))
      if (SOUND_NAMES.includes(sound)) play(sound, settings.get("sounds.volume") / 100);
    for (const line of outcome.notices) notify(document.querySelector("h1")?.textContent ?? "", line);
    // After the line that it answers is there.
    if (outcome.send.length > 0) queueMicrotask(() => outcome.send.forEach(({ lines, by }) => sendBySelf(lines, by)));
    return { hide: outcome.hide, html: outcome.html, pane: outcome.pane };
  });

  listen(() => settings.get("keys"), press);
  installButtons(settings, (key) => {
    if (!press(key)) output.note("You are not in the game.");
    // A finger would raise the keyboard.
    entry.ready();
  });

  const ready = {
    triggers: async () => {
      const needsRegex = settings.get("triggers").some((/** @type {Trigger} */ { how }) => how === "regex");
      if (needsRegex) await learnRegex().catch((error) => console.warn("regular expressions:", error));
      triggers.use(settings.get("triggers"));
    },
    aliases: () => aliases.use(settings.get("aliases")),
    timers: () => timers.use(settings.get("timers")),
  };
  for (const [key, use] of Object.entries(ready)) {
    settings.on(key, use);
    use();
  }

  const runTimers = () => timers.run(inGame && isConnected);
  hub.on("logged_in", () => {
    inGame = isConnected = true;
    runTimers();
  });
  hub.on("client:state", ({ kwargs: { state, news } }) => {
    isConnected = state === "open";
    if (!news.resumed) inGame = false;
    runTimers();
  });
}
