// The line between two things, by which the one before or behind it is made larger: with the pointer, with the arrow
// keys, and double-clicked it is as it was at first. layout.js puts one at each dock, and between panes.

/** How far a key moves it, in pixels. */
const STEP = 16;

/**
 * @typedef {object} Grip
 * @property {string} label
 * @property {"vertical" | "horizontal"} line how the line itself runs
 * @property {1 | -1} grows whether what it sizes grows when it is moved right or down
 * @property {string} [controls] id of what it sizes
 * @property {{ min: number, max: number }} bounds
 * @property {() => number} size pixels now
 * @property {(size: number) => void} resize called while it moves
 * @property {() => void} done it has moved: keep it
 * @property {() => void} reset
 */

/** @param {Grip} grip @returns {HTMLElement} */
export function separator(grip) {
  const upright = grip.line === "vertical";
  const element = document.createElement("div");
  element.className = `separator ${grip.line}`;
  element.tabIndex = 0;
  element.setAttribute("role", "separator");
  element.setAttribute("aria-orientation", grip.line);
  element.setAttribute("aria-label", grip.label);
  if (grip.controls !== undefined) element.setAttribute("aria-controls", grip.controls);
  const tell = () => {
    element.setAttribute("aria-valuemin", String(grip.bounds.min));
    element.setAttribute("aria-valuemax", String(grip.bounds.max));
    element.setAttribute("aria-valuenow", String(Math.round(grip.size())));
  };
  const resize = (/** @type {number} */ size) => {
    grip.resize(Math.min(Math.max(size, grip.bounds.min), grip.bounds.max));
    tell();
  };

  element.addEventListener("pointerdown", (down) => {
    if (down.button !== 0) return;
    down.preventDefault();
    element.focus();
    element.setPointerCapture(down.pointerId);
    const from = upright ? down.clientX : down.clientY;
    const before = grip.size();
    const move = (/** @type {PointerEvent} */ event) =>
      resize(before + grip.grows * ((upright ? event.clientX : event.clientY) - from));
    const end = () => {
      element.removeEventListener("pointermove", move);
      element.classList.remove("moving");
      grip.done();
    };
    element.classList.add("moving");
    element.addEventListener("pointermove", move);
    element.addEventListener("lostpointercapture", end, { once: true });
  });
  element.addEventListener("dblclick", () => {
    grip.reset();
    grip.done();
    tell();
  });
  element.addEventListener("keydown", (event) => {
    const [less, more] = upright ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    const step = { [less]: -STEP, [more]: STEP }[event.key];
    if (step !== undefined) resize(grip.size() + grip.grows * step);
    else if (event.key === "Home") resize(grip.bounds.min);
    else if (event.key === "End") resize(grip.bounds.max);
    else if (event.key === "Delete") grip.reset();
    else return;
    event.preventDefault();
    grip.done();
    tell();
  });
  element.addEventListener("focus", tell);
  requestAnimationFrame(tell);
  return element;
}
