// Tells the server how much text fits, when a session begins and when that changes.

/** How long a change of the window's size settles before the server hears of it, in milliseconds. */
const SETTLE = 300;

/** @param {import("../main.js").Client} client */
export function install({ hub, output }) {
  /** The size last told, so that it is told once. */
  let told = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let settling;

  function tell() {
    const { columns, lines } = output.size();
    if (`${columns} ${lines}` === told) return;
    if (hub.send("client_options", [], { screenwidth: columns, screenheight: lines })) told = `${columns} ${lines}`;
  }

  function soon() {
    clearTimeout(settling);
    settling = setTimeout(tell, SETTLE);
  }

  hub.on("client:state", ({ kwargs: { state, news } }) => {
    if (state !== "open") return;
    // Another session has not heard it; and a page that was loaded anew does not know what was told.
    if (!news.resumed) told = "";
    tell();
  });
  hub.on("client:look", soon);
  new ResizeObserver(soon).observe(output.view.box);
}
