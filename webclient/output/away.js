// Nothing is missed: a mark where one left off when the page was put aside, how many lines have come since, in the
// title and on a button, and a button to the newest lines while one reads above.

import { timeOfDay } from "./row.js";

/** @param {number} count @param {string} what */
const lines = (count, what) => `${count.toLocaleString()} ${what}${count === 1 ? " line" : " lines"}`;

/** @param {import("../main.js").Client} client */
export function install({ hub, output, entry }) {
  const { view, store } = output;
  const down = /** @type {HTMLButtonElement} */ (document.getElementById("newlines"));
  const up = /** @type {HTMLButtonElement} */ (document.getElementById("leftoff"));
  const title = document.title;
  /**
   * The first line that came while nobody looked, since when, and how many.
   * @type {{ line: number, since: number, count: number } | null}
   */
  let mark = null;
  /** When the page was put aside. */
  let left = 0;

  hub.on("client:added", ({ kwargs: line }) => {
    if (!document.hidden || line.old) return;
    if (mark === null || mark.since !== left) {
      if (mark !== null) unmark(mark.line);
      mark = { line: line.id, since: left, count: 0 };
      line.classes.push("leftoff");
      line.mark = `You left off here, ${timeOfDay(left)}`;
    }
    mark.count += 1;
    document.title = `(${mark.count > 999 ? "999+" : mark.count}) ${title}`;
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      left = Date.now();
      up.hidden = true;
      return;
    }
    document.title = title;
    if (mark === null || mark.since !== left) return;
    up.textContent = `${lines(mark.count, "new")} since ${timeOfDay(left)} ↑`;
    // Only if one has to go there.
    requestAnimationFrame(() => requestAnimationFrame(() => (up.hidden = !view.following || inSight())));
  });

  /** Whether the mark can be seen. */
  function inSight() {
    const element = mark === null ? null : view.element(mark.line);
    return element !== null && element.getBoundingClientRect().top >= view.box.getBoundingClientRect().top;
  }

  /** @param {number} id */
  function unmark(id) {
    const line = store.get(id);
    if (line === undefined) return;
    line.classes = line.classes.filter((name) => name !== "leftoff");
    view.changed(id);
  }

  view.watch(() => {
    down.hidden = view.following;
    if (!view.following) {
      const count = view.unseen;
      const text = count === 0 ? "Newest ↓" : `${lines(count, "new")} ↓`;
      if (down.textContent !== text) down.textContent = text;
    }
    if (!up.hidden && inSight()) up.hidden = true;
  });
  down.addEventListener("click", () => {
    view.toEnd();
    entry.ready();
  });
  up.addEventListener("click", () => {
    if (mark !== null) view.reveal(mark.line, 0.15);
    up.hidden = true;
    entry.ready();
  });
  hub.on("client:typed", () => (up.hidden = true));
}
