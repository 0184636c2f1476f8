// Keys with their modifiers, as "Ctrl+Alt+KeyK" or "Numpad8": named by their place on the keyboard, so that they are
// the same in every layout. keys.js hears them; the editor asks here what is in the way of one.

/** What a player reads instead of the name of a place. @type {Record<string, string>} */
const LABELS = {
  Backquote: "`",
  Minus: "-",
  Equal: "=",
  BracketLeft: "[",
  BracketRight: "]",
  Backslash: "\\",
  Semicolon: ";",
  Quote: "'",
  Comma: ",",
  Period: ".",
  Slash: "/",
  NumpadAdd: "Numpad +",
  NumpadSubtract: "Numpad -",
  NumpadMultiply: "Numpad *",
  NumpadDivide: "Numpad /",
  NumpadDecimal: "Numpad .",
  NumpadEnter: "Numpad Enter",
};

const MODIFIERS =
  /^(?:(?:Control|Shift|Alt|Meta|OS)(?:Left|Right)?|AltGraph|CapsLock|NumLock|ScrollLock|Fn\w*|Insert|Unidentified)?$/;

/** Keys for writing and moving, which a page must leave alone when no modifier is held. */
const TYPING = new RegExp(
  "^(?:Key|Digit|Backquote|Minus|Equal|Bracket|Backslash|Semicolon|Quote|Comma|Period|Slash|Space|Intl|Enter|" +
    "NumpadEnter|Tab|Escape|Backspace|Delete|Arrow|Home|End|Page|ContextMenu|Help)",
);

/** Keys that the browser or the system keeps to itself, or that nobody could do without. */
const NEVER = [
  /^Ctrl\+(?:Shift\+)?Key[WTN]$/,
  /^Ctrl\+(?:Shift\+)?Tab$/,
  /^Ctrl\+Key[ACVXZYRLQ]$/,
  /^Ctrl\+Shift\+Key[VZRI]$/,
  /^Alt\+F4$/,
  /^Alt\+(?:Tab|Space|ArrowLeft|ArrowRight|Home)$/,
  /Meta\+/,
  /^(?:.*\+)?(?:Tab|Escape)$/,
  /^(?:.*\+)?Enter$/,
  /^Ctrl\+Alt\+Delete$/,
  /^Ctrl\+(?:Shift\+)?(?:Backspace|Delete|Arrow\w+|Home|End)$/,
  /^Shift\+(?:Arrow\w+|Home|End|Delete|F10)$/,
  /^F(?:5|11|12)$/,
];

/** What else is used, and by whom. @type {[RegExp, string][]} */
const USED = [
  [/^(?:Shift\+)?F6$/, "It goes from pane to pane."],
  [/^Alt\+Arrow(?:Up|Down)$/, "It has a screen reader say a line before."],
  [/^Ctrl\+Alt\+/, "VoiceOver (as Ctrl and Option) and some layouts (as AltGr) use it."],
  [
    /^Ctrl\+(?:Key|Digit|Minus|Equal|Numpad|Page|F\d)/,
    "Your browser may use it, for finding, printing or zooming, say.",
  ],
  [/^Ctrl\+Shift\+/, "Your browser may use it."],
  [/^Alt\+(?:Shift\+)?(?:Key|Digit|F\d)/, "Your browser may use it for its menus, and on a Mac it writes a character."],
  [/^(?:Shift\+)?F(?:1|3|6|7|10)$/, "Your browser may use it, for help or finding, say."],
  [
    /^(?:Shift\+)?Numpad/,
    "It cannot be used to write numbers any more; and screen readers (NVDA, JAWS, Orca) may use it to read.",
  ],
];

/**
 * What a key press is called; "" for modifiers alone and keys without a name.
 * @param {{ code: string, ctrlKey: boolean, altKey: boolean, shiftKey: boolean, metaKey: boolean }} event
 */
export function chordOf({ code, ctrlKey, altKey, shiftKey, metaKey }) {
  if (MODIFIERS.test(code)) return "";
  return `${ctrlKey ? "Ctrl+" : ""}${altKey ? "Alt+" : ""}${shiftKey ? "Shift+" : ""}${metaKey ? "Meta+" : ""}${code}`;
}

/** How a chord is written for the player. @param {string} chord */
export function labelOf(chord) {
  const parts = chord.split("+");
  const code = /** @type {string} */ (parts.pop());
  const label = LABELS[code] ?? code.replace(/^(?:Key|Digit|Arrow)/, "").replace(/^Numpad/, "Numpad ");
  return [...parts, label].join("+");
}

/**
 * What is in the way of a chord: `never` if it cannot be had, `warning` if somebody else may need it.
 * @param {string} chord
 * @returns {{ never?: string, warning?: string }}
 */
export function trouble(chord) {
  const code = chord.split("+").at(-1) ?? "";
  const bare = chord.replace(/^Shift\+/, "");
  if (MODIFIERS.test(code)) return { never: "Press a key, with Ctrl, Alt or Shift if you like." };
  if (bare === code && TYPING.test(code)) {
    return { never: `${labelOf(chord)} is needed for writing and moving. Hold Ctrl or Alt, or take a function key.` };
  }
  if (NEVER.some((one) => one.test(chord))) return { never: `${labelOf(chord)} belongs to the browser or the system.` };
  const used = USED.find(([one]) => one.test(chord));
  return used === undefined ? {} : { warning: used[1] };
}
