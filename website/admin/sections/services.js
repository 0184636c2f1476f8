// Services: what listens where, and what runs beside. They are started and stopped as `@service` does.

import { post } from "../api.js";
import { ask } from "../dialog.js";
import { button } from "../dom.js";
import { listView } from "../list.js";
import { tell, tellError } from "../news.js";
import { thenRefresh } from "../people.js";
import { jobs } from "./jobs.js";

/** @typedef {{ name: string, kind: string, address: string, state: string }} Service */

/** @type {import("../main.js").Section} */
export const services = {
  name: "services",
  title: "Services",
  group: "Server",
  every: 10,
  open: (_place, app) =>
    listView({
      name: "services",
      one: "service",
      above: [jobs(app)],
      only: () => true,
      table: {
        caption: "Services",
        key: ({ kind, name }) => `${kind} ${name}`,
        empty: "There are no services.",
        columns: [
          { title: "Name", header: true, cell: ({ name }) => name },
          { title: "Kind", cell: ({ kind }) => kind },
          { title: "Address", kind: "mono", cell: ({ address }) => address },
          { title: "State", cell: ({ state }) => state },
          { title: "Actions", kind: "deeds", cell: (service) => action(service, app) },
        ],
      },
    }),
};

/**
 * @param {Service} service
 * @param {import("../main.js").App} app
 */
function action(service, app) {
  // Without the link there is no game; the game refuses it, too.
  if (service.kind === "link") return "needed";
  const of = service.name;
  return service.state === "on"
    ? button("Stop", () => void thenRefresh(stop(service), app), { of, kind: "small" })
    : button("Start", () => void start(service, app), { of, kind: "small" });
}

/**
 * @param {Service} service
 * @param {import("../main.js").App} app
 */
async function start({ name }, app) {
  try {
    await post("service_start", { name });
    tell(`${name} is running now.`);
  } catch (error) {
    tellError(error);
  }
  await app.refresh();
}

/** @param {Service} service */
function stop(service) {
  const { name } = service;
  return ask({
    title: `Stop ${name}`,
    text: whatHappens(service),
    yes: `Stop ${name}`,
    danger: true,
    submit: async () => {
      await post("service_stop", { name });
      tell(`${name} has been stopped.`);
    },
  });
}

/** @param {Service} service */
function whatHappens({ name, kind, address }) {
  const until = "It stays so until it is started again, here or in the game.";
  if (address === "") return `${name} ends. ${until}`;
  const players = `${name} takes no more connections at ${address}; whoever came by it plays on.`;
  if (kind !== "web") return `${players} ${until}`;
  const here = isHere(address) ? "You have come by it: this page will be gone. " : "";
  return (
    `${players} ${here}Nobody can open the site, the client or this page by it any more, until somebody types ` +
    `"@service/start ${name}" in the game, or the game is stopped and started.`
  );
}

/**
 * Whether this page comes from there, as far as a browser can tell: a proxy may be between them.
 * @param {string} address `127.0.0.1:4001`
 */
function isHere(address) {
  const port = location.port || (location.protocol === "https:" ? "443" : "80");
  return address.endsWith(`:${port}`);
}
