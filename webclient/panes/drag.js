// Dragging a pane by its bar into another place: to the left, the right or below the text, or between other panes. The
// menu of each pane does the same by keyboard. layout.js says what the places are.

/** How far the pointer has to go before a press is a drag, in pixels. */
const THRESHOLD = 6;

/** How near to an edge of the frame an empty dock is meant, in pixels. */
const EDGE = 72;

/** @typedef {import("./arrangement.js").Dock} Dock */

/** @typedef {{ dock: Dock, before: string | null }} Place */

/**
 * Follows the pointer from here on.
 * @param {PointerEvent} down
 * @param {HTMLElement} pane
 * @param {HTMLElement} frame
 * @param {(place: Place) => void} drop
 */
export function drag(down, pane, frame, drop) {
  // Before it is a drag it is a click, or the finger scrolls.
  if (down.pointerType === "touch") return;
  const mark = document.createElement("div");
  mark.className = "drop-mark";
  /** @type {Place | null} */
  let place = null;
  let dragging = false;

  const move = (/** @type {PointerEvent} */ event) => {
    // It was let go before this module was there.
    if (event.buttons === 0) return end(false);
    if (!dragging) {
      if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < THRESHOLD) return;
      dragging = true;
      pane.classList.add("dragging");
      document.body.classList.add("dragging-pane");
      document.body.append(mark);
    }
    const found = find(event.clientX, event.clientY, pane, frame);
    place = found?.place ?? null;
    mark.hidden = found === null;
    if (found !== null) {
      const { left, top, width, height } = found.mark;
      Object.assign(mark.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    }
  };
  const end = (/** @type {boolean} */ dropped) => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", up);
    removeEventListener("pointercancel", cancel);
    removeEventListener("keydown", key, true);
    mark.remove();
    pane.classList.remove("dragging");
    document.body.classList.remove("dragging-pane");
    if (!dragging) return;
    // The click that follows a drag folds nothing.
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, true));
    if (dropped && place !== null) drop(place);
  };
  const up = () => end(true);
  const cancel = () => end(false);
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    cancel();
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", cancel);
  addEventListener("keydown", key, true);
}

/** @param {Event} event */
function swallow(event) {
  event.stopPropagation();
  event.preventDefault();
}

/**
 * The place that a point means, and where its mark is drawn.
 * @param {number} x @param {number} y
 * @param {HTMLElement} pane
 * @param {HTMLElement} frame
 * @returns {{ place: Place, mark: { left: number, top: number, width: number, height: number } } | null}
 */
function find(x, y, pane, frame) {
  for (const dock of /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".dock")])) {
    const box = dock.getBoundingClientRect();
    const inside = x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
    if (inside && box.width > 0) return between(x, y, pane, dock, box);
  }
  const box = frame.getBoundingClientRect();
  if (y < box.top || y > box.bottom) return null;
  const empty = (/** @type {Dock} */ name) => document.getElementById(`dock-${name}`)?.hidden === true;
  const edge = { top: box.top, height: box.height, width: 6 };
  if (x - box.left < EDGE && empty("left"))
    return { place: { dock: "left", before: null }, mark: { ...edge, left: box.left } };
  if (box.right - x < EDGE && empty("right")) {
    return { place: { dock: "right", before: null }, mark: { ...edge, left: box.right - 6 } };
  }
  if (box.bottom - y < EDGE && empty("bottom")) {
    const mark = { left: box.left, top: box.bottom - 6, width: box.width, height: 6 };
    return { place: { dock: "bottom", before: null }, mark };
  }
  return null;
}

/** @param {number} x @param {number} y @param {HTMLElement} pane @param {HTMLElement} dock @param {DOMRect} box */
function between(x, y, pane, dock, box) {
  const name = /** @type {Dock} */ (dock.dataset.dock);
  const across = name === "bottom";
  const panes = /** @type {HTMLElement[]} */ ([...dock.querySelectorAll(".pane")]).filter((one) => one !== pane);
  let end = across ? box.left : box.top;
  for (const one of panes) {
    const at = one.getBoundingClientRect();
    const [start, size, point] = across ? [at.left, at.width, x] : [at.top, at.height, y];
    if (point < start + size / 2) return { place: { dock: name, before: one.dataset.pane ?? null }, mark: line(start) };
    end = start + size;
  }
  return { place: { dock: name, before: null }, mark: line(end) };

  function line(/** @type {number} */ at) {
    return across
      ? { left: at - 3, top: box.top, width: 6, height: box.height }
      : { left: box.left, top: at - 3, width: box.width, height: 6 };
  }
}
