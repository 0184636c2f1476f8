// Bans: who is kept out, by whom and until when.

import { button, h } from "../dom.js";
import { moment } from "../format.js";
import { listView } from "../list.js";
import { banAnybody, lift, thenRefresh } from "../people.js";

/** @type {import("../main.js").Section} */
export const bans = {
  name: "bans",
  title: "Bans",
  group: "People",
  every: 15,
  open(_place, app) {
    const then = (/** @type {Promise<boolean>} */ done) => void thenRefresh(done, app);
    return listView({
      name: "bans",
      one: "ban",
      filters: [{ name: "search", label: "Name, address or reason" }],
      above: [
        h(
          "div",
          { class: "buttons" },
          button("Add a ban", () => then(banAnybody()), { kind: "main" }),
        ),
      ],
      table: {
        caption: "Who is kept out",
        key: ({ id }) => id,
        empty: "Nobody is banned.",
        columns: [
          { title: "Who", header: true, kind: "mono", cell: ({ who }) => who },
          { title: "Kind", cell: ({ kind }) => kind },
          { title: "Reason", kind: "wide", cell: ({ reason }) => reason },
          { title: "By", cell: ({ by }) => by },
          { title: "Since", cell: ({ since }) => moment(since) },
          { title: "Until", cell: ({ until }) => (until === null ? "for ever" : moment(until)) },
          {
            title: "Actions",
            kind: "deeds",
            cell: (ban) => button("Lift", () => then(lift(ban)), { of: `the ban of ${ban.who}`, kind: "small" }),
          },
        ],
      },
    });
  },
};
