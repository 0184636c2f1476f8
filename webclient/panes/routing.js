// Where a line of the game belongs besides the text: to a channel, to what was told to one alone, or to a pane of its
// own. By the `type` that the game gives its texts, which the player may send elsewhere. Plain data, for talk.js.

/** Types that are not for being sent elsewhere: answers to what the player did. */
const ANSWERS = new Set([
  "text",
  "prompt",
  "look",
  "help",
  "menu",
  "examine",
  "connection_screen",
  "missed",
  "typed",
  "note",
]);

/** Types of what is told to one alone. */
const TELLS = new Set(["page", "tell", "whisper"]);

/** @typedef {"main" | "both" | "talk"} Route in the text, in both, or only in the pane */

/** Where it goes unless the player says otherwise. @type {Record<string, Route>} */
export const INITIAL = { channel: "both", tells: "both" };

/** What a player reads of the kinds that most games have. @type {Record<string, string>} */
const LABELS = {
  channel: "Channels",
  tells: "Tells, pages and whispers",
  say: "What is said in the room",
  pose: "Poses",
  combat: "Combat",
};

/** Most kinds that are learned from the game. */
const MAX_KINDS = 40;

/**
 * @typedef {object} Tab
 * @property {string} id
 * @property {string} title
 * @property {string} kind what the player routes by
 */

/** A name as people read it. @param {string} name */
function readable(name) {
  return name.charAt(0).toUpperCase() + name.slice(1).replace(/_/g, " ");
}

/** What the player reads of a kind. @param {string} kind */
export function label(kind) {
  return Object.hasOwn(LABELS, kind) ? LABELS[kind] : readable(kind);
}

/**
 * The tab that a line would be in; null for what belongs to the text alone.
 * @param {{ type: string, kwargs?: Record<string, any> }} line
 * @returns {Tab | null}
 */
export function tab({ type, kwargs = {} }) {
  if (type === "channel") {
    const title = String(kwargs.channel ?? kwargs.from_channel ?? "Channel");
    return { id: `channel ${title.toLowerCase()}`, title, kind: "channel" };
  }
  if (TELLS.has(type)) return { id: "tells", title: "Tells", kind: "tells" };
  if (ANSWERS.has(type) || type.length > 40) return null;
  return { id: `kind ${type}`, title: readable(type), kind: type };
}

/** @param {Record<string, unknown>} routes what the player has chosen @param {string} kind @returns {Route} */
export function route(routes, kind) {
  const chosen = routes[kind];
  return chosen === "main" || chosen === "both" || chosen === "talk"
    ? chosen
    : Object.hasOwn(INITIAL, kind)
      ? INITIAL[kind]
      : "main";
}

/** Kinds that the player can route: the usual ones, and those that the game has sent. */
export class Kinds {
  #seen = new Set(["channel", "tells", "say", "pose"]);

  /** @param {string} kind */
  learn(kind) {
    if (this.#seen.size < MAX_KINDS) this.#seen.add(kind);
  }

  /** @returns {string[]} */
  get all() {
    return [...this.#seen];
  }
}

/** Lines of channels that came as text, so that `comm_channel_text` does not bring them twice. */
export class Told {
  /** @type {string[]} */
  #recent = [];

  /** @param {string} text */
  add(text) {
    this.#recent.push(bare(text));
    if (this.#recent.length > 30) this.#recent.shift();
  }

  /** Whether it came already; once for each. @param {string} text */
  take(text) {
    const at = this.#recent.indexOf(bare(text));
    if (at >= 0) this.#recent.splice(at, 1);
    return at >= 0;
  }
}

/** Text without colours and without spaces at its ends. @param {string} text */
export function bare(text) {
  // eslint-disable-next-line no-control-regex -- the escapes are what is looked for
  return text.replace(/\u001b\[[0-9;]*m/g, "").trim();
}
