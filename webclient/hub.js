// The place where the parts of the client meet: messages of the game come through here, and so does what the parts
// tell one another. main.js makes the one there is; net/link.js hands it what the server says.
//
// Names of the game's messages are its own (`char_vitals`); those of the client begin with `client:`:
//
// | name | what it tells |
// |---|---|
// | `client:state` | the connection is `{state, news}` (net/connection.js) |
// | `client:line` | the game said a line: `{id, text, html, element, type, tags, pane, kwargs}` (output/store.js: Line) |
// | `client:added` | a line was added to the main view, whosever it is |
// | `client:news` | something that is not in the main view is to be said by a screen reader: `{text, type}`; of type "asked", at once |
// | `client:restored` | a line of a pane, from before the page was loaded |
// | `client:look` | theme or font have changed: `{theme}` |
// | `client:typed` | the player sent `{line}`; a secret is not told |
// | `client:settings` | a setting was `{changed}` |

/**
 * A message: its name, what it is about, and details.
 * @typedef {{ name: string, args: any[], kwargs: Record<string, any> }} Message
 */

/** @typedef {(message: Message) => void} Handler */

/**
 * What carries messages to the server and commands to whoever handles them; parts set it when they are installed.
 * @typedef {object} Wires
 * @property {(name: string, args: unknown[], kwargs: Record<string, unknown>) => boolean} send
 * @property {(line: string, options: { echo: boolean, whole: boolean }) => boolean} command
 * @property {(line: string) => boolean} secret
 */

export class Hub {
  /** @type {Map<string, Set<Handler>>} */
  #handlers = new Map();
  /** @type {Wires} */
  wires = { send: () => false, command: () => false, secret: () => false };

  /**
   * Listens for messages of a name, or for all with `"*"` (those of the game only).
   *
   *     const off = hub.on("char_vitals", ({ kwargs }) => draw(kwargs));
   * @param {string} name
   * @param {Handler} handler
   * @returns {() => void} ends it
   */
  on(name, handler) {
    const handlers = this.#handlers.get(name) ?? new Set();
    this.#handlers.set(name, handlers.add(handler));
    return () => handlers.delete(handler);
  }

  /**
   * Tells a message to everybody who listens. One handler that fails does not keep it from the others.
   * @param {{ name: string, args?: any[], kwargs?: Record<string, any> }} message
   */
  emit({ name, args = [], kwargs = {} }) {
    const message = { name, args, kwargs };
    const all = name.startsWith("client:") ? [] : (this.#handlers.get("*") ?? []);
    for (const handler of [...(this.#handlers.get(name) ?? []), ...all]) {
      try {
        handler(message);
      } catch (error) {
        console.error(`${name}:`, error);
      }
    }
  }

  /**
   * Tells something to the parts of the client.
   * @param {`client:${string}`} name
   * @param {Record<string, any>} kwargs
   */
  tell(name, kwargs) {
    this.emit({ name, kwargs });
  }

  /**
   * Sends a message to the server; says whether it was taken (it may wait for the connection to come back).
   * @param {string} name
   * @param {unknown[]} [args]
   * @param {Record<string, unknown>} [kwargs]
   * @returns {boolean}
   */
  send(name, args = [], kwargs = {}) {
    return this.wires.send(name, args, kwargs);
  }

  /**
   * Does what typing this line would do, aliases and all; says whether it was taken.
   * @param {string} line
   * @param {{ echo?: boolean, whole?: boolean }} [options] echo: whether the line is shown in the output; whole: it is
   *   one command, whatever stands in it: names in it are the work of others
   * @returns {boolean}
   */
  command(line, { echo = true, whole = false } = {}) {
    return this.wires.command(line, { echo, whole });
  }
}
