// The docks: where panes stand around the text. layout.js fills them.

/** @typedef {import("./arrangement.js").Dock} Dock */
/** @typedef {"left" | "right" | "bottom"} Side */

/** The docks around the text in the order of the page, how players call them, and what makes them larger. */
export const SIDES = /** @type {const} */ ([
  { dock: "left", name: "on the left", line: "vertical", grows: 1 },
  { dock: "bottom", name: "below the text", line: "horizontal", grows: -1 },
  { dock: "right", name: "on the right", line: "vertical", grows: -1 },
]);

/** How players call a dock. @param {Dock} dock */
export function placeOf(dock) {
  return SIDES.find((side) => side.dock === dock)?.name ?? "above the command line";
}

/** @param {typeof SIDES[number]} side @param {HTMLElement} separator the line between it and the text */
export function makeDock({ dock, name }, separator) {
  const element = document.createElement("aside");
  element.className = "dock";
  element.id = `dock-${dock}`;
  element.dataset.dock = dock;
  element.setAttribute("aria-label", `Panes ${name}`);
  element.hidden = true;
  const panes = document.createElement("div");
  panes.className = "dock-panes";
  if (dock === "left") element.append(panes, separator);
  else element.append(separator, panes);
  return element;
}

/** The strip above the field for commands. */
export function makeStrip() {
  const element = document.createElement("div");
  element.id = "dock-strip";
  element.className = "strip";
  return element;
}

/**
 * As `replaceChildren`, but what stays in its place is not touched: it keeps how far it is scrolled.
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} children
 */
export function replace(parent, children) {
  for (const child of [...parent.children]) {
    if (!children.includes(/** @type {HTMLElement} */ (child))) child.remove();
  }
  children.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
  });
}
