// Throttles: which addresses have to wait, and letting one go on.

import { get, post } from "../api.js";
import { button, facts, h, renew } from "../dom.js";
import { counted, number, span } from "../format.js";
import { tell, tellError } from "../news.js";
import { Table } from "../table.js";

/** @typedef {{ address: string, count: number, wait?: number | null }} Held */

/** @type {import("../main.js").Section} */
export const throttles = {
  name: "throttles",
  title: "Throttles",
  group: "Server",
  every: 5,
  open(_place, app) {
    const logins = new Box("Wrong passwords", "logins", app);
    const creations = new Box("New accounts", "creations", app);
    const names = new Box("Names asked for that are taken", "names", app);
    const connections = new Box("Connections, by address", "", app);
    const boxes = { logins, creations, names };
    return {
      element: h("div", { class: "stack" }, ...Object.values(boxes).map((box) => box.element), connections.element),
      async load(_place, signal) {
        const told = await get("throttles", {}, signal);
        for (const [name, box] of Object.entries(boxes)) {
          const { limit, seconds, total, addresses } = told[name];
          box.show(addresses, total, [["Limit", limit === 0 ? "none" : `${limit} in ${span(seconds)}`]]);
        }
        const now = told.connections;
        connections.show(now.addresses, now.total, [
          ["Connections", `${number(now.connections)} of ${number(now.most)}`],
          ["Not logged in", `${number(now.not_logged_in)} of ${number(now.most_not_logged_in)}`],
          ["Of one address", `${number(now.most_of_one_address)} at most`],
        ]);
      },
    };
  },
};

/** One throttle: its addresses, and what it allows. */
class Box {
  #facts = h("div", {});
  #table;

  /**
   * @param {string} caption
   * @param {string} name of the throttle, if an address can be let go on
   * @param {import("../main.js").App} app
   */
  constructor(caption, name, app) {
    /** @type {import("../table.js").Column<Held>[]} */
    const columns = [
      { title: "Address", header: true, kind: "mono", cell: ({ address }) => address },
      { title: "Count", kind: "number", cell: ({ count }) => count },
    ];
    if (name !== "") {
      columns.push(
        { title: "Has to wait", kind: "number", cell: ({ wait }) => span(wait) },
        {
          title: "Actions",
          kind: "deeds",
          cell: ({ address }) =>
            button("Lift", () => void lift(name, address, app), { of: `${caption}: ${address}`, kind: "small" }),
        },
      );
    }
    this.#table = new Table({ caption, key: ({ address }) => address, empty: "None.", columns });
    this.element = h("div", { class: "stack" }, this.#table.element, this.#facts);
  }

  /**
   * @param {Held[]} addresses
   * @param {number} total
   * @param {[string, string][]} allowed
   */
  show(addresses, total, allowed) {
    this.#table.fill(addresses);
    const cut = total > addresses.length ? `the ${number(addresses.length)} with most of ` : "";
    renew(
      this.#facts,
      facts([...allowed, ["Shown", total === 0 ? "" : `${cut}${counted(total, "address", "addresses")}`]]),
    );
  }
}

/**
 * @param {string} throttle
 * @param {string} address
 * @param {import("../main.js").App} app
 */
async function lift(throttle, address, app) {
  try {
    await post("throttle_lift", { throttle, address });
    tell(`${address} need not wait any more.`);
  } catch (error) {
    tellError(error);
  }
  await app.refresh();
}
