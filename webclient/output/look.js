// How the client looks: theme, font, size, width of lines, times. What the player sets becomes attributes and
// properties of the page, which style.css uses.

import { setColors } from "./colors.js";
import { setFont } from "./widths.js";

/** Fonts that can be chosen. @type {Record<string, string>} */
const FONTS = {
  mono: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace',
  sans: "system-ui, sans-serif",
  serif: 'ui-serif, Georgia, "DejaVu Serif", serif',
  legible: '"Atkinson Hyperlegible", "OpenDyslexic", Verdana, "DejaVu Sans", sans-serif',
};

/** @typedef {"dark" | "light" | "contrast"} Theme */

/** @param {import("../main.js").Client} client */
export function install({ hub, settings, output }) {
  const section = "Look";
  const choice = (/** @type {string} */ value, /** @type {string} */ label) => ({ value, label });
  settings.define({
    key: "theme",
    label: "Colours",
    kind: "choice",
    initial: "system",
    choices: [choice("system", "As the system has them"), choice("dark", "Dark"), choice("light", "Light"), choice("contrast", "High contrast")],
    section,
  });
  settings.define({
    key: "font",
    label: "Font of the game's text",
    kind: "choice",
    initial: "mono",
    choices: [choice("mono", "Monospace: maps and tables hold"), choice("sans", "Sans serif"), choice("serif", "Serif"), choice("legible", "Highly legible, if installed")],
    section,
  });
  settings.define({ key: "font-size", label: "Size of letters, in pixels", kind: "number", initial: 16, min: 9, max: 40, section });
  settings.define({ key: "line-width", label: "Longest line, in columns (0: as wide as the window)", kind: "number", initial: 0, min: 0, max: 400, section });
  settings.define({ key: "timestamps", label: "Show when each line came", kind: "bool", initial: false, section });

  const root = document.documentElement;
  const light = matchMedia("(prefers-color-scheme: light)");
  const contrast = matchMedia("(prefers-contrast: more)");

  function apply() {
    /** @type {Theme} */
    let theme = settings.get("theme");
    if (!["dark", "light", "contrast"].includes(theme)) theme = contrast.matches ? "contrast" : light.matches ? "light" : "dark";
    root.dataset.theme = theme;
    setColors(theme);
    const family = FONTS[settings.get("font")] ?? FONTS.mono;
    const size = number(settings.get("font-size"), 9, 40, 16);
    root.style.setProperty("--game-font", family);
    root.style.setProperty("--game-size", `${size}px`);
    const width = number(settings.get("line-width"), 0, 400, 0);
    root.style.setProperty("--game-width", width > 0 ? `${Math.max(width, 20)}ch` : "none");
    root.classList.toggle("times", settings.get("timestamps") === true);
    setFont(`${size}px ${family}`);
    output.view.redraw();
    const back = getComputedStyle(root).getPropertyValue("--back").trim();
    document.querySelector('meta[name="theme-color"]')?.setAttribute("content", back);
    hub.tell("client:look", { theme });
  }

  for (const key of ["theme", "font", "font-size", "line-width", "timestamps"]) settings.on(key, apply);
  for (const query of [light, contrast]) query.addEventListener("change", apply);
  apply();
}

/** @param {unknown} value @param {number} least @param {number} most @param {number} initial */
function number(value, least, most, initial) {
  const given = Number(value);
  return Number.isFinite(given) ? Math.min(Math.max(given, least), most) : initial;
}
