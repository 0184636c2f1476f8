// Who one is, in the bar at the top: signing in and out, and the characters one may play. It asks the server once; a
// game without accounts on the web shows nothing.

/** @typedef {{ name: string, characters: { id: number, name: string }[], superuser?: boolean }} Who */

/** How long a session of before waits to learn whose browser this is now, in milliseconds. */
const PATIENCE = 3_000;

/** @type {Promise<Who | null | undefined> | undefined} */
let asked;

/** Who has signed in with this browser: null if nobody has, undefined if there is no signing in here. */
const whoami = () => (asked ??= ask());

/** @returns {Promise<Who | null | undefined>} */
async function ask() {
  try {
    const answer = await fetch(new URL("../api/whoami", document.baseURI), {
      headers: { Accept: "application/json" },
      cache: "no-store",
    });
    if (!answer.ok) return undefined;
    const who = await answer.json();
    // Nobody: `{account: null}`.
    return typeof who?.name === "string"
      ? { ...who, characters: Array.isArray(who.characters) ? who.characters : [] }
      : null;
  } catch {
    return undefined;
  }
}

/** @param {import("../main.js").Client} client */
export async function install({ hub, output, keep, link }) {
  const place = /** @type {HTMLElement} */ (document.getElementById("account"));
  const url = (/** @type {string} */ path) => new URL(path, document.baseURI).href;
  const menu = document.createElement("div");
  // Who is played now; before the game has said so, which may be before it is known who asks, who was asked for.
  const asked = new URL(location.href).searchParams.get("as");
  let played = asked;
  const mark = () => {
    for (const one of menu.querySelectorAll("a")) {
      if (one.textContent?.toLowerCase() === played?.toLowerCase()) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
  };
  hub.on("char_name", ({ kwargs }) => {
    if (typeof kwargs.name !== "string") return;
    played = kwargs.name;
    mark();
  });
  const who = await whoami();
  if (who === undefined) return;
  if (await changed(who, keep)) {
    link.leave();
    return location.reload();
  }
  if (who === null) return offer();
  // Whoever signs out in another tab is not to find here again what was forgotten there.
  window.addEventListener("storage", ({ key, newValue }) => key === KEY && newValue !== who.name && keep.forget());

  menu.id = "account-menu";
  menu.className = "menu";
  menu.popover = "auto";
  const opener = document.createElement("button");
  opener.type = "button";
  opener.textContent = who.name;
  opener.setAttribute("aria-label", `${who.name}: your account`);
  opener.popoverTargetElement = menu;
  if (who.characters.length > 1 || (who.characters.length === 1 && asked !== null)) {
    const heading = document.createElement("p");
    heading.textContent = "Play as";
    menu.append(heading, ...who.characters.map((character) => play(character.name)), document.createElement("hr"));
  }
  if (who.superuser) menu.append(anchor("Admin", url("../admin/")));
  const out = document.createElement("button");
  out.type = "button";
  out.textContent = "Sign out";
  out.addEventListener("click", signOut);
  menu.append(out);
  mark();
  place.append(opener, menu);

  /** Whoever has not signed in may do so, until it is done by a command. */
  function offer() {
    const page = location.pathname + location.search;
    const sign = anchor("Sign in", `${url("../signin")}?next=${encodeURIComponent(page)}`);
    // The session of the login screen is of no use any more.
    sign.addEventListener("click", (event) => plainClick(event) && link.leave());
    place.append(sign);
    hub.on("logged_in", () => (sign.hidden = true));
    hub.on("client:state", ({ kwargs }) => {
      if (kwargs.state === "open" && !kwargs.news.resumed) sign.hidden = false;
    });
  }

  /** @param {string} name of a character */
  function play(name) {
    const chosen = anchor(name, `${location.pathname}?as=${encodeURIComponent(name)}`);
    // In this window the other one goes; a new window is a new session.
    chosen.addEventListener("click", (event) => plainClick(event) && link.leave());
    return chosen;
  }

  async function signOut() {
    menu.hidePopover();
    await forget(keep);
    remember("");
    link.leave();
    const answer = await fetch(url("../signout"), {
      method: "POST",
      body: new URLSearchParams(),
      redirect: "manual",
    }).catch(() => null);
    if (answer === null || answer.status >= 400) output.note("Signing out has failed: please try again.");
    else location.href = url("../");
  }
}

/**
 * Takes note of who is signed in now. If that was somebody else at the last visit, who has signed out elsewhere or in
 * whose place another one has signed in, then what was kept for them goes. Says whether that was so, and the page has to
 * begin anew, without the session that this tab would go on with: it is theirs.
 * @param {Who | null} who
 * @param {Pick<import("../output/keep.js").Keeper, "forget">} keep
 */
export async function changed(who, keep) {
  const before = remembered();
  remember(who?.name ?? "");
  if (before === "" || before === who?.name) return false;
  await forget(keep);
  return true;
}

/**
 * The same, before a session of before goes on. It does not wait for a game that is away.
 * @param {Pick<import("../output/keep.js").Keeper, "forget">} keep
 */
export async function hasChanged(keep) {
  if (remembered() === "") return false;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const who = await Promise.race([whoami(), /** @type {Promise<undefined>} */ (late)]);
  return who !== undefined && changed(who, keep);
}

/** Nothing stays of whoever was here. @param {Pick<import("../output/keep.js").Keeper, "forget">} keep */
async function forget(keep) {
  // The map is loaded where it is shown.
  const rooms = import("../panes/memory.js").then(({ Memory }) => new Memory().forget());
  await Promise.all([keep.forget(), rooms.catch(() => {})]);
}

/** In localStorage: who was signed in when the page was last opened. */
const KEY = "meadow.account";

function remembered() {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} name */
function remember(name) {
  try {
    if (name === "") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, name);
  } catch {
    // Nothing is kept here anyhow.
  }
}

/** Whether a click opens the link here. @param {MouseEvent} event */
const plainClick = (event) =>
  event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

/** @param {string} text @param {string} href */
function anchor(text, href) {
  const link = document.createElement("a");
  link.className = "button";
  link.textContent = text;
  link.href = href;
  return link;
}
