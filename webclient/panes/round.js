// F6 goes round: from the field for commands to the text, to each pane, and back; with Shift the other way.

/** @param {import("./layout.js").Layout} layout */
export function goRound(layout) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F6" || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const line = document.querySelector("#line:not([hidden]), #secret:not([hidden])");
    const stops = [/** @type {HTMLElement} */ (line), ...layout.stops()];
    const at = stops.findLastIndex((stop) => stop === document.activeElement || isAround(stop));
    stops.at((at + (event.shiftKey ? -1 : 1)) % stops.length)?.focus();
  });
}

/** Whether the focus is in the pane of this title. @param {HTMLElement} stop */
function isAround(stop) {
  return stop.closest(".pane")?.contains(document.activeElement) === true;
}
