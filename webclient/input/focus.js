// Where keys and clicks go that were meant for no element: into the field for commands. Links in the text that type a
// command. And what closes the menus.

/** @param {import("../main.js").Client} client */
export function install({ hub, entry }) {
  /** @param {Event} event */
  const follow = (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-command]") : null;
    if (!(link instanceof HTMLElement) || link.dataset.command === undefined) return;
    event.preventDefault();
    hub.command(link.dataset.command, { whole: true });
    entry.ready();
  };

  document.addEventListener("click", (event) => {
    follow(event);
    // A click into the text means "I want to type", unless something was marked.
    const target = event.target instanceof Element ? event.target : document.body;
    const aimless = target.closest("#log") !== null && target.closest("a, button, [data-command]") === null;
    if (aimless && getSelection()?.isCollapsed !== false) entry.ready();
  });

  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.matches("[data-command]") && (event.key === "Enter" || event.key === " ")) follow(event);
    const aimless = document.activeElement === document.body || target.id === "log";
    if (event.key === "Escape" && aimless) entry.focus();
    const typing = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (aimless && typing) entry.focus();
  });

  // Safari on iPhones does not close a popover by itself when one taps beside it, before 18.3.
  document.addEventListener("pointerdown", ({ target }) => {
    const pressed = target instanceof Element ? target : document.body;
    for (const open of document.querySelectorAll(":popover-open")) {
      const isOpener = pressed.closest("button")?.popoverTargetElement === open;
      if (!isOpener && !open.contains(pressed)) /** @type {HTMLElement} */ (open).hidePopover();
    }
  });

  entry.focus();
}
