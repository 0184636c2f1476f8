// The session without websockets, and what outlives a reload of the page: no browser, a server of our own.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Connection } from "../net/connection.js";
import { Events } from "../net/events.js";
import { notes } from "../net/link.js";
import { Recent } from "../net/recent.js";
import { Resume } from "../net/resume.js";
import { EventReader } from "../net/sse.js";

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A server that speaks as crates/portal/src/listen/ajax.rs does. */
class Server {
  posts = 0;
  /** What was done, each once. @type {string[]} */
  done = [];
  taken = 0;
  /** Sessions begun. */
  sessions = 0;
  gone = false;
  down = false;
  /** So many answers to input are lost on the way. */
  loses = 0;
  /** @type {{ id: number, data: string }[]} */
  said = [];
  /** @type {ReadableStreamDefaultController | null} */
  stream = null;

  /** @param {URL} url @param {any} [options] */
  fetch = async (url, options = {}) => {
    if (this.down) throw new TypeError("Failed to fetch");
    const answer = (status, body = '""') => new Response(body, { status });
    if (options.method !== "POST") {
      if (this.gone || !url.search.includes(`key=${this.sessions}`)) return answer(404);
      const last = Number(options.headers["Last-Event-ID"]);
      const body = new ReadableStream({
        start: (controller) => {
          this.stream = controller;
          options.signal.addEventListener("abort", () => (this.stream = null));
          for (const event of this.said) if (event.id > last) this.#write(event);
        },
      });
      return new Response(body);
    }
    this.posts += 1;
    const form = options.body;
    if (form.get("mode") === "init") {
      this.sessions += 1;
      this.gone = false;
      this.said = [];
      this.taken = 0;
      return answer(200, JSON.stringify({ csessid: String(this.sessions), events: `/webclientdata/events?key=${this.sessions}` }));
    }
    if (this.gone || form.get("csessid") !== String(this.sessions)) return answer(404);
    if (form.get("mode") !== "input") return answer(200);
    const number = Number(form.get("number"));
    if (number > this.taken) {
      this.taken = number;
      this.done.push(JSON.parse(form.get("data"))[1][0]);
    }
    if (this.loses > 0) {
      this.loses -= 1;
      throw new TypeError("the network has gone");
    }
    return answer(200);
  };

  /** @param {{ id: number, data: string }} event */
  #write({ id, data }) {
    this.stream?.enqueue(new TextEncoder().encode(`id: ${id}\ndata: ${data}\n\n`));
  }

  /** @param {string} name @param {string} text */
  says(name, text) {
    const event = { id: (this.said.at(-1)?.id ?? 0) + 1, data: JSON.stringify([name, [text], {}]) };
    this.said.push(event);
    this.#write(event);
  }

  breaks() {
    this.stream?.error(new TypeError("network"));
    this.stream = null;
  }
}

function player(server, saved = null) {
  globalThis.fetch = /** @type {any} */ (server.fetch);
  const states = [];
  const heard = [];
  const events = new Events(
    "http://game/webclientdata",
    {
      onState: (state, news) => states.push(`${state}${news.resumed ? " resumed" : ""}${news.missed ? " missed" : ""}${news.lost ? ` -${news.lost}` : ""}`),
      onMessage: (name, args) => heard.push(args[0]),
      onRefused: () => states.push("refused"),
    },
    { saved },
  );
  return { events, states, heard };
}

test("events are read however they are cut", () => {
  const stream = 'retry: 1000\n\nid: 1\ndata: ["a"]\n\nid: 2\r\ndata: x\r\ndata: y\r\n\r\n: nothing\n\nid: 3\ndata:z\n\n';
  for (const size of [1, 2, 3, 7, 1000]) {
    const reader = new EventReader();
    const events = [];
    for (let at = 0; at < stream.length; at += size) events.push(...reader.read(stream.slice(at, at + size)));
    assert.deepEqual(events, [{ id: "1", data: '["a"]' }, { id: "2", data: "x\ny" }, { id: "3", data: "z" }], String(size));
  }
});

test("a stream that breaks goes on where it was, and what was sent is done once", async (context) => {
  const server = new Server();
  const { events, states, heard } = player(server);
  events.open();
  await soon();
  server.says("text", "Welcome");
  events.send("text", ["one"]);
  await soon();
  server.loses = 1;
  events.send("text", ["two"]);
  events.send("text", ["three"]);
  await soon();
  assert.deepEqual(server.done, ["one", "two"], "its answer was lost");
  server.says("text", "while away");
  events.hurry();
  await soon();
  server.says("text", "back");
  await soon();
  assert.deepEqual(server.done, ["one", "two", "three"]);
  assert.deepEqual(heard, ["Welcome", "while away", "back"]);
  assert.deepEqual(states, ["connecting", "open", "waiting resumed", "connecting resumed", "open resumed"]);
  context.after(() => events.drop());
});

test("a page that is loaded anew goes on with the events that it has not written down", async (context) => {
  const server = new Server();
  const first = player(server);
  first.events.open();
  await soon();
  for (const line of ["a", "b", "c"]) server.says("text", line);
  first.events.send("text", ["typed"]);
  await soon();
  const saved = { ...first.events.saved, heard: 1 };
  first.events.drop();
  const second = player(server, saved);
  second.events.open();
  await soon();
  assert.deepEqual(second.heard, ["b", "c"]);
  second.events.send("text", ["more"]);
  await soon();
  assert.deepEqual([server.done, server.sessions], [["typed", "more"], 1]);
  // What the server has thrown away is not passed over in silence.
  server.said = [];
  server.said.push({ id: 9, data: '["text",["late"],{}]' });
  server.breaks();
  await soon();
  second.events.hurry();
  await soon();
  assert.deepEqual([second.heard.at(-1), second.states.at(-1)], ["late", "open resumed missed"]);
  context.after(() => second.events.drop());
});

test("a session that has ended is begun anew or not, and a server that is away is no blocked websocket", async (context) => {
  const server = new Server();
  const { events, states } = player(server);
  server.down = true;
  events.open();
  await soon();
  assert.deepEqual(states, ["connecting", "refused", "waiting"]);
  server.down = false;
  events.hurry();
  await soon();
  assert.equal(states.at(-1), "open");
  events.send("text", ["a"]);
  await soon();
  server.breaks();
  await soon();
  events.send("text", ["for the old session"]);
  server.gone = true;
  events.hurry();
  await soon();
  assert.deepEqual([server.sessions, states.at(-1), server.done], [2, "open -1", ["a"]]);
  server.says("connection_close", "Goodbye.");
  await soon();
  assert.deepEqual([states.at(-1), events.saved], ["closed", null]);
  context.after(() => events.drop());
});

test("websockets that never open are taken for blocked", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const sockets = [];
  globalThis.WebSocket = /** @type {any} */ (
    class extends EventTarget {
      static OPEN = 1;
      readyState = 0;
      constructor(address) {
        super();
        this.address = address;
        sockets.push(this);
      }
      close() {}
    }
  );
  let blocked = 0;
  const connection = new Connection("ws://game/ws", { onState() {}, onMessage() {}, onBlocked: () => (blocked += 1) }, { as: "Änne B" });
  connection.open();
  assert.equal(sockets[0].address, "ws://game/ws?resume=&as=%C3%84nne%20B");
  const fails = () => sockets.at(-1).dispatchEvent(Object.assign(new Event("close"), { code: 1006 }));
  fails();
  assert.equal(blocked, 0);
  context.mock.timers.tick(2_000);
  fails();
  assert.equal(blocked, 1);
});

test("a session outlives its page, and what the old page did not get through is counted", () => {
  const old = new Resume();
  old.begin("1.a", { after: 0, heard: 0 });
  for (let message = 0; message < 10; message += 1) old.count();
  for (const name of ["text", "is_typing_state", "text"]) old.keep(JSON.stringify([name, [], {}]));
  old.forget(1);
  old.safe(7);
  assert.equal(old.tell(), '["heard",[7],{}]', "no more than is written down");
  assert.deepEqual(old.saved, { ticket: "1.a", heard: 10, sent: 3, lines: [3] });
  const page = new Resume();
  page.restore({ ticket: "1.a", heard: 7, sent: 3, lines: [3] });
  assert.equal(page.query(), "?resume=1.a&heard=7");
  page.keep("typed before the ticket");
  assert.deepEqual(page.begin("1.b", { resumed: true, after: 7, heard: 2 }), { resumed: true, missed: false, lost: 1 });
  assert.deepEqual(page.kept(), ["typed before the ticket"]);
  page.forget(3);
  assert.deepEqual([page.kept(), page.saved], [[], { ticket: "1.b", heard: 7, sent: 3, lines: [] }]);
  page.end();
  assert.equal(page.saved, null);
});

test("how the world is comes again, and nothing that was an event", () => {
  const recent = new Recent();
  const say = (name, kwargs = {}, args = []) => recent.add({ name, args, kwargs });
  assert.ok(say("logged_in"));
  say("char_items_list", { location: "inv", items: [1] });
  say("char_items_add", { location: "inv", item: 2 });
  say("char_items_list", { location: "room", items: [] });
  say("char_items_add", { location: "room", item: 3 });
  say("char_items_list", { location: "inv", items: [5] });
  say("room_players", {}, [["Anna"]]);
  say("room_addplayer", {}, ["Bert"]);
  say("char_vitals", { hp: 1 });
  say("char_vitals", { hp: 2 });
  say("prompt", {}, [">"]);
  for (const name of ["client_media_play", "text", "is_typing", "comm_channel_text", "complete"]) assert.equal(say(name), false);
  assert.equal(say("room_info", { desc: "x".repeat(30_000) }), false);
  recent.drop("prompt");
  assert.deepEqual(
    recent.list().map(({ name, kwargs }) => `${name} ${kwargs.location ?? kwargs.hp ?? ""}`.trim()),
    ["logged_in", "char_items_list room", "char_items_add room", "char_items_list inv", "room_players", "room_addplayer", "char_vitals 2"],
  );
  say("room_players", {}, [["Cleo"]]);
  assert.equal(recent.list().filter(({ name }) => name.startsWith("room_")).length, 1);
  for (let time = 0; time < 500; time += 1) say("char_items_add", { location: "inv" });
  assert.equal(recent.list().length, 200);
});

test("what is lost is said", () => {
  const none = { resumed: true, missed: false, lost: 0, unsure: 0, replaced: false };
  assert.deepEqual(notes(none), []);
  assert.match(notes({ ...none, missed: true }).join(), /missing/);
  assert.match(notes({ ...none, lost: 1, resumed: false }).join(), /session has ended, and a line that you typed was not sent/);
  assert.match(notes({ ...none, lost: 2 }).join(), /2 lines that you typed were not sent/);
  assert.match(notes({ ...none, replaced: true }).join(), /another window/);
});
