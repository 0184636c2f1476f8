// Sounds, music, videos and pictures that the game plays: `client_media_play`, `_stop`, `_load`, `_default`. Nothing
// is fetched but from where the page comes from. media-rules.js says what the fields mean.

import { button, make } from "../player/dom.js";
import { loudness, medium, stops } from "./media-rules.js";

/** How many may sound at a time; the oldest goes. */
const MOST = 16;

/** How often loudness is set while something fades, in milliseconds. */
const TICK = 100;

/** How long a fading end lasts that says no length, in milliseconds, and at most. */
const FADE = 1500;
const LONGEST = 600_000;

/** @typedef {import("./media-rules.js").Medium} Medium */
/**
 * @typedef {object} Playing
 * @property {Medium} medium
 * @property {HTMLMediaElement} element
 * @property {number} left how often it is still to be heard; -1: for ever
 * @property {ReturnType<typeof setInterval>} timer
 * @property {{ since: number, lasts: number } | null} ending it fades away: milliseconds of the page's clock
 */

/**
 * @param {import("../main.js").Client} client
 * @param {{ element: HTMLElement, empty: HTMLElement, pane: import("./pane.js").Handle }} where what media.js has made
 */
export function play({ hub, settings, output }, { element, empty, pane }) {
  /** @type {Playing[]} */
  let playing = [];
  /** What the browser has kept from playing until somebody touches the page. @type {Set<HTMLMediaElement>} */
  const held = new Set();
  /** Whether the player knows of that. */
  let told = false;
  let folder = "";

  const stage = make("div", {});
  const caption = make("p", { className: "caption", role: "status" });
  const volume = make("input", { type: "range", min: "0", max: "100", "aria-label": "Volume" });
  const go = button("Play the sound", release, { hidden: true });
  const silence = button("Stop", () => stop({}));
  const controls = make("div", { className: "controls" }, volume, silence, go);
  element.append(stage, caption, controls);

  /** @param {Record<string, any>} told */
  function begin(told) {
    const wanted = medium(told, folder, document.baseURI);
    if (wanted === null) return console.info("a medium is not played: it is not on this server:", told);
    if (!settings.get("media.on")) return undefined;
    if (wanted.caption !== "") {
      caption.textContent = wanted.caption;
      if (settings.get("media.captions")) output.note(`[${wanted.caption}]`);
    }
    if (wanted.type === "image")
      return show(make("img", { src: wanted.address, alt: wanted.caption || wanted.name }), wanted);
    const same = playing.find(
      (one) => one.ending === null && one.medium.type === "music" && one.medium.address === wanted.address,
    );
    if (wanted.type === "music" && same !== undefined && wanted.continues) {
      same.medium = wanted;
      return undefined;
    }
    if (wanted.key !== "") end((one) => one.medium.key === wanted.key);
    // One music at a time, and one video; a priority ends what has a lower one.
    if (wanted.type !== "sound") end((one) => one.medium.type === wanted.type);
    if (wanted.priority > 0) end((one) => one.medium.priority < wanted.priority);
    if (playing.length >= MOST) end((one) => one === playing[0]);
    return start(wanted);
  }

  /** @param {Medium} wanted */
  function start(wanted) {
    const isFilm = wanted.type === "video";
    const element = make(isFilm ? "video" : "audio", { src: wanted.address, preload: "auto" });
    /** @type {Playing} */
    const one = {
      medium: wanted,
      element,
      left: wanted.loops,
      timer: setInterval(() => tune(one), TICK),
      ending: null,
    };
    playing.push(one);
    // Without the pause that beginning again makes.
    element.loop = wanted.loops < 0 && wanted.start === 0 && wanted.finish === null;
    if (element instanceof HTMLVideoElement) {
      element.controls = true;
      element.playsInline = true;
      show(element, wanted);
    }
    element.currentTime = wanted.start;
    element.addEventListener("ended", () => again(one));
    element.addEventListener("error", () => drop(one));
    tune(one);
    run(element);
  }

  /**
   * Plays; what the browser forbids before somebody has touched the page waits for that.
   * @param {HTMLMediaElement} element
   */
  function run(element) {
    element.play().catch((error) => {
      if (error.name !== "NotAllowedError") return;
      held.add(element);
      go.hidden = false;
      if (!told) output.note("The game plays a sound. Your browser lets it be heard once you press a key or click.");
      told = true;
    });
  }

  function release() {
    go.hidden = true;
    const all = [...held];
    held.clear();
    for (const element of all) if (playing.some((one) => one.element === element)) run(element);
  }

  /** Once more, or not. @param {Playing} one */
  function again(one) {
    if (one.left > 0) one.left -= 1;
    if (one.left === 0) return drop(one);
    one.element.currentTime = one.medium.start;
    run(one.element);
  }

  /** Sets how loud it is now. @param {Playing} one */
  function tune(one) {
    const { element, medium, ending } = one;
    const faded = ending === null ? 0 : (performance.now() - ending.since) / ending.lasts;
    if (faded >= 1) return drop(one);
    const end = medium.finish ?? element.duration;
    element.volume = loudness(medium, element.currentTime, end) * (1 - faded) * (settings.get("media.volume") / 100);
    if (medium.finish !== null && element.currentTime >= medium.finish) again(one);
  }

  /** @param {HTMLElement} shown @param {Medium} medium */
  function show(shown, { name, caption }) {
    stage.replaceChildren(make("figure", {}, shown, caption !== "" && make("figcaption", { textContent: caption })));
    shown.addEventListener("error", () => console.info("there is no", name));
    empty.hidden = true;
    if (!pane.isOpen()) pane.show();
    pane.mark();
  }

  /** @param {Playing} one */
  function drop(one) {
    clearInterval(one.timer);
    held.delete(one.element);
    one.element.pause();
    one.element.closest("figure")?.remove();
    one.element.removeAttribute("src");
    playing = playing.filter((other) => other !== one);
    if (playing.length === 0) go.hidden = true;
    empty.hidden = stage.childElementCount > 0;
  }

  /** @param {(one: Playing) => boolean} which */
  function end(which) {
    playing.filter(which).forEach(drop);
  }

  /** @param {Record<string, any>} told */
  function stop(told) {
    const isFading = told.fadeaway === true || told.fadeout > 0;
    for (const one of playing.filter(({ medium }) => stops(medium, told))) {
      if (!isFading) {
        drop(one);
        continue;
      }
      // By the clock, and not by where it is in the file, which may end or begin again meanwhile.
      const lasts = Number(told.fadeout) || one.medium.fadeout || FADE;
      one.ending ??= { since: performance.now(), lasts: Math.min(Math.max(lasts, 1), LONGEST) };
    }
    const isPicture = told.type === undefined || told.type === "image";
    if (isPicture) stage.querySelector("img")?.closest("figure")?.remove();
    empty.hidden = stage.childElementCount > 0;
  }

  hub.on("client_media_default", ({ args, kwargs }) => (folder = String(kwargs.url ?? args[0] ?? "")));
  hub.on("client_media_load", ({ kwargs }) => {
    const wanted = medium(kwargs, folder, document.baseURI);
    if (wanted !== null && settings.get("media.on"))
      void fetch(wanted.address, { credentials: "same-origin" }).catch(() => {});
  });
  hub.on("client_media_play", ({ kwargs }) => begin(kwargs));
  hub.on("client_media_stop", ({ kwargs }) => stop(kwargs));
  hub.on("client:state", ({ kwargs }) => {
    if (kwargs.state === "closed" || (kwargs.state === "open" && !kwargs.news.resumed)) stop({});
  });
  settings.on("media.on", (on) => !on && stop({}));

  const draw = () => (volume.value = String(settings.get("media.volume")));
  volume.addEventListener("input", () => settings.set("media.volume", Number(volume.value)));
  settings.on("media.volume", () => {
    draw();
    playing.forEach(tune);
  });
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, () => held.size > 0 && release());
  draw();
}
