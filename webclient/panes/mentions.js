// Whether a line is one that a player wants to be told of while they look elsewhere. Plain data, for notices.js.

/** Types of what is told to one alone. */
const TELLS = new Set(["page", "tell", "whisper"]);

/** Types in which a name may be called: what people say. */
const SPEECH = new Set(["say", "pose", "emote", "channel", "text"]);

/** @typedef {"tells" | "mentions" | "channels"} Why */

/**
 * Why a line is worth a notice; null if it is not.
 * @param {{ text: string, type: string, kwargs: Record<string, any> }} line
 * @param {string[]} names of the player
 * @returns {Why | null}
 */
export function why({ text, type, kwargs }, names) {
  const mine = names.filter((name) => name.length > 1).map((name) => name.toLowerCase());
  const talker = typeof kwargs.talker === "string" ? kwargs.talker.toLowerCase() : "";
  // What one has said oneself is no news.
  if (mine.includes(talker) || /^You\b/.test(text)) return null;
  if (TELLS.has(type)) return "tells";
  if (SPEECH.has(type) && mine.some((name) => isCalled(text.toLowerCase(), name))) return "mentions";
  return type === "channel" ? "channels" : null;
}

/** Whether a name stands in a text as a word of its own. @param {string} text @param {string} name */
function isCalled(text, name) {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const around = [text.slice(0, at), text.slice(at + name.length)];
    if (!/[\p{L}\p{N}]$/u.test(around[0]) && !/^[\p{L}\p{N}]/u.test(around[1])) return true;
  }
  return false;
}
