// Strangers say, describe and call themselves what would run if a page took it for more than text. Whatever comes, and
// by whatever way: nothing is made of it but text, nothing runs, and nobody else's server is asked for anything.

import { PASSWORD, expect, together as test } from "./game.js";

/** Would show that something ran or was made of a stranger's text. */
const IMAGE = `<img class="evil" src="//evil.invalid/x.png" onerror="window.evil=1">`;

/** What strangers write where text is expected. */
const TEXTS = [
  IMAGE,
  `"><svg class=evil onload=alert(1)>`,
  `'"></a></span></div><script class=evil>alert(1)</script>`,
  `<a class=evil href="javascript:alert(1)">x</a>`,
  `javascript:alert(1)//\`\${alert(1)}{{alert(1)}}`,
  `&lt;img class=evil src=x onerror=alert(1)&gt;&#60;b class=evil&#62;`,
];

/** What a game would send as HTML that is not meant well, or that somebody else has written. */
const MARKUP = [
  IMAGE,
  `<script class=evil>alert(1)</script>`,
  `<<script class=evil>script>alert(1)<</script>/script>`,
  `<svg class=evil/onload=alert(1)><animate onbegin=alert(1) attributeName=x dur=1s>`,
  `<a class="evil" href="javascript:alert(1)">a</a><a href="java&#10;script:alert(1)">b</a><a href=" javascript:alert(1)">c</a>`,
  `<a href="data:text/html,<script>alert(1)</script>">d</a><a href="vbscript:x">e</a><a href="//evil.invalid/">f</a>`,
  `<a onclick="alert(1)">g</a><a onclick='Evennia.msg("text",["look"],{});return false;alert(1)'>h</a>`,
  `<a onclick='Evennia.msg("text",["look"],{});return false;' onmouseover="alert(1)" class=evil style="position:fixed;inset:0">i</a>`,
  `<iframe class=evil src="//evil.invalid/" srcdoc="<script>parent.evil=1</script>"></iframe>`,
  `<style class=evil>@import "//evil.invalid/x.css"; body { display: none }</style><link class=evil rel=stylesheet href=//evil.invalid/y.css>`,
  `<span style="background-image:url(//evil.invalid/z.png);position:fixed;inset:0;color:#ff0000;background-color:#00ff00">j</span>`,
  `<span id="entry" name="body" class="evil color-001 unseen" data-command="quit" tabindex=0 contenteditable>k</span>`,
  `<form class=evil action=//evil.invalid/><input class=evil autofocus onfocus=alert(1) name=line><button formaction=javascript:alert(1)>l</button></form>`,
  `<meta class=evil http-equiv=refresh content="0;url=//evil.invalid/"><base class=evil href=//evil.invalid/>`,
  `<video class=evil src=//evil.invalid/v.mp4 autoplay onerror=alert(1)><source src=//evil.invalid/w.mp4></video><audio class=evil src=//evil.invalid/a.mp3></audio>`,
  `<details class=evil open ontoggle=alert(1)><object class=evil data=//evil.invalid/o></object><embed class=evil src=//evil.invalid/e></details>`,
  `<math class=evil><mtext><mglyph><style><!--</style><img class=evil title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
  `<noscript><p title="</noscript><img class=evil src=x onerror=alert(1)>">`,
  `<template class=evil><img src=//evil.invalid/t.png></template><textarea></textarea><img class=evil src=x onerror=alert(1)>`,
  `<img class=evil src=//evil.invalid/u.png onerror=alert(1) `,
  `<span ${"x".repeat(5000)}=1 onmouseover=alert(1)>m</span>${"<span>".repeat(500)}deep${"</span>".repeat(500)}`,
  `&lt;img class=evil src=x onerror=alert(1)&gt;&#x3c;b class=evil&#x3e;\u2028\u0000<b\u0000 class=evil>`,
];

/**
 * Watches the page from its beginning; gives back what tells all that has happened and should not have.
 * @param {import("./game.js").Player} player
 */
async function watch({ page, game }) {
  /** @type {string[]} */
  const seen = [];
  await page.addInitScript(() => {
    const seen = /** @type {string[]} */ ([]);
    Object.assign(window, { seen });
    for (const name of /** @type {const} */ (["alert", "confirm", "prompt", "open"])) {
      window[name] = /** @type {any} */ (() => seen.push(`${name}()`));
    }
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      seen.push(`policy: ${violatedDirective} ${blockedURI}`);
    });
    const check = (/** @type {Element} */ one) => {
      const bad = [...one.attributes].some(({ name, value }) => {
        if (name === "style") return /url\(|fixed/.test(value);
        if (name === "href" || name === "xlink:href") return !/^(?:https?|mailto|telnet|data:image)/.test(new URL(value, document.baseURI).href);
        if (name === "src" || name === "data" || name === "action") return new URL(value, document.baseURI).origin !== location.origin;
        return name.startsWith("on");
      });
      if (bad || one.classList.contains("evil")) seen.push(`made: ${one.outerHTML.slice(0, 200)}`);
    };
    new MutationObserver((changes) => {
      for (const { addedNodes, target, type } of changes) {
        if (type === "attributes" && target instanceof Element) check(target);
        for (const node of addedNodes) {
          if (!(node instanceof Element)) continue;
          check(node);
          node.querySelectorAll("*").forEach(check);
        }
      }
    }).observe(document, { childList: true, subtree: true, attributes: true });
  });
  const { host } = new URL(game.site);
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.protocol !== "blob:" && url.host !== host) seen.push(`asked: ${url.href}`);
  });
  page.on("dialog", (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on("popup", (popup) => void seen.push(`window: ${popup.url()}`));
  page.on("framenavigated", (frame) => {
    if (frame !== page.mainFrame() || !frame.url().startsWith(game.site)) seen.push(`went to: ${frame.url()}`);
  });
  return async () => {
    // Whatever was to be drawn is drawn.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const inPage = /** @type {string[]} */ (await page.evaluate("[...window.seen, ...('evil' in window ? ['ran'] : [])]"));
    return [...seen, ...inPage];
  };
}

/** All panes are open. @param {import("./game.js").Player} player */
async function openPanes({ page }) {
  await page.evaluate(async () => {
    const { client } = await import(String(new URL("main.js", document.baseURI)));
    for (const id of ["gauges", "room", "map", "inventory", "people", "talk", "media"]) client.layout.show(id);
  });
}

test("what players and builders write, through the game", async ({ player, game }) => {
  const happened = await watch(player);
  const mallory = game.name("mallory");
  await game.superuser(mallory);
  const anna = game.name("anna");
  await player.open();
  await player.register(anna);
  await openPanes(player);
  const telnet = await game.stranger();
  // Names of accounts and characters have no such letters.
  await telnet.ask(`create ${IMAGE} ${PASSWORD}`, "A name begins with a letter");
  await telnet.ask(`connect ${mallory} ${PASSWORD}`, "Exits:");
  await player.sees(mallory);
  for (const text of TEXTS) {
    for (const way of ["say ", "pose ", "emit ", "public ", `page ${anna} = `, `whisper ${anna} = `]) telnet.send(way + text);
  }
  // Whoever may not, makes no link by markup either.
  const links = ["|lcquit|ltclick here|le", "|lujavascript:alert(1)|ltclick|le", "|luhttps://evil.invalid/|ltclick|le"];
  for (const link of links) telnet.send(`say ${link}`);
  telnet.send(`setdesc ${TEXTS.join(" ")} ${links.join(" ")}`);
  await telnet.ask("say That was what I had to say.", "You say, \"That was what I had to say.\"");
  await player.sees("That was what I had to say.");
  expect((await player.lines()).join("\n")).toContain(IMAGE);
  await player.types(`look ${mallory}`);
  await expect.poll(async () => (await player.lines()).slice(-3).join("\n")).toContain("class=evil onload=alert(1)");
  expect(await player.log.locator("[data-command], a[href]").allTextContents(), "strangers make no links").not.toContain("click");

  // A builder makes things and places, and calls everything as they like.
  const place = game.name("cell");
  telnet.send(`@create ${IMAGE}`);
  telnet.send(`@name me = ${IMAGE}`);
  telnet.send(`@dig/teleport ${place}:room = ${TEXTS[1]}, out`);
  await telnet.ask(`@desc here = ${TEXTS.join("|/")} |lcsay "${IMAGE}|lt${IMAGE}|le |lujavascript:alert(1)|lta|le |luhttps://evil.invalid/"onclick="alert(1)|ltb|le`, "set");
  telnet.send(`@name here = ${IMAGE}`);
  telnet.send(`@open ${IMAGE} = #2`);
  telnet.send(`@tel *${anna} = here`);
  await telnet.ask("say Here we are.", "Here we are.");
  await player.sees("Here we are.");
  const room = player.page.getByRole("region", { name: "Room", exact: true });
  await expect(room.getByRole("heading").last(), "the room has that name").toHaveText(IMAGE);
  // What was typed into a description makes no link but to a page; the way out is one that the game has made.
  await player.types("look");
  const commands = player.log.locator(".line").filter({ hasText: "Exits: out" }).last().locator("[data-command]");
  await expect(commands.last()).toHaveText("out");
  expect(new Set(await commands.allTextContents())).toEqual(new Set(["out"]));
  await commands.last().click();
  await player.sees("> out");
  await player.sees("This is a beautiful meadow.");
  await player.page.getByRole("region", { name: "Map", exact: true }).getByRole("button").last().focus();
  expect(await happened()).toEqual([]);
  const front = await player.page.goto(game.site);
  expect(front?.status()).toBe(200);
  expect(await happened(), "nor on the front page").toEqual([]);
});

test("HTML that the game sends, in the text and as a prompt", async ({ player }) => {
  const happened = await watch(player);
  await player.open();
  await openPanes(player);
  for (const html of MARKUP) {
    await player.hears("text", {}, [html]);
    for (const type of ["channel", "page", "combat", "say evil", IMAGE]) {
      await player.hears("text", { type, channel: IMAGE, talker: IMAGE, tags: [IMAGE, "x"], class: "evil", style: "evil" }, [html]);
    }
    await player.hears("prompt", {}, [html]);
  }
  // Whatever became a link is pressed.
  const log = player.log;
  await expect(log).toContainText("deep");
  for (const one of await player.page.locator("#log a, #log [data-command]").all()) {
    if (await one.isVisible()) await one.click({ force: true });
  }
  expect(await happened()).toEqual([]);
  await expect(player.line, "the page is still of use").toBeVisible();
});

test("what is told to the panes", async ({ player }) => {
  const happened = await watch(player);
  const { page } = player;
  // Icons and pictures of such names.
  player.causes(/status of 404 /);
  await player.open();
  await player.register(player.game.name("anna"));
  await openPanes(player);
  let number = 1000;
  for (const evil of [...TEXTS, "__proto__", "constructor", "toString"]) {
    number += 1;
    const item = { id: number, name: evil, fullname: evil, icon: evil, attrib: evil };
    /** @type {[string, Record<string, unknown>, unknown[]?][]} */
    const all = [
      ["char_name", { name: evil, fullname: evil }],
      ["char_vitals", { hp: 5, maxhp: 10, [evil]: evil, string: evil, [`${evil}2`]: 3, [`max${evil}2`]: 9 }],
      ["char_maxstats", { [evil]: evil }],
      ["char_status", { [evil]: evil, name: evil }],
      ["char_statusvars", { [evil]: evil, hp: evil }],
      ["room_info", { num: number, name: evil, area: evil, environment: evil, desc: evil, details: [evil], coords: evil, exits: { [evil]: number + 1, north: evil } }],
      ["room_players", {}, [[{ name: evil, fullname: evil }, evil]]],
      ["room_addplayer", item],
      ["char_items_list", { location: "inv", items: [item, evil] }],
      ["char_items_add", { location: "inv", item }],
      ["char_items_update", { location: "inv", item }],
      ["comm_channel_list", {}, [[{ name: evil, caption: evil, command: evil }]]],
      ["comm_channel_text", { channel: evil, talker: evil, text: evil }],
      ["is_typing", { type: "typing", name: evil }, [evil]],
      ["complete", { id: evil, from: evil, options: [evil] }, [evil]],
      ["webclient_options", { "meadow.look.font": evil, "meadow.look.theme": evil, "meadow.layout": evil, "meadow.triggers": [{ text: evil }], [evil]: evil }],
      ["client_media_default", { url: "//evil.invalid/" }],
      ["client_media_play", { name: evil, caption: evil, key: evil, tag: evil, type: "image" }],
      ["client_media_default", { url: "" }],
      ["client_media_play", { name: evil, url: "javascript:alert(1)//", type: "image" }],
      ["client_media_play", { name: "x.png", url: "https://evil.invalid/", caption: evil }],
      ["client_media_play", { name: "//evil.invalid/x.mp3", caption: evil }],
      ["client_media_play", { name: "https://evil.invalid/x.mp4", type: "video" }],
      ["client_media_play", { name: "data:image/svg+xml,<svg onload=alert(1)>", type: "image" }],
      ["client_media_play", { name: "../../../\\evil.invalid/x.png", type: "image" }],
      ["client_media_load", { name: "https://evil.invalid/x.mp3" }],
      ["client_media_stop", { name: evil }],
      ["logged_in", { name: evil }, [evil]],
      [evil, { [evil]: evil }, [evil]],
    ];
    for (const [name, kwargs, args] of all) await player.hears(name, kwargs, args);
  }
  // Nonsense of every kind does no harm either: a pane that fails would complain, and the test with it.
  for (const nonsense of [null, 7, true, "x", [], [null], {}, { items: 3 }]) {
    for (const name of ["room_info", "room_players", "room_addplayer", "char_items_list", "char_items_add", "char_vitals", "char_status", "comm_channel_list", "comm_channel_text", "client_media_play", "client_media_stop", "is_typing", "prompt", "text", "input_mode", "complete"]) {
      await player.hears(name, { name: nonsense, exits: nonsense, items: nonsense, item: nonsense, location: "inv", num: nonsense, hp: nonsense, text: nonsense, type: nonsense, tags: nonsense }, [nonsense]);
    }
  }
  await player.hears("room_info", { num: 1, name: TEXTS[0], exits: { [TEXTS[0]]: 2 } });
  const room = page.getByRole("region", { name: "Room", exact: true });
  await expect(room.getByRole("heading").last()).toHaveText(TEXTS[0]);
  await room.getByRole("button", { name: TEXTS[0], exact: true }).click();
  await player.sees(`> ${TEXTS[0]}`);
  expect(await happened()).toEqual([]);
  expect(await page.evaluate(() => /** @type {any} */ ({}).evil ?? Object.keys(Object.prototype).length)).toBe(0);
});

test("the watch of these tests sees what it is there for", async ({ player }) => {
  const happened = await watch(player);
  const { page } = player;
  await player.open();
  await page.evaluate((image) => document.body.insertAdjacentHTML("beforeend", `${image}<a href="javascript:alert(1)">x</a>`), IMAGE);
  await expect.poll(happened).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^made: <img/),
      expect.stringMatching(/^made: <a/),
      expect.stringMatching(/^policy: img-src/),
      expect.stringMatching(/^policy: script-src-attr/),
    ]),
  );
  player.errors.length = 0;
});
