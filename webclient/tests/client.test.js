// What of the browser client can be tested without a browser. Run with `node --test tests/`.

import assert from "node:assert/strict";
import { test } from "node:test";

import { contrast, palette, readable, xterm } from "../output/colors.js";
import { pause } from "../net/connection.js";
import { discreet } from "../input/discreet.js";
import { build, read } from "../output/html.js";

/** As much of a document as `build` needs; it prints what was built. */
class Fake {
  constructor(name, text = "") {
    Object.assign(this, { name, text, children: [], className: "", dataset: {}, style: new Map(), attributes: {} });
    this.style.setProperty = (key, value) => this.style.set(key, value);
    this.classList = { add: (one) => (this.className = `${this.className} ${one}`.trim()) };
  }
  appendChild(child) {
    this.children.push(child);
  }
  setAttribute(key, value) {
    this.attributes[key] = value;
  }
  toString() {
    const inner = this.text + this.children.join("");
    if (this.name === "") return inner;
    const marks = [this.className, this.href, this.dataset.command].filter(Boolean).join("|");
    return `{${this.name}${marks && ` ${marks}`}:${inner}}`;
  }
}

globalThis.document = /** @type {any} */ ({
  createElement: (name) => new Fake(name),
  createTextNode: (text) => new Fake("", text),
  createDocumentFragment: () => new Fake(""),
});

const built = (html) => String(build(html));

test("what the server sends is built", () => {
  const text = 'a<span class="blink color-009">b<br>c</span> &lt;d&gt; &amp;amp;';
  assert.equal(built(text), "a{span blink color-009:b{br:}c} <d> &amp;");
  assert.equal(built('<a href="http://a.b/?x=1&amp;y=2" target="_blank">u</a>'), "{a http://a.b/?x=1&y=2:u}");
  assert.equal(built('<a data-command="say &quot;hi&quot;">s</a>'), '{a say "hi":s}');
  const handler = (command) => `Evennia.msg(&quot;text&quot;,[${command}],{});return false;`;
  const evennias = (command) => `<a id="mxplink" href="#" onclick="${handler(command)}">s</a>`;
  assert.equal(built(evennias("&quot;say \\&quot;hi\\&quot; \\u2028&lt;&quot;")), '{a say "hi" \u2028<:s}');
  assert.equal(built(evennias("&quot;x&quot;],{});alert(1);[&quot;&quot;")), "{a:s}");
  assert.equal(built("&#x27;&#39;&#0;&#x110000;&nosuch;"), "''\ufffd\ufffd&nosuch;");
});

test("nothing else is", () => {
  assert.equal(built("<b onclick=x>bold</b><img src=x onerror=alert(1)>"), "bold");
  assert.equal(built("a<script>alert(1)</script>b<style>* {}</style>c<ScRiPt>d"), "abc");
  assert.equal(built('<a href="javascript:alert(1)">x</a><a href=" javascript:x">y</a>'), "{a:x}{a:y}");
  assert.equal(built('<a href="data:text/html,x">x</a><a href="//e.vil">y</a>'), "{a:x}{a:y}");
  assert.equal(built('<span class="evil color-256 color-255" onclick="x">x</span>'), "{span color-255:x}");
  assert.equal(built("a<!-- b -->c<!-- d"), "ac");
  assert.equal(built('1 < 2 <span class="x'), '1 < 2 <span class="x');
  assert.equal(built("a</span></b>c"), "ac");
});

test("only two colours come out of a style", () => {
  const style = "position:fixed;background-color: #000080;color: #ff8000;background-image:url(x)";
  const span = build(`<span style="${style}">x</span>`).children[0];
  assert.equal(span.style.backgroundColor, "#000080");
  assert.equal(span.style.color, "#ff8000");
  assert.equal(span.style.size, 0);
  assert.equal(build('<span style="background-color: #fff000">x</span>').children[0].style.color, "rgb(0 0 0)");
});

test("deep and long text is built in good time", () => {
  const depth = (node) => 1 + Math.max(0, ...node.children.map(depth));
  assert.ok(depth(build("<span>".repeat(10_000) + "x")) < 40);
  const start = performance.now();
  for (const piece of ["<a ", "<a x", "<!--", '<a x="', "<script>", "&#x", " ", "</"]) read(piece.repeat(40_000));
  assert.ok(performance.now() - start < 2_000);
});

test("every colour can be read on both backgrounds", () => {
  for (const back of [[0x14, 0x17, 0x1a], [0xfb, 0xfa, 0xf7]]) {
    for (let index = 0; index < 256; index += 1) {
      assert.ok(contrast(readable(xterm(index), back), back) >= 4.5, `color ${index} on ${back}`);
    }
  }
  assert.deepEqual([16, 67, 231].map(xterm), [[0, 0, 0], [95, 135, 175], [255, 255, 255]]);
  assert.deepEqual([232, 255].map(xterm), [[8, 8, 8], [238, 238, 238]]);
  assert.match(palette([0, 0, 0], 7), /\.bgcolor-255 \{/);
  // On a background of the game's, its colour counts, but not for those who want high contrast.
  const onColor = /^\.color-196 \{ color: rgb\(255 0 0\) \}$/m;
  assert.match(palette([0, 0, 0], 4.5), onColor);
  assert.doesNotMatch(palette([0, 0, 0], 7), onColor);
});

test("passwords are neither shown nor remembered before login", () => {
  for (const start of ["connect Ann ", 'create "Ann of X" ', " CO Ann "]) {
    assert.deepEqual(discreet(`${start}se cret`, false), { shown: `${start}********`, remembered: start });
  }
  for (const start of ["password ", "@password   ", "userpassword Ann Lee = "]) {
    for (const loggedIn of [true, false]) {
      assert.deepEqual(discreet(`${start}old one = new`, loggedIn), { shown: `${start}********`, remembered: start });
    }
  }
  for (const [line, loggedIn] of [["create rose two", true], ["password", true], ["say password = x", true], ["look", false], ["connect Ann", false]]) {
    assert.deepEqual(discreet(line, loggedIn), { shown: line, remembered: line });
  }
});

test("pauses grow up to a limit", () => {
  assert.deepEqual([0, 1, 2, 10, 1000].map((failures) => pause(failures, 1)), [1000, 2000, 4000, 30000, 30000]);
  assert.equal(pause(0, 0), 500);
});
