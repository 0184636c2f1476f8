// What the player's own tools do: commands with what was found put in, sounds, and the limit against loops.
// aliases.js, triggers.js, keys.js and timers.js use it.

/** Longest template of commands, in characters. */
export const MAX_SEND = 1000;

/** Most commands of one template. */
export const MAX_COMMANDS = 20;

/** Longest text that is put in, in characters. */
const MAX_VALUE = 500;

/**
 * The commands of a template. It is divided first, and then filled: what is put in may have been written by a
 * stranger, and can neither become a command of its own nor hide one.
 * @param {string} template one command a line, and between dividers: `get all;north`; doubled, `;;` is a `;`
 * @param {import("./pattern.js").Found} found what to put in for `{name}` and `$1`
 * @param {string} divider "" for none
 * @returns {string[]}
 */
export function commands(template, found, divider) {
  const lines = template.split(/\r?\n/).flatMap((line) => divide(line, divider));
  return lines
    .map((line) => fill(line, found))
    .filter((line) => line.trim() !== "")
    .slice(0, MAX_COMMANDS);
}

/**
 * What stands between dividers.
 * @param {string} line
 * @param {string} divider
 */
export function divide(line, divider) {
  if (divider === "") return [line];
  const parts = line.split(divider + divider).map((part) => part.split(divider));
  const divided = parts.reduce((all, part) => [
    ...all.slice(0, -1),
    `${all.at(-1)}${divider}${part[0]}`,
    ...part.slice(1),
  ]);
  return divided.map((part) => part.trim()).filter((part) => part !== "");
}

/**
 * A text with what was found put in for `{name}` and `$1` to `$9`; `$$` is a `$`. Names that nobody knows stay.
 * @param {string} template
 * @param {import("./pattern.js").Found} found
 */
export function fill(template, found) {
  return template.replace(/\$([$0-9])|\{(\w{1,32})\}/g, (whole, number, name) => {
    if (number === "$") return "$";
    if (number !== undefined) return clean(found.get(number) ?? "");
    const value = found.get(name);
    return value === undefined ? whole : clean(value);
  });
}

/** Without line ends and other characters that do something. @param {string} value */
function clean(value) {
  return value.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").slice(0, MAX_VALUE);
}

/** How many commands may be sent in how long, in milliseconds, and how long nothing is sent after too many. */
export const PACE = { most: 20, within: 5_000, rest: 10_000 };

/** Keeps what answers itself from going on for ever. */
export class Limit {
  /** When the last ones were let through. @type {number[]} */
  #times = [];
  #until = 0;

  /**
   * Whether one more may go.
   * @param {number} now milliseconds
   * @returns {"yes" | "no" | "stop"} stop: no, and this is the first that may not
   */
  ask(now) {
    if (now < this.#until) return "no";
    this.#times = this.#times.filter((time) => now - time < PACE.within);
    if (this.#times.length >= PACE.most) {
      this.#until = now + PACE.rest;
      this.#times = [];
      return "stop";
    }
    this.#times.push(now);
    return "yes";
  }
}

/** Sounds, tone after tone: pitch in hertz, and how long, in seconds. @type {Record<string, [number, number][]>} */
const SOUNDS = {
  bell: [[880, 0.5]],
  chime: [
    [659, 0.12],
    [880, 0.12],
    [1319, 0.3],
  ],
  knock: [
    [180, 0.06],
    [0, 0.08],
    [180, 0.06],
  ],
  alarm: [
    [740, 0.15],
    [587, 0.15],
    [740, 0.15],
    [587, 0.15],
  ],
  drop: [
    [1200, 0.04],
    [600, 0.12],
  ],
};

/** Names of the sounds. */
export const SOUND_NAMES = Object.keys(SOUNDS);

/** @type {AudioContext | undefined} */
let audio;

/**
 * Plays a sound; a browser does that only after the player has touched the page.
 * @param {string} name
 * @param {number} volume 0 to 1
 */
export function play(name, volume) {
  const tones = SOUNDS[name];
  if (tones === undefined || volume <= 0 || typeof AudioContext === "undefined") return;
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume().catch(() => {});
  let at = audio.currentTime + 0.01;
  for (const [pitch, long] of tones) {
    if (pitch > 0) {
      const tone = audio.createOscillator();
      const gain = audio.createGain();
      tone.type = "triangle";
      tone.frequency.value = pitch;
      // Neither begins nor ends with a crack.
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(volume * 0.4, at + 0.01);
      gain.gain.exponentialRampToValueAtTime(0.001, at + long);
      tone.connect(gain).connect(audio.destination);
      tone.start(at);
      tone.stop(at + long + 0.02);
    }
    at += long;
  }
}
