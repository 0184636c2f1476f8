// Signing in on the page: a form, a cookie that no script can read, a client that is logged in already, several
// characters, and signing out. Pages of other sites can do none of it.

import { createServer } from "node:http";
import { PASSWORD, Player, expect, together as test } from "./game.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./game.js").Game} Game */

/** An account with two characters. @param {Game} game */
async function account(game) {
  const [name, second] = [game.name("anna"), game.name("bella")];
  const telnet = await game.player(name);
  await telnet.ask("ooc", "You go out of character");
  await telnet.ask(`charcreate ${second}`, second);
  telnet.send("quit");
  return { name, second };
}

/** @param {Page} page @param {string} name @param {string} [password] */
async function signIn(page, name, password = PASSWORD) {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("main").getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Who has signed in with the page's browser, if anybody has. @param {Page} page @param {Game} game */
const whoami = async (page, game) => {
  const answer = await page.request.get(`${game.site}api/whoami`);
  expect(answer.status()).toBe(200);
  const who = await answer.json();
  return who.account === null ? null : who.name;
};

/** The cookie of whoever has signed in. @param {Page} page */
const cookie = async (page) => (await page.context().cookies()).find(({ name }) => name === "meadow");

test("one signs in by a form, plays at once as whom one likes, and signs out", async ({ player, game }) => {
  const { page } = player;
  const { name, second } = await account(game);
  await page.goto(game.site);
  await page.getByRole("banner").getByRole("link", { name: "Sign in" }).click();
  // What password managers look for.
  await expect(page.getByLabel("Name")).toHaveAttribute("autocomplete", "username");
  await expect(page.getByLabel("Password")).toHaveAttribute("autocomplete", "current-password");
  await expect(page.getByLabel("Password")).toHaveAttribute("type", "password");

  player.causes(/status of 401 .*\/signin\)/);
  await signIn(page, name, "wrong-horse-9");
  await expect(page.locator("#error")).toBeVisible();
  // What is wrong is what a screen reader says of the field.
  await expect(page.getByLabel("Password")).toBeFocused();
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription("Username and/or password is incorrect.");
  await expect(page.getByLabel("Name"), "what was typed is still there").toHaveValue(name);
  await expect(page.getByLabel("Password")).toHaveValue("");
  expect(await whoami(page, game)).toBeNull();

  await signIn(page, name);
  await expect(page).toHaveURL(game.client());
  await player.sees("This is a beautiful meadow.");
  await expect(page.locator("#status")).toHaveText(/^Connected/);
  expect(await page.evaluate(() => document.cookie), "no script can read it").toBe("");
  expect(await cookie(page)).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toContain(
    (await cookie(page))?.value,
  );

  await page.getByRole("button", { name: `${name}: your account` }).click();
  await page.getByRole("link", { name: second }).click();
  await expect(page).toHaveURL(game.client(`?as=${second}`));
  await player.sees(`You become ${second}.`);
  await player.types("say Who am I?");
  await player.sees('You say, "Who am I?"');
  const other = await game.player(game.name("bert"));
  other.send("look");
  await other.expect(second);

  await page.getByRole("button", { name: `${name}: your account` }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(game.site);
  expect(await cookie(page)).toBeUndefined();
  expect(await whoami(page, game)).toBeNull();
  await player.open();
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  expect((await player.lines()).join("\n"), "whoever comes next reads nothing of it").not.toContain("Who am I?");
});

test("a login outlives a restart of the game, and ends everywhere at once if one wants", async ({ player, game, browser }) => {
  const { page } = player;
  const { name } = await account(game);
  await page.goto(`${game.site}signin`);
  await signIn(page, name);
  await player.sees("This is a beautiful meadow.");
  const context = await browser.newContext();
  const elsewhere = await context.newPage();
  await elsewhere.goto(`${game.site}signin`);
  await signIn(elsewhere, name);
  await expect(elsewhere).toHaveURL(game.client());
  const both = () => Promise.all([page, elsewhere].map((one) => whoami(one, game)));
  await expect.poll(both).toEqual([name, name]);

  await game.meadow("reload");
  expect(await both()).toEqual([name, name]);
  process.kill(await game.pid("server"), "SIGKILL");
  await expect.poll(both).toEqual([name, name]);
  await game.meadow("stop");
  await game.begin();
  expect(await both()).toEqual([name, name]);
  const again = new Player(await context.newPage(), game);
  await again.page.goto(game.client());
  await again.sees("This is a beautiful meadow.");

  await page.goto(`${game.site}account`);
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect.poll(both).toEqual([null, null]);
  await context.close();
  // Their connections broke with the Portal.
  player.errors.length = 0;
});

test("a page of another site can't sign anybody in or out, nor do anything in their name", async ({ player, game }) => {
  const { page } = player;
  const { name } = await account(game);
  const site = new URL(game.site);
  // Another port of the same host is another origin, but the same site: cookies go along, SameSite or not.
  const forms = `<!doctype html><title>Elsewhere</title>
    <form id="signin" method="post" action="${site}signin"><input name="name" value="${name}"><input name="password" value="${PASSWORD}"></form>
    <form id="signout" method="post" action="${site}signout"></form>
    <form id="text" method="post" action="${site}api/signout" enctype="text/plain"><input name='{"everywhere": true, "x": "' value='"}'></form>`;
  const server = createServer((_, answer) => answer.setHeader("Content-Type", "text/html").end(forms));
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it does not listen");
  const submit = async (/** @type {string} */ host, /** @type {string} */ form) => {
    await page.goto(`http://${host}:${address.port}/`);
    const [answer] = await Promise.all([
      page.waitForResponse((one) => one.request().method() === "POST"),
      page.locator(`#${form}`).evaluate((one) => /** @type {HTMLFormElement} */ (one).submit()),
    ]);
    await page.waitForURL(answer.url());
    return answer.status();
  };

  expect(await submit("127.0.0.1", "signin")).toBe(403);
  expect(await cookie(page), "nobody is signed in unasked").toBeUndefined();
  await page.goto(`${game.site}signin`);
  await signIn(page, name);
  await player.sees("This is a beautiful meadow.");
  for (const host of ["127.0.0.1", "localhost"]) {
    expect(await submit(host, "signout")).toBe(403);
    expect(await submit(host, "text")).toBe(403);
    await page.goto(`http://${host}:${address.port}/`);
    const got = await page.evaluate(async (site) => {
      /** @type {Record<string, unknown>} */
      const got = {};
      const post = (/** @type {string} */ path, /** @type {RequestInit} */ how) =>
        fetch(site + path, { method: "POST", credentials: "include", ...how }).then(
          (answer) => answer.type === "opaque" ? "opaque" : answer.status,
          () => "refused",
        );
      got.json = await post("api/signout", { body: "{}", headers: { "Content-Type": "application/json" } });
      got.simple = await post("api/signout", { body: "{}", mode: "no-cors" });
      got.read = await fetch(`${site}api/whoami`, { credentials: "include" }).then((answer) => answer.text(), () => "refused");
      got.events = await post("webclientdata", { body: new URLSearchParams({ mode: "init" }) });
      got.socket = await new Promise((done) => {
        const socket = new WebSocket(`${site.replace("http", "ws")}ws?resume=`, "v1.evennia.com");
        socket.onopen = () => done("open");
        socket.onerror = () => done("refused");
      });
      return got;
    }, game.site);
    expect(got, host).toMatchObject({ json: "refused", read: "refused", events: "refused", socket: "refused" });
    expect(await whoami(page, game), `${host}: still signed in`).toBe(name);
  }
  // And it can't show the game in a frame, where one presses what one does not see.
  const framed = await page.request.get(game.client());
  expect(framed.headers()["content-security-policy"]).toContain("frame-ancestors");
  player.errors.length = 0;
  server.close();
});

test("who has copied a ticket has nothing of it when its owner has signed out", async ({ player, game }) => {
  const { page } = player;
  const { name } = await account(game);
  await page.goto(game.site + "signin");
  await signIn(page, name);
  await player.sees("This is a beautiful meadow.");
  // The page is gone, and its session waits. What a program that reads the tab could have:
  await page.goto(game.site);
  const ticket = await page.evaluate(() => /\d+\.[0-9a-f]{64}/.exec(JSON.stringify({ ...sessionStorage }))?.[0]);
  expect(ticket).toBeTruthy();
  const out = await page.request.post(`${game.site}signout`, { headers: { Origin: new URL(game.site).origin } });
  expect(out.ok()).toBe(true);
  const robber = await page.context().browser()?.newPage();
  if (robber === undefined) throw new Error("there is no browser");
  await robber.goto(game.site);
  const told = await robber.evaluate(
    (ticket) =>
      new Promise((resolve) => {
        const socket = new WebSocket(new URL(`/ws?resume=${ticket}&heard=0`, location.href), "v1.evennia.com");
        socket.addEventListener("message", ({ data }) => resolve(JSON.parse(data)));
        socket.addEventListener("error", () => resolve("refused"));
      }),
    ticket,
  );
  expect(told).toMatchObject(["ticket", {}, { resumed: false }]);
  await robber.close();
});
