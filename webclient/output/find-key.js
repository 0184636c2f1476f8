// Ctrl+F and the button in the bar open the search in the scrollback (find.js), which is loaded when it is first
// wanted.

/** @param {import("../main.js").Client} client */
export function install(client) {
  /** @type {Promise<import("./find.js").Find> | undefined} */
  let loaded;
  const find = () => (loaded ??= import("./find.js").then(({ Find }) => new Find(client)));
  document.getElementById("open-find")?.addEventListener("click", async () => (await find()).toggle());
  document.addEventListener("keydown", async (event) => {
    if (document.querySelector("dialog[open]") !== null) return;
    const wanted =
      event.key.toLowerCase() === "f" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (event.key === "F3" && loaded !== undefined) {
      event.preventDefault();
      (await loaded).go(event.shiftKey ? -1 : 1);
    } else if (wanted && document.activeElement?.id !== "find-text") {
      // A second time it is the browser's own.
      event.preventDefault();
      (await find()).open();
    }
  });
}
