// The audit log: who has changed what by the API, from where, and what came of it.

import { moment } from "../format.js";
import { listView } from "../list.js";
import { valueText } from "../value.js";

/** What the API writes down of its own functions; those of a game can be typed into the address. */
const FUNCTIONS = [
  "session_message",
  "session_boot",
  "ban",
  "unban",
  "object_set",
  "undo",
  "channel_ban",
  "channel_boot",
  "channel_create",
  "channel_destroy",
  "channel_join",
  "channel_leave",
  "channel_send",
  "channel_set",
  "channel_unban",
  "script_do",
  "service_start",
  "service_stop",
  "throttle_lift",
  "ticker_do",
  "reload",
  "backup",
];

/** @type {import("../main.js").Section} */
export const audit = {
  name: "audit",
  title: "Audit log",
  group: "Server",
  every: 10,
  open: () =>
    listView({
      name: "audit",
      field: "entries",
      filters: [
        { name: "by", label: "By" },
        {
          name: "function",
          label: "Function",
          kind: "choice",
          choices: [["", "any"], ...FUNCTIONS.map((name) => /** @type {[string, string]} */ ([name, name]))],
        },
        { name: "search", label: "Search", hint: "In what it was given, and in errors." },
      ],
      table: {
        caption: "What was changed, newest first",
        key: ({ id }) => id,
        empty: "Nothing like that was done.",
        columns: [
          { title: "When", cell: ({ at }) => moment(at) },
          { title: "Who", cell: ({ name }) => name },
          { title: "From", kind: "mono", cell: ({ address }) => address },
          { title: "Function", header: true, kind: "mono", cell: ({ function: name }) => name },
          {
            title: "Given",
            kind: "mono",
            cell: ({ args }) =>
              Object.entries(args)
                .map(([name, value]) => `${name}: ${valueText(value)}`)
                .join(", "),
          },
          { title: "Result", cell: resultOf },
        ],
      },
    }),
};

/** @param {{ function: string, status: number, error: string | null }} entry */
function resultOf({ function: name, status, error }) {
  if (status !== 200) return `refused (${status}): ${error}`;
  // What came of these is in the log.
  return name === "reload" || name === "backup" ? "asked for" : "done";
}
