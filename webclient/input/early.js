// What is typed before there is a connection, or even before the page's scripts are there: Enter makes a line end in the
// field then, and whatever has one is sent when the game has said its first words. The field itself is what waits, so
// that nothing is lost and nothing is sent twice.

/** How long the game may be silent before it is spoken to, in milliseconds. */
const SILENCE = 1_000;

/** @param {import("../main.js").Client} client */
export function install(client) {
  const { hub, entry } = client;
  const form = /** @type {HTMLFormElement} */ (entry.field.form);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let silence;

  const end = () => {
    if (entry.value.trim() !== "" && !entry.value.endsWith("\n")) entry.value += "\n";
  };
  // After the entry has handled it: what could not be sent is still there.
  const wait = () => {
    if (client.link.isOpen) return;
    end();
    if (entry.value !== "") client.link.say("Connecting; what you typed is sent then.");
  };
  const begin = () => {
    clearTimeout(silence);
    // Not all of it was taken: the connection is gone again. Or it never will be, as a line that is too long.
    if (!entry.submitEnded() && !client.link.isOpen) return;
    form.removeEventListener("submit", wait);
    for (const off of offs) off();
  };
  form.addEventListener("submit", wait);
  // The button was pressed when nobody was there to hear it.
  if (document.activeElement?.matches("#entry [type=submit]")) end();
  const offs = [
    hub.on("client:state", ({ kwargs: { state, news } }) => {
      clearTimeout(silence);
      if (state !== "open") return;
      // Of a session that goes on, everything was said before.
      if (news.resumed) begin();
      else silence = setTimeout(begin, SILENCE);
    }),
    hub.on("text", begin),
  ];
}
