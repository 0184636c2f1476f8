// The server API, as the admin page asks it: one function of this file for what changes nothing, one for what does.
// Every section uses it; what goes wrong comes as an ApiError, whose message is a sentence for people.

/** @typedef {Record<string, unknown>} Args */

/** Why something was not answered, or not done. */
export class ApiError extends Error {
  /**
   * @param {number} status of HTTP; 0 if there was no answer at all
   * @param {string} told a sentence
   */
  constructor(status, told) {
    super(told);
    this.name = "ApiError";
    this.status = status;
  }

  /** The game is away (a reload, a restart, a network that is down): the same may be answered in a moment. */
  get isAway() {
    return this.status === 0 || this.status >= 502;
  }
}

/**
 * Asks for something.
 * @param {string} name of the API's function
 * @param {Args} [args] those that are empty are left out
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export function get(name, args = {}, signal) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(args)) {
    if (value !== "" && value !== null && value !== undefined && value !== false) query.set(key, String(value));
  }
  const limit = AbortSignal.timeout(30_000);
  // Safari has `any` since 17.4; what comes too late is of no use then, but does no harm.
  const either = signal !== undefined && AbortSignal.any ? AbortSignal.any([signal, limit]) : (signal ?? limit);
  return send(`/api/${name}?${query}`, { signal: either });
}

/**
 * Does something. It is never sent twice.
 * @param {string} name of the API's function
 * @param {Args} [args]
 * @returns {Promise<any>}
 */
export function post(name, args = {}) {
  const body = JSON.stringify(args);
  return send(`/api/${name}`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
}

/** @param {string} address @param {RequestInit} init */
async function send(address, init) {
  let response, text;
  try {
    response = await fetch(address, { ...init, cache: "no-store" });
    text = await response.text();
  } catch (error) {
    if (init.signal?.aborted && init.signal.reason?.name !== "TimeoutError") throw error;
    throw new ApiError(0, "The game does not answer.");
  }
  let answer;
  try {
    answer = parse(text);
  } catch {
    throw new ApiError(response.status, `The answer can't be read (status ${response.status}).`);
  }
  if (!response.ok) throw new ApiError(response.status, answer.error ?? `That failed with status ${response.status}.`);
  return answer;
}

/**
 * Reads JSON. In attributes, numbers that JavaScript would change (9007199254740993, 1.0) stay as they were written,
 * where the browser can do that, so that whoever edits one attribute changes nothing else of it.
 * @param {string} text
 * @returns {any}
 */
export function parse(text) {
  const rawJSON = /** @type {{ rawJSON?: (text: string) => unknown }} */ (/** @type {unknown} */ (JSON)).rawJSON;
  const answer = JSON.parse(text);
  if (rawJSON === undefined || answer === null || typeof answer !== "object" || !("attributes" in answer))
    return answer;
  /** @type {(this: any, key: string, value: any, context?: { source?: string }) => any} */
  const exact = (_key, value, context) => {
    const source = context?.source;
    return typeof value === "number" && source !== undefined && String(value) !== source ? rawJSON(source) : value;
  };
  const { attributes, categories } = JSON.parse(text, exact);
  return { ...answer, attributes, categories };
}

/**
 * Reads what somebody has typed as JSON; the error says what is wrong with it.
 * @param {string} text
 * @returns {unknown}
 */
export function parseTyped(text) {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new ApiError(
      400,
      `That is not JSON: ${error instanceof Error ? error.message : error}. A text stands in "quotes".`,
    );
  }
  return parse(`{"attributes":${text}}`).attributes;
}
