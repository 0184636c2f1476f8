// Asks the game for the form that is to be read aloud: rows of tables as sentences, maps in words, long texts whole. No
// page can find out whether somebody uses a screen reader, so the player says so.

/** @param {import("../main.js").Client} client */
export function install({ hub, settings }) {
  settings.define({
    key: "output.aloud",
    label: "Ask the game for texts to be read aloud",
    help: "Rows of tables as sentences, maps in words, and no pages to turn.",
    kind: "bool",
    initial: false,
    section: "Screen reader",
  });
  const tell = () => hub.send("client_options", [], { screenreader: settings.get("output.aloud") === true });
  settings.on("output.aloud", tell);
  // Unless it is wanted, it stays what the account has, which the command `option` sets.
  hub.on("client:state", ({ kwargs: { state, news } }) => {
    if (state === "open" && !news.resumed && settings.get("output.aloud")) tell();
  });
}
