// The pane of gauges: what `char_vitals` says, as bars with their numbers; what has no bound, and `char_status`,
// stands below. vitals.js knows which field is the bound of which.

import { make } from "../player/dom.js";
import { gauges, share } from "./vitals.js";

/** Below this share a gauge of health warns. */
const LOW = 0.25;

/** @param {import("../main.js").Client} client */
export function install({ hub, layout }) {
  const list = make("div", { className: "gauges" });
  const facts = make("dl", { className: "facts" });
  const empty = make("p", { className: "empty", textContent: "The game has not said how you are." });
  const element = make("div", {}, empty, list, facts);
  layout.add({ id: "gauges", title: "Vitals", element, where: "strip", open: true, compact: true });
  const pane = () => element.closest(".pane");

  /** @type {Record<string, Record<string, unknown>>} */
  let told = {};
  /** @type {Map<string, ReturnType<typeof gauge>>} */
  let drawn = new Map();

  /** @param {string} what @param {Record<string, unknown>} fields */
  function add(what, fields) {
    // Some games send only what has changed.
    told[what] = { ...told[what], ...fields };
    draw();
  }

  function draw() {
    const { vitals = {}, bounds = {}, labels = {}, status = {} } = told;
    const found = gauges(vitals, bounds, labels);
    const more = gauges(status, {}, labels).facts;
    const names = found.gauges.map(({ name }) => name).join(" ");
    if (names !== [...drawn.keys()].join(" ")) {
      drawn = new Map(found.gauges.map((one) => [one.name, gauge(one)]));
      list.replaceChildren(...[...drawn.values()].map(({ element }) => element));
    }
    for (const one of found.gauges) drawn.get(one.name)?.set(one);
    facts.replaceChildren(
      ...[...found.facts, ...more].map(({ label, value }) =>
        make("div", {}, make("dt", { textContent: label }), make("dd", { textContent: value })),
      ),
    );
    const nothing = drawn.size === 0 && facts.childElementCount === 0;
    empty.hidden = !nothing;
    pane()?.classList.toggle("vacant", nothing);
  }

  hub.on("char_vitals", ({ kwargs }) => add("vitals", kwargs));
  hub.on("char_maxstats", ({ kwargs }) => add("bounds", kwargs));
  hub.on("char_status", ({ kwargs }) => add("status", kwargs));
  hub.on("char_statusvars", ({ kwargs }) => add("labels", kwargs));
  // Another character has other fields.
  hub.on("char_name", ({ kwargs }) => {
    if (told.name !== undefined && told.name.name !== kwargs.name) told = {};
    add("name", kwargs);
  });
  hub.on("client:state", ({ kwargs }) => {
    if (kwargs.state !== "open" || kwargs.news.resumed) return;
    told = {};
    draw();
  });
  queueMicrotask(draw);
}

/** One bar. @param {import("./vitals.js").Gauge} first */
function gauge({ name, label, kind }) {
  const value = make("span", { className: "value", "aria-hidden": "true" });
  const fill = make("div", { className: "fill" });
  const bar = make("div", { className: "bar", role: "meter", "aria-label": label, "aria-valuemin": 0 }, fill);
  const caption = make("span", { textContent: label, "aria-hidden": "true" });
  const element = make("div", { className: "gauge" }, caption, value, bar);
  element.dataset.kind = kind;
  element.dataset.name = name;
  return {
    element,
    /** @param {import("./vitals.js").Gauge} now */
    set(now) {
      const text = `${now.value.toLocaleString()} / ${now.max.toLocaleString()}`;
      value.textContent = text;
      bar.setAttribute("aria-valuenow", String(Math.min(Math.max(now.value, 0), now.max)));
      bar.setAttribute("aria-valuemax", String(now.max));
      bar.setAttribute("aria-valuetext", `${now.value} of ${now.max}`);
      fill.style.transform = `scaleX(${share(now)})`;
      element.classList.toggle("low", kind === "health" && share(now) < LOW);
    },
  };
}
