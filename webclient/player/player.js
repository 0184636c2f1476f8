// The part of the client that is the player's own: settings on the account, and the dialogs to change them.

import { Account } from "./account.js";
import { Aside } from "./aside.js";
import { offer } from "./offer.js";
import { browserStore } from "./settings.js";
import { add, start } from "./menu.js";

/** How long nobody has logged in before it is a visitor who is here, in milliseconds: a browser that is signed in takes
 * a moment. */
const ARRIVAL = 3_000;

/** Held by every page in which somebody is logged in: what is set is the same in all of them. */
const PLAYING = "meadow-playing";

/** @param {import("../main.js").Client} client */
export function install(client) {
  const { hub, settings, output } = client;
  const aside = new Aside(settings, browserStore());
  let withdraw = () => {};
  const ways = {
    send: (/** @type {Record<string, any>} */ kwargs) => hub.send("webclient_options", [], kwargs),
    offer: (/** @type {string[]} */ labels) => {
      withdraw();
      withdraw = offer(client, labels, aside);
    },
    full: (/** @type {string[]} */ labels) =>
      output.note(
        `There is no room on your account for ${labels.join(", ")}: it stays in this browser. ` +
          "The settings can save it to a file.",
      ),
  };
  const account = new Account(settings, ways, aside);
  const visits = visitors(aside);
  hub.on("logged_in", ({ kwargs }) => {
    visits.end();
    account.ask(typeof kwargs.account === "string" ? kwargs.account : undefined);
  });
  hub.on("webclient_options", ({ kwargs }) => account.received(kwargs));
  hub.on("client:state", ({ kwargs }) => {
    const { state, news } = kwargs;
    if (!news.resumed && state !== "waiting") {
      withdraw();
      account.leave();
      visits.begin();
    } else if (state === "open") account.again();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && account.flush());

  start();
  // The dialogs are loaded when they are wanted: most visits do without.
  const load = async (/** @type {() => Promise<unknown>} */ open) => {
    try {
      await open();
    } catch (error) {
      console.error(error);
      output.note("This could not be loaded. Try again when there is a network.");
    }
  };
  add("Triggers, aliases, keys", () => load(async () => (await import("./editor.js")).open(client)));
  add("Settings", () => load(async () => (await import("./settings-dialog.js")).open(settings, account)));
}

/** When somebody is here who has not logged in, in this page or in another one of the browser. @param {Aside} aside */
function visitors(aside) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  let leave = () => {};
  const { locks } = navigator;
  const begin = () => {
    if (locks === undefined) return aside.begin("");
    locks.request(PLAYING, { ifAvailable: true }, (lock) => lock !== null && aside.begin("")).catch(console.warn);
  };
  return {
    begin() {
      leave();
      clearTimeout(waiting);
      waiting = setTimeout(begin, ARRIVAL);
    },
    end() {
      clearTimeout(waiting);
      leave();
      const left = new Promise((resolve) => (leave = () => resolve(undefined)));
      locks?.request(PLAYING, { mode: "shared" }, () => left).catch(console.warn);
    },
  };
}
