// The pane of channels and tells: what is said elsewhere, a tab for each channel, one for tells, and those that the
// player's routes and triggers send here. Each has a scrollback of its own, and a field to answer.

import { Line, LineStore, OutputView } from "../output/output.js";
import { installCopying } from "../output/copy.js";
import { button, make, unique } from "../player/dom.js";
import { going } from "../player/roving.js";
import { bare, Kinds, label, route, tab, Told } from "./routing.js";
import { badge } from "./unread.js";

/** Lines that a tab keeps, and most tabs. */
const LIMIT = { lines: 3000, tabs: 40 };

/** Where everything is. */
const ALL = "all";

/** With this begin the panes of lines that are here and not in the text; the title of the tab follows. */
const OURS = "talk:";

/** @typedef {import("./routing.js").Tab} Tab */

/**
 * @typedef {object} Kept
 * @property {Tab} tab
 * @property {LineStore} store
 * @property {HTMLElement} box
 * @property {HTMLButtonElement} button
 * @property {number} unread
 */

/** @param {import("../main.js").Client} client */
export function install(client) {
  const { hub, settings, output, layout } = client;
  const section = "Channels and tells";
  settings.define({ key: "talk.routes", label: "What goes to the pane", kind: "json", initial: {} });
  settings.define({
    key: "talk.tell",
    label: "Command that answers a tell",
    kind: "text",
    initial: "page {name} = {text}",
    max: 100,
    section,
    help: "{name} is who told you something, {text} what you answer.",
  });
  const kinds = new Kinds();
  const told = new Told();
  /** @type {Map<string, Kept>} */
  const tabs = new Map();
  /** Commands of channels, by the id of their tab. @type {Map<string, string>} */
  const commands = new Map();
  let current = ALL;
  let lastTeller = "";
  /** Whom an answer is for: whoever tells something meanwhile does not get what is written to another. */
  let answered = "";

  const list = make("div", { role: "tablist", "aria-label": "Channels and tells" });
  const views = make("div", { className: "views" });
  const empty = make("p", { className: "empty", textContent: "Nobody has said anything yet." });
  const field = make("input", { type: "text", autocomplete: "off", spellcheck: true, enterKeyHint: "send" });
  const form = make("form", { hidden: true }, field, make("button", { type: "submit", textContent: "Send" }));
  const bar = make("div", { className: "talk-bar" }, list, button("Sort", choose, { title: "What is shown where" }));
  views.append(empty);
  const pane = layout.add({
    id: "talk",
    title: "Talk",
    element: make("div", { className: "talk" }, bar, views, form),
    where: "left",
    open: "roomy",
    shown: seen,
  });
  add({ id: ALL, title: "All", kind: "" });
  select(ALL);

  /** @param {Tab} wanted @returns {Kept} */
  function add(wanted) {
    const known = tabs.get(wanted.id) ?? (tabs.size >= LIMIT.tabs ? tabs.get(ALL) : undefined);
    if (known !== undefined) return known;
    const store = new LineStore(LIMIT.lines);
    const box = make("div", { id: `talk-${tabs.size}`, tabIndex: 0, role: "tabpanel", hidden: true });
    views.append(box);
    installCopying(new OutputView(box, store));
    const opener = button("", () => select(wanted.id), { role: "tab", tabIndex: -1, id: `${box.id}-tab` });
    badge(opener, wanted.title, 0);
    opener.setAttribute("aria-controls", box.id);
    box.setAttribute("aria-labelledby", opener.id);
    list.append(opener);
    const kept = { tab: wanted, store, box, button: opener, unread: 0 };
    tabs.set(wanted.id, kept);
    return kept;
  }

  /** @param {string} id */
  function select(id) {
    current = id;
    for (const [one, { box, button }] of tabs) {
      const isCurrent = one === id;
      box.hidden = !isCurrent;
      button.setAttribute("aria-selected", String(isCurrent));
      button.tabIndex = isCurrent ? 0 : -1;
    }
    seen();
    const tab = tabs.get(id)?.button;
    // Not scrollIntoView: that would scroll the page as well.
    if (tab !== undefined) {
      const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = tab;
      const [left, top] = [offsetLeft + offsetWidth / 2, offsetTop + offsetHeight / 2];
      list.scrollTo({ left: left - list.clientWidth / 2, top: top - list.clientHeight / 2 });
    }
    empty.hidden = (tabs.get(id)?.store.end ?? 0) > 0;
    const title = tabs.get(id)?.tab.title ?? "";
    if (field.value.trim() === "") answered = lastTeller;
    const answer = id === "tells" ? answered : title;
    form.hidden = id !== "tells" && !commands.has(id);
    if (id === "tells" && answered === "") form.hidden = true;
    field.placeholder = id === "tells" ? `Answer ${answer}` : `Say on ${answer}`;
    field.setAttribute("aria-label", field.placeholder);
  }

  /**
   * @param {Line} line
   * @param {Tab} where
   * @param {boolean} alone whether it is not in the text as well
   * @param {boolean} [fresh] whether it is news
   */
  function put(line, where, alone, fresh = true) {
    for (const { tab, store } of new Set([add({ id: ALL, title: "All", kind: "" }), add(where)])) {
      const copy = new Line(line.text, line.html, line);
      copy.classes = [...line.classes];
      store.add(copy);
      const shown = tabs.get(tab.id);
      if (fresh && shown !== undefined && tab.id !== ALL && !isSeen(tab.id)) count(shown, shown.unread + 1);
    }
    empty.hidden = (tabs.get(current)?.store.end ?? 0) > 0;
    if (fresh) pane.mark(true);
    // What is not in the text is to be heard as well.
    if (fresh && alone) hub.tell("client:news", { text: line.text, type: line.type });
  }

  /** Whether what comes into a tab is seen at once. @param {string} id */
  function isSeen(id) {
    return pane.visible() && (current === ALL || current === id);
  }

  /** What the tab has that is in sight has been seen now: everything, if it is that of all. */
  function seen() {
    if (pane.visible()) for (const one of tabs.values()) if (isSeen(one.tab.id)) count(one, 0);
  }

  /** @param {Kept} kept @param {number} unread */
  function count(kept, unread) {
    if (kept.unread === unread) return;
    kept.unread = unread;
    badge(kept.button, kept.tab.title, unread);
  }

  // The first of them: where a trigger of the player's sends a line counts more.
  output.filters.unshift((line) => {
    const where = tab(line);
    if (where === null) return undefined;
    kinds.learn(where.kind);
    const alone = route(settings.get("talk.routes"), where.kind) === "talk" && pane.isOpen();
    return alone ? { pane: `${OURS}${where.title}` } : undefined;
  });

  hub.on("client:line", ({ kwargs }) => {
    const line = /** @type {Line} */ (kwargs);
    const where = tab(line);
    if (where?.kind === "channel") told.add(line.text);
    if (where?.kind === "tells" && typeof line.kwargs.talker === "string") lastTeller = line.kwargs.talker;
    if (line.pane !== "" && !line.pane.startsWith(OURS)) {
      // A trigger of the player's sent it somewhere. A pane of the game's may show it; else it is for us.
      if (layout.has(line.pane)) return;
      // Nothing may be lost.
      if (!pane.isOpen()) pane.show();
      layout.addName(line.pane);
      return put(line, named(line.pane), true);
    }
    if (where === null || route(settings.get("talk.routes"), where.kind) === "main") return;
    put(line, where, line.pane !== "");
    if (current === "tells") select("tells");
  });

  hub.on("client:restored", ({ kwargs }) => {
    const line = /** @type {Line} */ (kwargs);
    if (layout.has(line.pane)) return;
    const channel = line.pane.startsWith(OURS) ? line.pane.slice(OURS.length) : null;
    const where = channel === null ? named(line.pane) : tab({ type: line.type, kwargs: { channel } });
    if (where !== null) put(line, where, false, false);
  });

  hub.on("comm_channel_text", ({ kwargs }) => {
    const { channel, text, talker } = kwargs;
    if (typeof text !== "string" || told.take(text)) return;
    const about = { type: "channel", kwargs: { channel, talker } };
    const where = tab({ type: "channel", kwargs: about.kwargs });
    if (where !== null) put(new Line(bare(text), null, about), where, true);
  });

  hub.on("comm_channel_list", ({ args }) => {
    const channels = Array.isArray(args[0]) ? args[0] : [];
    commands.clear();
    for (const { name, caption, command } of channels.map((one) => one ?? {})) {
      const where = tab({ type: "channel", kwargs: { channel: name } });
      if (where === null || typeof name !== "string") continue;
      add({ ...where, title: String(caption ?? name) });
      commands.set(where.id, String(command || name));
    }
    select(current);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text === "") return;
    const line =
      current === "tells"
        ? settings
            .get("talk.tell")
            .replace(/\{(name|text)\}/g, (/** @type {string} */ _, /** @type {string} */ part) =>
              part === "name" ? answered : text,
            )
        : `${commands.get(current)} ${text}`;
    if (!hub.command(line, { echo: false, whole: true })) return;
    field.value = "";
    // Somebody else may have told something meanwhile.
    if (current === "tells") select(current);
  });

  list.addEventListener("keydown", (event) => {
    const next = going("tabs", event, /** @type {HTMLElement[]} */ ([...list.children]));
    next?.click();
    next?.focus();
  });

  /** The dialog that says what is shown where. */
  async function choose() {
    const routes = settings.get("talk.routes");
    const choices = [
      ["main", "In the text only"],
      ["both", "In both"],
      ["talk", "In this pane only"],
    ];
    const rows = kinds.all.map((kind) => {
      const select = make(
        "select",
        {},
        ...choices.map(([value, text]) => make("option", { value, textContent: text })),
      );
      select.value = route(routes, kind);
      select.addEventListener("change", () =>
        settings.set("talk.routes", { ...settings.get("talk.routes"), [kind]: select.value }),
      );
      select.id = unique("route");
      return make(
        "div",
        { className: "field" },
        make("label", { htmlFor: select.id, textContent: label(kind) }),
        select,
      );
    });
    const help = make("p", { textContent: "Kinds of text that the game has sent so far, and the usual ones." });
    await client.dialogs.show("What is shown where", make("div", { className: "player" }, help, ...rows));
  }
}

/** The tab of a name that the player gave. @param {string} name @returns {Tab} */
function named(name) {
  return { id: `pane ${name.toLowerCase()}`, title: name, kind: "" };
}
