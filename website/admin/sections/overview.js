// The front: whether everything is well, and what can be done about it.

import { ApiError, get } from "../api.js";
import { facts, h, link, nodes, renew } from "../dom.js";
import { ago, counted, cut, number, size, span } from "../format.js";
import { jobs } from "./jobs.js";

/** How old a backup may be before it is worth a word, in seconds. */
const OLD_BACKUP = 2 * 24 * 60 * 60;
/** How far back errors are looked for, in seconds. */
const RECENT = 24 * 60 * 60;
/** With so little room, the database can't be written soon, in bytes. */
const FULL = 500_000_000;
/** Most errors that are counted. */
const COUNTED = 100;

/** @typedef {{ state: "good" | "warn" | "bad", title: string, told: import("../dom.js").Child[] }} Check */

/** @type {import("../main.js").Section} */
export const overview = {
  name: "overview",
  title: "Overview",
  group: "The game",
  every: 5,
  open(_place, app) {
    const verdict = h("p", { class: "verdict" });
    const list = h("ul", { class: "checks", "aria-label": "What was looked at" });
    const numbers = h("div", {});
    const usage = new Usage();
    return {
      element: h("div", {}, verdict, list, jobs(app), h("h2", {}, "In numbers"), numbers),
      async load(_place, signal) {
        const [status, server, portal] = await Promise.all([
          get("status", {}, signal),
          errors("server", signal),
          errors("portal", signal),
        ]);
        const checks = [
          serverCheck(status),
          servicesCheck(status),
          waitCheck(status),
          diskCheck(status),
          backupCheck(status),
          logCheck([server, portal]),
        ].filter((check) => check !== null);
        const wrong = checks.filter(({ state }) => state === "bad").length;
        const odd = checks.filter(({ state }) => state === "warn").length;
        const text =
          wrong > 0
            ? `${counted(wrong, "thing")} to look after.`
            : odd > 0
              ? `All is well, but for ${counted(odd, "thing")} to think of.`
              : "All is well.";
        if (verdict.textContent !== text) verdict.textContent = text;
        verdict.className = `verdict ${wrong > 0 ? "bad" : odd > 0 ? "warn" : "good"}`;
        show(list, checks);
        renew(
          numbers,
          facts([
            ["Players", link("sessions", number(status.players))],
            ["Sessions", link("sessions", number(status.portal.sessions))],
            ["Accounts", link("accounts", number(status.accounts))],
            ["Objects", link("objects", number(status.objects))],
            ["The Portal has run for", span(status.portal.uptime)],
            ["The Server has run for", span(status.now - status.started)],
            ["Version", status.version],
            ...usage.facts(status),
          ]),
        );
      },
    };
  },
};

const WORDS = { good: "Good", warn: "To think of", bad: "Wrong" };

/**
 * @param {HTMLElement} list
 * @param {Check[]} checks
 */
function show(list, checks) {
  const fresh = checks.map(({ state, title, told }) => {
    const mark = h("span", { class: "mark" }, WORDS[state]);
    return h("li", { class: state }, h("h2", {}, title), mark, h("p", {}, ...nodes(told)));
  });
  const same =
    fresh.length === list.children.length && fresh.every((item, index) => item.isEqualNode(list.children[index]));
  if (!same && !list.contains(document.activeElement)) list.replaceChildren(...fresh);
}

/** @param {any} status @returns {Check} */
function serverCheck({ portal: { server } }) {
  const restarts =
    server.restarts > 0 ? ` It had to be started again ${counted(server.restarts, "time")}, because it ended.` : "";
  const isReady = server.state === "ready";
  return {
    state: isReady ? (server.restarts > 0 ? "warn" : "good") : "bad",
    title: "Server",
    told: [isReady ? `It is ready.${restarts}` : `It is ${server.state}.${restarts}`],
  };
}

/** @param {any} status @returns {Check} */
function servicesCheck({ portal: { services } }) {
  const off = services.filter((/** @type {any} */ { state }) => state !== "on");
  return {
    state: off.length === 0 ? "good" : "warn",
    title: "Services",
    told: [
      off.length === 0
        ? `All ${services.length} are on. `
        : `${off.map((/** @type {any} */ { name, state }) => `${name} is ${state}`).join(", ")}. `,
      link("services", "Look at the services"),
    ],
  };
}

/** Players who have to wait. @param {any} status @returns {Check} */
function waitCheck({ strained: { count, sessions } }) {
  const [worst] = sessions;
  if (worst === undefined) return { state: "good", title: "Connections", told: ["Nobody has to wait."] };
  const who = link(`sessions/${worst.id}`, worst.account ?? `session ${worst.id}`);
  const order = worst.strain.includes("latency") ? "latency" : "queue";
  return {
    state: "warn",
    title: "Connections",
    told: [
      `${counted(count, "player has", "players have")} to wait, most of all `,
      who,
      ". ",
      link("sessions", "Look at the sessions", { order }),
    ],
  };
}

/** @param {any} status @returns {Check | null} */
function diskCheck({ disk }) {
  if (disk === null) return null;
  const share = disk.free / disk.total;
  const state = disk.free < FULL ? "bad" : share < 0.1 ? "warn" : "good";
  return { state, title: "Disk", told: [`${size(disk.free)} of ${size(disk.total)} are free.`] };
}

/** What the processes use, from one look to the next. */
class Usage {
  /** @type {Map<number, { cpu: number, at: number, share: number | null }>} */
  #known = new Map();

  /** @param {any} status @returns {[string, string][]} */
  facts({ processes }) {
    const at = performance.now() / 1000;
    return processes.flatMap((/** @type {{ process: string, pid: number, memory: number, cpu: number }} */ used) => {
      const before = this.#known.get(used.pid);
      // Over less than a second, the system's clock ticks too seldom.
      const isLong = before !== undefined && at - before.at >= 1;
      const share = isLong ? (used.cpu - before.cpu) / (at - before.at) : (before?.share ?? null);
      if (before === undefined || isLong) this.#known.set(used.pid, { cpu: used.cpu, at, share });
      const name = used.process === "portal" ? "The Portal" : "The Server";
      const load = share === null ? "" : `, ${Math.round(share * 100)} % CPU`;
      return [[`${name} (${used.pid})`, `${size(used.memory)}${load}`]];
    });
  }
}

/** @param {any} status @returns {Check} */
function backupCheck({ backup, now }) {
  if (backup === null) return { state: "warn", title: "Backup", told: ["There is none yet."] };
  const isOld = now - backup.made > OLD_BACKUP;
  return {
    state: isOld ? "warn" : "good",
    title: "Backup",
    told: [`The newest was made ${ago(backup.made)} (${size(backup.bytes)}).`],
  };
}

/**
 * Errors of the last day, as the log has them; null where it has no files.
 * @param {"server" | "portal"} process
 * @param {AbortSignal} signal
 * @returns {Promise<{ process: string, lines: string[] } | null>}
 */
async function errors(process, signal) {
  try {
    const { lines } = await get("log", { process, level: "error", lines: COUNTED }, signal);
    const isRecent = (/** @type {string} */ line) => Date.parse(line.split(" ")[1] ?? "") > Date.now() - RECENT * 1000;
    return { process, lines: lines.filter(isRecent) };
  } catch (error) {
    if (error instanceof ApiError && (error.status === 409 || error.status === 404)) return null;
    throw error;
  }
}

/** @param {({ process: string, lines: string[] } | null)[]} logs @returns {Check} */
function logCheck(logs) {
  const there = logs.filter((log) => log !== null);
  if (there.length === 0) {
    return { state: "good", title: "Log", told: ["The game runs in the foreground: its log goes to the terminal."] };
  }
  const wrong = there.filter(({ lines }) => lines.length > 0);
  if (wrong.length === 0)
    return { state: "good", title: "Log", told: ["No errors in the last day. ", link("log", "Read the log")] };
  const count = there.reduce((sum, { lines }) => sum + lines.length, 0);
  const { process, lines } = wrong[0];
  return {
    state: "bad",
    title: "Log",
    told: [
      `${counted(count, "error")} in the last day${lines.length >= COUNTED ? " or more" : ""}, of which the last is: `,
      h("code", {}, cut(lines[lines.length - 1].split("\n")[0], 200)),
      " ",
      link("log", "Read the errors", { process: process === "portal" ? "portal" : "", level: "error" }),
    ],
  };
}
