// Who is typing: tells the game while one writes something that others will hear, and shows it of others
// (crates/world/src/inputfuncs/typing.rs). The game says which commands these are.

/**
 * Whether a text begins with one of these commands.
 * @param {string} text
 * @param {string[]} keywords
 * @returns {boolean}
 */
export function isHeard(text, keywords) {
  const start = text.trimStart().toLowerCase();
  return keywords.some((word) => {
    if (!start.startsWith(word)) return false;
    const rest = start.slice(word.length);
    // `"hello` and `:nods` need no space.
    return /^\W$/.test(word) ? rest.length > 0 : /^[\s/]\s*\S/.test(rest);
  });
}

/**
 * What is shown of those who type.
 * @param {string[]} names
 * @returns {string}
 */
export function shown(names) {
  if (names.length === 0) return "";
  if (names.length > 3) return "Several people are typing…";
  const all = names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
  return `${all} ${names.length === 1 ? "is" : "are"} typing…`;
}

/** @param {import("../main.js").Client} client */
export function install({ hub, entry, settings }) {
  settings.define({
    key: "entry.typing",
    label: "Show who is typing, and show others when I am",
    kind: "bool",
    initial: true,
    section: "Typing",
  });
  const place = /** @type {HTMLElement} */ (document.getElementById("typing"));
  /** @type {string[]} */
  let keywords = [];
  let timeout = 5_000;
  let told = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let stopping;
  /** Who types, and what makes us forget it. @type {Map<string, ReturnType<typeof setTimeout>>} */
  const others = new Map();

  /** @param {boolean} state */
  function tell(state) {
    clearTimeout(stopping);
    if (state) stopping = setTimeout(() => tell(false), timeout);
    if (state === told) return;
    told = state;
    hub.send("is_typing_state", [], { state });
  }

  function show() {
    const text = shown([...others.keys()]);
    place.textContent = text;
    place.hidden = text === "";
  }

  hub.on("is_typing", ({ kwargs }) => {
    const { type, payload = {} } = kwargs;
    if (type === "setup") {
      keywords = (payload.live_report_keywords ?? []).map((/** @type {unknown} */ word) => String(word).toLowerCase());
      timeout = Number(payload.typing_timeout) || timeout;
    } else if (type === "typing" && settings.get("entry.typing")) {
      const name = String(payload.name);
      clearTimeout(others.get(name));
      others.delete(name);
      if (payload.state)
        others.set(
          name,
          setTimeout(() => (others.delete(name), show()), timeout + 2_000),
        );
      show();
    }
  });
  // Bodies have commands of their own.
  const ask = () => settings.get("entry.typing") && hub.send("is_typing_setup");
  hub.on("char_name", ask);
  hub.on("client:state", ({ kwargs }) => {
    if (kwargs.state !== "open") return;
    told = false;
    others.forEach((timer) => clearTimeout(timer));
    others.clear();
    show();
    if (kwargs.news.resumed) ask();
  });
  entry.field.addEventListener("input", () => {
    if (settings.get("entry.typing")) tell(isHeard(entry.value, keywords));
  });
  entry.field.addEventListener("emptied", () => tell(false));
}
