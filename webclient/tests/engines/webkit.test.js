// The client in WebKit, which is what Safari is made of.

import { test } from "node:test";
import { play } from "./play.js";
import { webkit } from "./webkit.js";

test("an evening in WebKit", { timeout: 600_000 }, () => play(() => webkit("WebKitWebDriver", "Xvfb")));
