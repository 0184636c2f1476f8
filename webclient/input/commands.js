// What becomes of a line: aliases, the server, the echo in the output and the history.

import { discreet } from "./discreet.js";

/** Longest command that the server takes, in characters. */
const MAX_LINE = 6000;

/** How many times a line may become others. */
const MAX_LINES = 200;

/** @param {import("../main.js").Client} client */
export function install(client) {
  const { hub, output, entry } = client;
  let loggedIn = false;
  hub.on("logged_in", () => (loggedIn = true));
  hub.on("client:state", ({ kwargs: { state, news } }) => {
    if (state === "open" && !news.resumed) loggedIn = false;
  });

  hub.wires.command = (typed, { echo, whole }) => {
    /** @type {string[]} */
    let lines = [typed];
    for (const change of entry.before) lines = lines.flatMap((line) => change(line, { whole }) ?? []).slice(0, MAX_LINES);
    const isItself = lines.length === 1 && lines[0] === typed;
    if (!lines.every((line) => say(line, echo, isItself))) return false;
    // What is wanted again is the alias, not what it stands for.
    if (echo && !isItself) entry.remember(discreet(typed, loggedIn).remembered);
    return true;
  };
  // It is neither shown nor remembered.
  hub.wires.secret = (line) => pass(line) && (entry.takePrompt(), true);

  /** @param {string} line @param {boolean} echo @param {boolean} isTyped it is what the player typed */
  function say(line, echo, isTyped) {
    if (!pass(line)) return false;
    // As on a terminal: what was asked stays above the answer.
    const asked = entry.takePrompt();
    if (asked !== "") output.add(asked, { type: "prompt" });
    const { shown, remembered } = discreet(line, loggedIn);
    if (echo) output.typed(shown);
    if (echo && isTyped) entry.remember(remembered);
    hub.tell("client:typed", { line: remembered });
    return true;
  }

  /** Hands a line to the connection; says whether it was taken, and the player why not. @param {string} line */
  function pass(line) {
    if ([...line].length > MAX_LINE) {
      client.link.say(`That line is too long: the game takes ${MAX_LINE} characters.`);
      return false;
    }
    // A lone half of a surrogate pair is no character, and would make the message invalid.
    if (hub.send("text", [line.toWellFormed?.() ?? line])) {
      client.link.settle();
      return true;
    }
    // Enter is the way back in, too; the line stays in the field.
    client.link.enter();
    return false;
  }
}
