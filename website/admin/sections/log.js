// The end of a log, which grows as the log does.

import { get } from "../api.js";
import { address, h } from "../dom.js";
import { Form } from "../form.js";
import { counted } from "../format.js";

/** How far from its end somebody still reads the end, in pixels. */
const NEAR = 40;

/** @type {import("../main.js").Section} */
export const log = {
  name: "log",
  title: "Log",
  group: "Server",
  every: 3,
  open() {
    const form = new Form(
      [
        {
          name: "process",
          label: "Written by",
          kind: "choice",
          choices: [
            ["", "the Server"],
            ["portal", "the Portal"],
          ],
        },
        {
          name: "level",
          label: "Level",
          kind: "choice",
          choices: [
            ["", "all"],
            ["error", "errors"],
            ["warn", "warnings and errors"],
            ["info", "info and above"],
            ["debug", "debug and above"],
          ],
        },
        {
          name: "lines",
          label: "Entries",
          kind: "choice",
          choices: [
            ["", "100"],
            ["300", "300"],
            ["1000", "1000"],
          ],
        },
      ],
      () => {},
      { className: "filters" },
    );
    form.element.addEventListener("change", () => {
      location.hash = address("log", form.values);
    });
    const title = h("p", { id: "log-title", class: "dim" }, "The end of the log");
    const list = h("ol", { role: "list" });
    const box = h("div", { class: "log", role: "region", "aria-labelledby": title.id, tabindex: 0 }, list);
    /** @type {string[]} */
    let shown = [];
    return {
      element: h("div", {}, form.element, title, box),
      async load(place, signal) {
        const wanted = Object.fromEntries(
          ["process", "level", "lines"].map((name) => [name, place.query.get(name) ?? ""]),
        );
        for (const [name, value] of Object.entries(wanted)) form.show(name, value);
        /** @type {{ file: string, lines: string[] }} */
        const { file, lines } = await get("log", { ...wanted, process: wanted.process || "server" }, signal);
        const isAtEnd = shown.length === 0 || box.scrollTop + box.clientHeight >= box.scrollHeight - NEAR;
        fill(list, shown, lines);
        shown = lines;
        const count = lines.length === 0 ? "nothing like that" : counted(lines.length, "entry", "entries");
        title.textContent = `${file}, ${count}`;
        if (isAtEnd) box.scrollTop = box.scrollHeight;
      },
    };
  },
};

/**
 * What is there still stays, so that what somebody has selected stays selected.
 * @param {HTMLElement} list
 * @param {string[]} before
 * @param {string[]} now
 */
function fill(list, before, now) {
  const kept = overlap(before, now);
  for (let gone = before.length - kept; gone > 0; gone -= 1) list.firstElementChild?.remove();
  list.append(...now.slice(kept).map((line) => h("li", { class: levelOf(line) }, line)));
}

/**
 * How many of the last lines of one list are the first of another.
 * @param {string[]} before
 * @param {string[]} now
 */
export function overlap(before, now) {
  for (let kept = Math.min(before.length, now.length); kept > 0; kept -= 1) {
    const from = before.length - kept;
    if (now.slice(0, kept).every((line, index) => line === before[from + index])) return kept;
  }
  return 0;
}

/** `server 2027-01-15T08:00:00.000000Z  WARN ...` @param {string} line */
function levelOf(line) {
  return /^(?:server|portal) \S+\s+(ERROR|WARN|INFO|DEBUG|TRACE) /.exec(line)?.[1]?.toLowerCase() ?? "";
}
