// How the tests of the whole run: against the program itself, in Debian's Chromium. The test `browser` of the game's
// end-to-end tests calls this; by hand it is `npm run browser`, after `cargo build`.

import { defineConfig } from "@playwright/test";

/** Without a sandbox, which root cannot have, and without calling home. */
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--disable-extensions",
  "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
];

export default defineConfig({
  testDir: ".",
  outputDir: "../../test-results",
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS },
    screenshot: "only-on-failure",
  },
});
