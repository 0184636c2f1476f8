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
  // Not beside the client: what changes there is built into the program.
  outputDir: "../../../target/test-results",
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  workers: 2,
  // On a shared runner a page may come late; what fails twice is broken, and what failed once is printed as flaky.
  retries: process.env.CI === undefined ? 0 : 1,
  // Generous: what is to be quick is measured elsewhere, and a shared machine may be busy.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: "list",
  use: {
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS },
    screenshot: "only-on-failure",
  },
});
