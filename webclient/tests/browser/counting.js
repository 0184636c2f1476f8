// Numbered lines: somebody in the game who counts aloud while connections break, and what the others have heard of it.

/** Between two numbers, in milliseconds; below what a player may type in a second. */
const PACE = 25;

/** A player by telnet who counts. */
export class Counter {
  #player;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  /** The last number that was said. */
  said = 0;

  /** @param {import("./game.js").Telnet} player */
  constructor(player) {
    this.#player = player;
  }

  start() {
    this.#timer ??= setInterval(() => this.say(1), PACE);
  }

  /** Says the next numbers at once. @param {number} count */
  say(count) {
    for (let more = 0; more < count; more += 1) this.#player.send(`say number ${(this.said += 1)}.`);
  }

  /** Ends it; everything said so far has been answered then, so no line is on its way. */
  async stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#player.expect(`You say, "number ${this.said}."`);
  }

  /** The numbers that somebody else has said, as this player heard it. @param {string} who */
  heard(who) {
    return numbers(this.#player.heard.split("\n"), who);
  }

  /** Goes on until so many more have been said. @param {number} count */
  async more(count) {
    this.start();
    const end = this.said + count;
    while (this.said < end) await new Promise((tick) => setTimeout(tick, PACE));
  }
}

/** The numbers that were heard, in the order they came. @param {string[]} lines @param {string} who */
export function numbers(lines, who) {
  const said = new RegExp(`^${who} says?, "number (\\d+)\\."$`);
  return lines.flatMap((line) => line.match(said)?.[1] ?? []).map(Number);
}

/** 1, 2, 3 .. @param {number} count */
export function upTo(count) {
  return Array.from({ length: count }, (_, at) => at + 1);
}
