// Short words of the player's for longer commands. tools.js puts them between the field and the server.
//
// What an alias writes is not looked up again, so none can run in a circle; and an alias may have the name of the
// command that it changes: `look` -> `look;score`.

import { commands, divide } from "./actions.js";
import { aliasPattern } from "./model.js";

/** @typedef {import("./model.js").Alias} Alias */

export class Aliases {
  /** @type {{ alias: Alias, find: (line: string) => import("./pattern.js").Found | null }[]} */
  #ready = [];

  /** Takes these from now on. @param {Alias[]} aliases */
  use(aliases) {
    this.#ready = [];
    for (const alias of aliases) {
      if (alias.off) continue;
      try {
        this.#ready.push({ alias, find: aliasPattern(alias.text) });
      } catch (error) {
        console.warn("an alias:", alias.text, error);
      }
    }
  }

  /**
   * The commands that a command stands for; itself, if it is no alias.
   * @param {string} command
   * @param {string} divider of commands in the alias
   * @returns {string[]}
   */
  expand(command, divider) {
    for (const { alias, find } of this.#ready) {
      const found = find(command.trim());
      if (found !== null) return commands(alias.send ?? "", found, divider);
    }
    return [command];
  }

  /**
   * The same for what the player has typed, which may be several commands.
   * @param {string} line
   * @param {{ divider: string, divides: boolean }} options divides: what is typed is divided, too
   */
  typed(line, { divider, divides }) {
    if (!divides || divider === "" || !line.includes(divider)) return this.expand(line, divider);
    return divide(line, divider).flatMap((one) => this.expand(one, divider));
  }
}
