// What the game has told about the world as it is now: rooms, gauges, lists. A page that is loaded anew hears it
// again, since the game does not know that it forgot. keep.js writes it down.

/** Messages that are worth it: those that say how things are. Sounds, say, are not to be heard twice. */
const LASTING = /^(?:char|room|comm_channel_list|logged_in$|prompt$|input_mode$)/;

/** Those that say what has changed in a list. */
const CHANGE = /_?(?:add|remove|update)(?=_|player|$)/;

/** How many are kept, and how long they may be, as JSON. */
const LIMIT = { messages: 200, length: 20_000 };

/** @typedef {import("../hub.js").Message} Message */

/** What a message is about: `room_addplayer` and `room_players` are about the same. @param {Message} message */
function subject({ name, args, kwargs }) {
  const place = kwargs.location ?? args[0]?.location ?? "";
  return `${name.replace(CHANGE, "").replace(/_?list$/, "").replace(/s$/, "").replace(/_player$/, "player")} ${place}`;
}

export class Recent {
  /** @type {{ message: Message, subject: string }[]} */
  #all = [];

  /** @param {Message} message @returns {boolean} whether it was kept */
  add(message) {
    if (!LASTING.test(message.name) || JSON.stringify(message).length > LIMIT.length) return false;
    const about = subject(message);
    // What says all of it makes what was said before worthless.
    if (!CHANGE.test(message.name)) this.#all = this.#all.filter((one) => one.subject !== about);
    this.#all.push({ message, subject: about });
    if (this.#all.length > LIMIT.messages) this.#all.shift();
    return true;
  }

  /** A message of this name does not hold any more. @param {string} name */
  drop(name) {
    this.#all = this.#all.filter((one) => one.message.name !== name);
  }

  /** All of them, in order. @returns {Message[]} */
  list() {
    return this.#all.map((one) => one.message);
  }

  /** Another session has another world. @param {Message[]} [messages] */
  replace(messages = []) {
    this.#all = messages.map((message) => ({ message, subject: subject(message) }));
  }
}
