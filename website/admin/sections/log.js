// The end of a log, which grows as the log does. "Pause" at the top of the page lets one read.

import { get } from "../api.js";
import { address, h } from "../dom.js";
import { Form } from "../form.js";
import { counted } from "../format.js";
import { Tail } from "../tail.js";

/** How long a pause in typing starts a search, in milliseconds. */
const PAUSE = 350;
const NAMES = ["process", "level", "search", "lines"];

/** @type {import("../main.js").Section} */
export const log = {
  name: "log",
  title: "Log",
  group: "Server",
  every: 3,
  open() {
    const form = filters();
    const title = h("p", { id: "log-title", class: "dim" }, "The end of the log");
    const tail = new Tail(title.id, levelOf);
    return {
      element: h("div", {}, form.element, title, tail.element),
      async load(place, signal) {
        const wanted = Object.fromEntries(NAMES.map((name) => [name, place.query.get(name) ?? ""]));
        for (const [name, value] of Object.entries(wanted)) {
          // Whoever is typing is further on than the address.
          if (form.control(name) !== document.activeElement) form.show(name, value);
        }
        /** @type {{ file: string, lines: string[] }} */
        const { file, lines } = await get("log", { ...wanted, process: wanted.process || "server" }, signal);
        tail.show(lines);
        const count = lines.length === 0 ? "nothing like that" : counted(lines.length, "entry", "entries");
        title.textContent = `${file}, ${count}`;
      },
    };
  },
};

function filters() {
  /** @type {import("../form.js").Field[]} */
  const fields = [
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
    { name: "search", label: "Text" },
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
  ];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const go = (/** @type {boolean} */ isNew) => {
    clearTimeout(timer);
    const to = address("log", form.values);
    if (to === location.hash) return;
    if (isNew) location.hash = to;
    else location.replace(to);
  };
  const form = new Form(fields, () => go(true), { className: "filters" });
  form.element.setAttribute("role", "search");
  form.element.addEventListener("input", (event) => {
    clearTimeout(timer);
    const isText = event.target instanceof HTMLInputElement;
    timer = setTimeout(() => form.element.isConnected && go(!isText), isText ? PAUSE : 0);
  });
  return form;
}

/** `server 2027-01-15T08:00:00.000000Z  WARN ...` @param {string} line */
function levelOf(line) {
  return /^(?:server|portal) \S+\s+(ERROR|WARN|INFO|DEBUG|TRACE) /.exec(line)?.[1]?.toLowerCase() ?? "";
}
