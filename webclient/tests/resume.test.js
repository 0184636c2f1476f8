// The connection of the browser client without a browser: a socket that breaks when it is told to, and a server
// that counts as the Portal does.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Connection } from "../net/connection.js";
import { Resume, TELL_EVERY } from "../net/resume.js";

/** All sockets that were opened. @type {Socket[]} */
let sockets = [];

class Socket extends EventTarget {
  static OPEN = 1;
  readyState = 0;
  /** @type {any[]} */
  sent = [];
  constructor(address) {
    super();
    this.query = new URL(address).search;
    sockets.push(this);
  }
  send(message) {
    this.sent.push(JSON.parse(message));
  }
  close(code) {
    this.readyState = 3;
    this.closed = code;
  }
  opens() {
    this.readyState = Socket.OPEN;
    this.dispatchEvent(new Event("open"));
  }
  says(name, args = [], kwargs = {}) {
    this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify([name, args, kwargs]) }));
  }
  breaks(code = 1006) {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}
globalThis.WebSocket = /** @type {any} */ (Socket);

function connected(context) {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  sockets = [];
  const states = [];
  const heard = [];
  const connection = new Connection("ws://game/ws", {
    onState: (state, news) => states.push(`${state}${news.resumed ? " resumed" : ""}${news.lost ? ` -${news.lost}` : ""}`),
    onMessage: (name, args) => heard.push(`${name} ${args[0]}`),
  });
  connection.open();
  sockets[0].opens();
  return { connection, states, heard, tick: (time) => context.mock.timers.tick(time) };
}

const terms = (rest) => ({ heard: 0, resumed: false, missed: false, after: 0, hold: 120, ...rest });

test("a session goes on where it was", (context) => {
  const { connection, states, heard, tick } = connected(context);
  const [first] = sockets;
  assert.equal(first.query, "?resume=");
  connection.send("client_options");
  first.says("ticket", ["1.a"], terms({}));
  first.says("text", ["Welcome"]);
  connection.send("text", ["one"]);
  connection.send("text", ["two"]);
  first.says("heard", [2]);
  first.breaks();
  assert.ok(connection.send("text", ["three"]), "it is kept");
  tick(1000);
  const [, second] = sockets;
  assert.equal(second.query, "?resume=1.a&heard=1");
  second.opens();
  assert.ok(connection.send("text", ["four"]));
  assert.deepEqual(second.sent, [], "nothing before the ticket");
  second.says("ticket", ["1.b"], terms({ heard: 2, resumed: true, after: 1 }));
  assert.deepEqual(second.sent.map((message) => message[1][0]), ["two", "three", "four"]);
  second.says("text", ["later"]);
  assert.deepEqual(heard, ["text Welcome", "text later"]);
  assert.deepEqual(states, ["connecting", "open", "waiting resumed", "connecting resumed", "open resumed"]);
  tick(2000);
  assert.deepEqual(second.sent.at(-1), ["heard", [2], {}]);
});

test("a session that is gone is begun anew, and what was typed for it is not", (context) => {
  const { connection, states, tick } = connected(context);
  sockets[0].says("ticket", ["1.a"], terms({}));
  sockets[0].breaks();
  connection.send("text", ["secret of the old session"]);
  tick(1000);
  sockets[1].opens();
  sockets[1].says("ticket", ["2.a"], terms({}));
  assert.deepEqual(sockets[1].sent, []);
  assert.equal(states.at(-1), "open -1");
  connection.send("text", ["look"]);
  assert.deepEqual(sockets[1].sent, [["text", ["look"], {}]]);
});

test("a server without tickets is played as ever", (context) => {
  const { connection, states, heard, tick } = connected(context);
  sockets[0].says("text", ["Welcome"]);
  for (let line = 0; line < 300; line += 1) assert.ok(connection.send("text", ["x"]), "nothing is kept");
  sockets[0].breaks();
  assert.equal(connection.send("text", ["lost"]), false);
  tick(1000);
  assert.equal(sockets[1].query, "?resume=");
  assert.deepEqual([heard, states.at(-1)], [["text Welcome"], "connecting"]);
});

test("a connection that is dead is found out", (context) => {
  const { tick } = connected(context);
  sockets[0].says("ticket", ["1.a"], terms({}));
  tick(30_000);
  assert.deepEqual(sockets[0].sent.at(-1), ["heard", [0], {}]);
  sockets[0].says("heard", [0]);
  tick(30_000);
  assert.equal(sockets.length, 1, "it has answered");
  tick(10_000);
  assert.equal(sockets[0].closed, 4000);
  tick(1000);
  assert.equal(sockets[1].query, "?resume=1.a&heard=0");
});

test("a try that leads nowhere is given up for another", (context) => {
  const { connection, states, tick } = connected(context);
  sockets[0].says("ticket", ["1.a"], terms({}));
  sockets[0].breaks();
  tick(1_000);
  assert.equal(sockets.length, 2);
  sockets[1].opens();
  tick(14_999);
  assert.equal(sockets[1].closed, undefined, "it may still tell where we stand");
  tick(1);
  assert.deepEqual([sockets[1].closed, states.at(-1)], [4000, "waiting resumed"]);
  tick(2_000);
  assert.equal(sockets.length, 3);
  context.mock.timers.reset();
  context.mock.timers.enable({ apis: ["Date"], now: Date.now() + 5_000 });
  connection.hurry();
  assert.equal(sockets.length, 4, "the network is back: not the old try, a new one");
  connection.hurry();
  assert.equal(sockets.length, 4, "but each has its time");
  connection.drop();
});

test("what ends on purpose is not taken up again", (context) => {
  for (const code of [1000, 4001]) {
    const { states, tick } = connected(context);
    sockets[0].says("ticket", ["1.a"], terms({}));
    sockets[0].breaks(code);
    tick(60_000);
    assert.deepEqual([states.at(-1), sockets.length], ["closed", 1]);
    context.mock.timers.reset();
  }
  const { connection } = connected(context);
  sockets[0].says("ticket", ["1.a"], terms({}));
  connection.close();
  connection.open();
  assert.equal(sockets[1].query, "?resume=");
});

test("so much is kept and no more, and the server hears in time", () => {
  const resume = new Resume();
  resume.begin("1.a", terms({}));
  for (let line = 1; line <= 200; line += 1) assert.ok(resume.keep(String(line)));
  assert.equal(resume.keep("one past it"), false);
  resume.forget(150);
  resume.forget(10);
  assert.deepEqual(resume.kept().slice(0, 2), ["151", "152"]);
  for (let message = 1; message < TELL_EVERY; message += 1) resume.count();
  assert.equal(resume.owes, false);
  resume.count();
  assert.equal(resume.owes, true);
  assert.equal(resume.tell(), `["heard",[${TELL_EVERY}],{}]`);
  assert.equal(resume.owes, false);
});
