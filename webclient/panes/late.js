// Parts that are fetched when the first message for them comes, so that the page is there sooner: map.js and media.js.

/** Messages that may wait for a part. */
const MOST = 200;

/** @typedef {import("../main.js").Client} Client */
/** @typedef {import("../hub.js").Handler} Handler */

/**
 * Fetches a part at the first message of these names, and hands it what came until it was there, in order.
 * @param {Client} client
 * @param {string[]} names
 * @param {() => Promise<(client: Client) => void>} load gives what installs the part
 */
export function late(client, names, load) {
  const { hub } = client;
  /** @type {import("../hub.js").Message[]} */
  const waiting = [];
  let isLoading = false;
  const ends = names.map((name) =>
    hub.on(name, (message) => {
      waiting.push(message);
      if (waiting.length > MOST) waiting.shift();
      if (!isLoading) void begin();
    }),
  );

  async function begin() {
    isLoading = true;
    try {
      const install = await load();
      ends.forEach((end) => end());
      /** @type {{ name: string, handler: Handler }[]} */
      const handlers = [];
      const on = (/** @type {string} */ name, /** @type {Handler} */ handler) => {
        handlers.push({ name, handler });
        return hub.on(name, handler);
      };
      const own = { on, send: hub.send.bind(hub), command: hub.command.bind(hub), tell: hub.tell.bind(hub) };
      install({ ...client, hub: /** @type {any} */ (own) });
      for (const message of waiting.splice(0)) {
        for (const { name, handler } of handlers) if (name === message.name) handler(message);
      }
    } catch (error) {
      // There is no network just now: the next message tries again.
      isLoading = false;
      console.warn(error);
    }
  }
}
