// Commands that are sent again and again while the player is in the game. tools.js starts and ends them.

import { repeat } from "./clock.js";
import { TIMER } from "./model.js";

/** @typedef {import("./model.js").Timer} Timer */

/** Most timers that run at once. */
const MAX_RUNNING = 50;

export class Timers {
  #turn;
  /** What ends each. @type {(() => void)[]} */
  #running = [];
  /** @type {Timer[]} */
  #timers = [];
  #isOn = false;

  /** @param {(timer: Timer) => void} turn does what a timer is for */
  constructor(turn) {
    this.#turn = turn;
  }

  /** Takes these from now on; they begin anew. @param {Timer[]} timers */
  use(timers) {
    this.#timers = timers;
    this.#restart();
  }

  /** The player is in the game, or is not. @param {boolean} isOn */
  run(isOn) {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    this.#restart();
  }

  #restart() {
    this.#running.forEach((end) => end());
    this.#running = [];
    if (!this.#isOn) return;
    const fit = this.#timers.filter(({ off, every }) => !off && every >= TIMER.least && every <= TIMER.most);
    this.#running = fit.slice(0, MAX_RUNNING).map((timer) => repeat(timer.every * 1000, () => this.#turn(timer)));
  }
}
