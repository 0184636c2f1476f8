// How the client looks: theme, font, size, width of lines, times. What the player sets becomes attributes and
// properties of the page, which style.css uses.

import { CONTRAST, setColors } from "./colors.js";
import { setFont } from "./widths.js";

/** Fonts that can be chosen. @type {Record<string, string>} */
const FONTS = {
  mono: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace',
  sans: "system-ui, sans-serif",
  serif: 'ui-serif, Georgia, "DejaVu Serif", serif',
  legible: '"Atkinson Hyperlegible", "OpenDyslexic", Verdana, "DejaVu Sans", sans-serif',
};

/** What can be chosen; "system" leaves it to the system. @type {[string, string][]} */
const THEMES = [
  ["system", "As the system has them"],
  ["dark", "Dark"],
  ["light", "Light"],
  ["contrast", "High contrast, dark"],
  ["contrast-light", "High contrast, light"],
];

/** @param {import("../main.js").Client} client */
export function install({ hub, settings, output }) {
  const section = "Look";
  settings.define({ key: "look.theme", label: "Colours", kind: "choice", initial: "system", choices: THEMES, section });
  settings.define({
    key: "look.font",
    label: "Font of the game's text",
    kind: "choice",
    initial: "mono",
    choices: [
      ["mono", "Monospace: maps and tables hold"],
      ["sans", "Sans serif"],
      ["serif", "Serif"],
      ["legible", "Highly legible, if installed"],
    ],
    section,
  });
  settings.define({
    key: "look.size",
    label: "Size of letters, in pixels",
    kind: "number",
    initial: matchMedia("(max-width: 40rem)").matches ? 14 : 16,
    min: 9,
    max: 40,
    section,
    place: "browser",
  });
  settings.define({
    key: "look.width",
    label: "Longest line, in columns",
    help: "0: as wide as the window.",
    kind: "number",
    initial: 0,
    min: 0,
    max: 400,
    section,
    place: "browser",
  });
  settings.define({ key: "look.times", label: "Show when each line came", kind: "bool", initial: false, section });

  const root = document.documentElement;
  const light = matchMedia("(prefers-color-scheme: light)");
  const contrast = matchMedia("(prefers-contrast: more)");

  function apply() {
    const theme = String(settings.get("look.theme"));
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    // A game may have colours of its own.
    const back = getComputedStyle(document.body)
      .backgroundColor.match(/\d+(\.\d+)?/g)
      ?.slice(0, 3)
      .map(Number) ?? [0, 0, 0];
    const high = theme.startsWith("contrast") || (theme === "system" && contrast.matches);
    setColors(/** @type {[number, number, number]} */ (back), high ? CONTRAST.high : CONTRAST.enough);
    document.querySelector('meta[name="theme-color"]')?.setAttribute("content", `rgb(${back.join(" ")})`);
    const family = FONTS[settings.get("look.font")] ?? FONTS.mono;
    const size = number(settings.get("look.size"), 9, 40, 16);
    root.style.setProperty("--game-font", family);
    root.style.setProperty("--game-size", `${size}px`);
    const width = number(settings.get("look.width"), 0, 400, 0);
    root.style.setProperty("--game-width", width > 0 ? `${Math.max(width, 20)}ch` : "none");
    root.classList.toggle("times", settings.get("look.times") === true);
    setFont(`${size}px ${family}`);
    output.view.redraw();
    hub.tell("client:look", { theme });
  }

  for (const key of ["theme", "font", "size", "width", "times"]) settings.on(`look.${key}`, apply);
  for (const query of [light, contrast]) query.addEventListener("change", apply);
  apply();
}

/** @param {unknown} value @param {number} least @param {number} most @param {number} initial */
function number(value, least, most, initial) {
  const given = Number(value);
  return Number.isFinite(given) ? Math.min(Math.max(given, least), most) : initial;
}
