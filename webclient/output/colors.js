// The 256 colours of game text: the classes color-000..255 and bgcolor-000..255, and 24-bit colours.
// look.js asks for the rules of a theme; html.js asks here for 24-bit colours.
//
// A game picks colours for a black terminal. On the page's own background a colour that could not be read
// there is made lighter or darker until it can; on a background that the game chose it is left alone, but for those who
// want high contrast: they have black or white there.

/** @typedef {[number, number, number]} Rgb red, green and blue, 0 to 255 */

/** Smallest contrast of text that is read easily (WCAG 2.2, 1.4.3), and of what is read in any case (1.4.6). */
export const CONTRAST = { enough: 4.5, high: 7 };

/** What game text lies on now, and the contrast it is to have. @type {{ back: Rgb, least: number }} */
let ground = { back: [0x14, 0x18, 0x15], least: CONTRAST.enough };

/** The first 16, as xterm has them. @type {Rgb[]} */
const BASE = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];

/**
 * A colour of xterm's palette: 16 base colours, a cube of 6 by 6 by 6, 24 greys.
 * @param {number} index 0 to 255
 * @returns {Rgb}
 */
export function xterm(index) {
  if (index < 16) return BASE[index];
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return [grey, grey, grey];
  }
  const level = (/** @type {number} */ digit) => (digit === 0 ? 0 : 55 + 40 * digit);
  const at = index - 16;
  return [level(Math.floor(at / 36)), level(Math.floor(at / 6) % 6), level(at % 6)];
}

/**
 * The nearest shade of a colour that can be read on a background.
 * @param {Rgb} color
 * @param {Rgb} back
 * @param {number} [least] contrast
 * @returns {Rgb}
 */
export function readable(color, back, least = CONTRAST.enough) {
  const end = luminance(back) < 0.18 ? 255 : 0;
  for (let step = 0; step <= 20; step += 1) {
    const shade = /** @type {Rgb} */ (color.map((part) => Math.round(part + ((end - part) * step) / 20)));
    if (contrast(shade, back) >= least) return shade;
  }
  return [end, end, end];
}

/**
 * How well one colour can be read on another, 1 to 21 (WCAG 2.2).
 * @param {Rgb} one
 * @param {Rgb} other
 */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** @param {Rgb} color */
function luminance(color) {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {Rgb} color */
const css = (color) => `rgb(${color.join(" ")})`;

/** Black or white, whichever reads better. @param {Rgb} back @returns {Rgb} */
const ink = (back) => (contrast([0, 0, 0], back) >= contrast([255, 255, 255], back) ? [0, 0, 0] : [255, 255, 255]);

/**
 * The rules for all classes.
 * @param {Rgb} back what the text lies on
 * @param {number} least contrast
 * @returns {string}
 */
export function palette(back, least) {
  const name = (/** @type {number} */ index) => String(index).padStart(3, "0");
  // `:where` adds no weight, so that among these rules the later one counts.
  const own = ':not(:where([class*="bgcolor-"], .on-color))';
  const all = Array.from({ length: 256 }, (_, index) => index);
  return [
    ...all.map((i) => `.bgcolor-${name(i)} { background-color: ${css(xterm(i))}; color: ${css(ink(xterm(i)))} }`),
    ...(least >= CONTRAST.high ? [] : all.map((i) => `.color-${name(i)} { color: ${css(xterm(i))} }`)),
    ...all.map((i) => `.color-${name(i)}${own} { color: ${css(readable(xterm(i), back, least))} }`),
    // Bright white marks what matters: on any page it is the page's own ink, and bold.
    `.color-015${own} { color: var(--text); font-weight: 700 }`,
  ].join("\n");
}

/** @type {CSSStyleSheet | undefined} */
let sheet;

/**
 * Gives the page the colours for a background, as a sheet that needs no inline style.
 * @param {Rgb} back
 * @param {number} least contrast
 */
export function setColors(back, least) {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  ground = { back, least };
  sheet.replaceSync(palette(back, least));
  for (const element of document.querySelectorAll("[data-rgb]")) {
    if (element instanceof HTMLElement) shade(element);
  }
}

/**
 * Gives an element 24-bit colours.
 * @param {HTMLElement} element
 * @param {string | undefined} text `#rrggbb`
 * @param {string | undefined} back `#rrggbb`
 */
export function paint(element, text, back) {
  const onColor = back !== undefined || /(^|\s)bgcolor-/.test(element.className);
  if (back !== undefined) {
    element.classList.add("on-color");
    element.style.backgroundColor = back;
    if (text === undefined && !/(^|\s)color-/.test(element.className)) element.style.color = css(ink(parse(back)));
  }
  if (text === undefined) return;
  if (onColor) {
    // Without one of its own, it has that of the class of its background.
    if (ground.least < CONTRAST.high) element.style.color = text;
    else if (back !== undefined) element.style.color = css(ink(parse(back)));
  } else {
    element.dataset.rgb = text;
    shade(element);
  }
}

/** The colour that the game wants, as it can be read here. @param {HTMLElement} element */
function shade(element) {
  element.style.color = css(readable(parse(element.dataset.rgb ?? ""), ground.back, ground.least));
}

/** @param {string} hex `#rrggbb` @returns {Rgb} */
function parse(hex) {
  return [parseInt(hex.slice(1, 3), 16), parseInt(hex.slice(3, 5), 16), parseInt(hex.slice(5, 7), 16)];
}
