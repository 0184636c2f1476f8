// What a test asks of a browser by WebDriver (https://www.w3.org/TR/webdriver2/), as little of it as the tests here
// need. Firefox and WebKit are driven alike; firefox.js and webkit.js start them and carry the commands.

/** The key under which WebDriver hands out an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** How long the page may take for anything, in milliseconds. */
const PATIENCE = 60_000;

/** How often it is asked, in milliseconds. */
const EVERY = 100;

/**
 * Carries a command to a browser; the answer is its value.
 * @typedef {(name: Command, fields?: Record<string, any>) => Promise<any>} Wire
 */

/**
 * The commands, as WebDriver calls them.
 * @typedef {"Navigate" | "Refresh" | "FindElement" | "ElementSendKeys" | "ExecuteScript"} Command
 */

/** Keys that are no characters (WebDriver, 17.4.2). */
export const KEY = { enter: "\uE007", pageUp: "\uE00E" };

export class Browser {
  #wire;
  #end;

  /** @param {string} name @param {Wire} wire @param {() => Promise<void>} end ends the browser */
  constructor(name, wire, end) {
    this.name = name;
    this.#wire = wire;
    this.#end = end;
  }

  /** @param {string} url */
  open(url) {
    return this.#wire("Navigate", { url });
  }

  /** Loads the page anew. */
  reload() {
    return this.#wire("Refresh");
  }

  /** Types into the element that a CSS selector finds. @param {string} selector @param {string} text */
  async type(selector, text) {
    await this.#wire("ElementSendKeys", { id: await this.#find(selector), text });
  }

  /** Runs the body of a function in the page. @param {string} script @param {...any} args @returns {Promise<any>} */
  run(script, ...args) {
    return this.#wire("ExecuteScript", { script, args });
  }

  /**
   * Waits until a script says something that is true, and hands that out.
   * @param {string} what to be said if it never is
   * @param {string} script @param {...any} args
   */
  async until(what, script, ...args) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const answer = await this.run(script, ...args);
      if (answer) return answer;
      if (Date.now() > end) throw new Error(`${this.name}: ${what}; the page says:\n${await this.text()}`);
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  /** All that can be read on the page. @returns {Promise<string>} */
  text() {
    return this.run("return document.body.innerText");
  }

  end() {
    return this.#end();
  }

  /** @param {string} selector @returns {Promise<string>} */
  async #find(selector) {
    return (await this.#wire("FindElement", { using: "css selector", value: selector }))[ELEMENT];
  }
}
