// F6 goes round: from the field for commands to the text, to each pane, and back; with Shift the other way. Escape goes
// to the field, from wherever nothing else needs it.

/** @param {import("./layout.js").Layout} layout */
export function goRound(layout) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const line = /** @type {HTMLElement} */ (document.querySelector("#line:not([hidden]), #secret:not([hidden])"));
    if (event.key === "Escape" && isFree(event.target)) line.focus();
    if (event.key !== "F6") return;
    event.preventDefault();
    const stops = [line, ...layout.stops()];
    const at = stops.findLastIndex((stop) => stop === document.activeElement || isAround(stop));
    stops.at((at + (event.shiftKey ? -1 : 1)) % stops.length)?.focus();
  });
}

/** Whether the focus is in the pane of this title. @param {HTMLElement} stop */
function isAround(stop) {
  return stop.closest(".pane")?.contains(document.activeElement) === true;
}

/** Whether Escape means nothing here: not in a menu, a dialog, or the search, which it closes. @param {EventTarget | null} target */
function isFree(target) {
  return target instanceof Element && target.closest("[popover], dialog, search, #entry") === null;
}
