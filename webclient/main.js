// Where the browser client starts: makes what all parts share, and installs the parts in order.
//
// A part is a module with `install(client)`. A new one is a file and a line in the list below; a game's own begins in
// game.js.

import * as dialogs from "./dialogs.js";
import * as game from "./game.js";
import { Hub } from "./hub.js";
import * as commands from "./input/commands.js";
import * as early from "./input/early.js";
import * as entry from "./input/entry.js";
import * as focus from "./input/focus.js";
import * as keyboard from "./input/keyboard.js";
import * as question from "./input/question.js";
import * as targets from "./input/targets.js";
import * as typing from "./input/typing.js";
import * as words from "./input/words.js";
import * as absent from "./net/absent.js";
import * as account from "./net/account.js";
import * as link from "./net/link.js";
import * as aloud from "./output/aloud.js";
import * as announce from "./output/announce.js";
import * as away from "./output/away.js";
import * as find from "./output/find-key.js";
import * as keep from "./output/keep.js";
import * as look from "./output/look.js";
import * as output from "./output/output.js";
import * as review from "./output/review.js";
import * as save from "./output/save.js";
import * as size from "./output/size.js";
import * as layout from "./panes/layout.js";
import * as panes from "./panes/panes.js";
import * as player from "./player/player.js";
import * as pwa from "./player/pwa.js";
import * as settings from "./player/settings.js";
import * as tools from "./player/tools.js";

/**
 * What every part is given.
 * @typedef {object} Client
 * @property {import("./hub.js").Hub} hub messages, both ways
 * @property {typeof import("./dialogs.js")} dialogs
 * @property {import("./player/settings.js").Settings} settings
 * @property {import("./output/output.js").Output} output
 * @property {import("./input/entry.js").Entry} entry
 * @property {import("./panes/layout.js").Layout} layout panes
 * @property {import("./net/link.js").Link} link the connection
 * @property {import("./output/keep.js").Keeper} keep the scrollback of before
 */

/** Each finds what those before it have made. @type {{ install: (client: Client) => unknown }[]} */
const PARTS = [
  settings,
  output,
  look,
  keep,
  entry,
  commands,
  question,
  early,
  focus,
  keyboard,
  typing,
  targets,
  words,
  aloud,
  announce,
  review,
  away,
  find,
  size,
  player,
  tools,
  layout,
  panes,
  save,
  pwa,
  absent,
  game,
  // The connection comes last: nothing is said before everybody listens.
  link,
  account,
];

export const client = /** @type {Client} */ ({ hub: new Hub(), dialogs });
/** Old browsers were told that they are (old.js). */
const parts = "old" in document.documentElement.dataset ? [] : PARTS;
for (const part of parts) {
  try {
    Promise.resolve(part.install(client)).catch(console.error);
  } catch (error) {
    // The rest is still better than nothing.
    console.error(error);
  }
}
// For old.js.
document.documentElement.dataset.started = "";
