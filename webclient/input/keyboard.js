// A soft keyboard never covers the field: where the browser lays it over the page instead of making the page smaller
// (`interactive-widget` is not known everywhere), the page takes the height that is left. Where that is little, the text
// and the field have it: `html.low` and `html.lowest` are in the style sheets.

/** Lower than these, in pixels, what the keyboard leaves is so. */
const LOW = { low: 480, lowest: 260 };

/** A window that is so much lower than it was, in pixels, and as wide, has a keyboard below it. */
const KEYBOARD = 120;

/** @param {import("../main.js").Client} _client */
export function install(_client) {
  const seen = window.visualViewport;
  if (!seen) return;
  const root = document.documentElement;
  /** The greatest heights, by width: a phone is turned. @type {Map<number, number>} */
  const heights = new Map();
  const fit = () => {
    const { innerWidth: width, innerHeight: whole } = window;
    const tallest = Math.max(heights.get(width) ?? 0, whole);
    heights.set(width, tallest);
    // Somebody who has zoomed in wants to see a part of it.
    const covered = seen.scale < 1.05 && whole - seen.height > 60;
    if (covered) root.style.setProperty("--seen-height", `${seen.height}px`);
    else root.style.removeProperty("--seen-height");
    root.classList.toggle("covered", covered);
    const height = covered ? seen.height : whole;
    const isUp = tallest - height > KEYBOARD && matchMedia("(pointer: coarse)").matches;
    for (const [name, most] of Object.entries(LOW)) root.classList.toggle(name, isUp && height < most);
    // The browser has scrolled the field into sight by moving all of the page.
    if (covered && (window.scrollY > 0 || seen.offsetTop > 0)) window.scrollTo(0, 0);
  };
  seen.addEventListener("resize", fit);
  seen.addEventListener("scroll", fit);
  fit();
}
