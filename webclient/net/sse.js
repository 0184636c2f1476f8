// Server-sent events (HTML standard, 9.2), as much as our server says of them. events.js reads its stream with it:
// an EventSource could not be told which event was the last one before the page was loaded anew.

/** @typedef {{ id: string, data: string }} SentEvent */

export class EventReader {
  #rest = "";
  #id = "";
  /** @type {string[]} */
  #data = [];

  /**
   * The events that a piece of the stream completes.
   * @param {string} piece
   * @returns {SentEvent[]}
   */
  read(piece) {
    const events = [];
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (this.#data.length > 0) events.push({ id: this.#id, data: this.#data.join("\n") });
        this.#data = [];
        continue;
      }
      const colon = line.indexOf(":");
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (name === "id") this.#id = value;
      if (name === "data") this.#data.push(value);
    }
    return events;
  }
}
