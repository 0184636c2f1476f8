// The client in Firefox. FIREFOX is the program, if it is not Debian's.

import { test } from "node:test";
import { firefox } from "./firefox.js";
import { play } from "./play.js";

test("an evening in Firefox", { timeout: 600_000 }, () => play(() => firefox(process.env.FIREFOX ?? "firefox-esr")));
