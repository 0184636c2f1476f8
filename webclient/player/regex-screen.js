// Whether a line may fit an expression, quickly: most lines do not, and then nothing else need be done. regex.js asks.
//
// The sets of steps that can be reached together become the states of a machine, which are made when they are first
// met and kept; so each character costs a look into a table.

/** Most states that are kept; an expression that needs more is walked without. */
const MAX_STATES = 200;

/** Characters in a table; lines with others are walked. */
const ASCII = 128;

/** @typedef {import("./regex.js").Step} Step */

/** @typedef {{ steps: number[], next: Int32Array, fits: boolean, fitsAtEnd: boolean }} State */

/**
 * Makes the machine of a program; null if it asks for the ends of words, which depend on what stands beside.
 * @param {Step[]} steps
 * @returns {((line: string) => boolean | null) | null} null: it is not known
 */
export function screen(steps) {
  if (steps.some((step) => step.op === "at" && (step.where === "b" || step.where === "B"))) return null;
  /** @type {State[]} */
  const states = [];
  /** @type {Map<string, number>} */
  const known = new Map();

  /** The state of these steps; -1 if there are too many. @param {Set<number>} reached */
  const stateOf = (reached) => {
    const sorted = [...reached].sort((one, other) => one - other);
    const key = sorted.join(" ");
    const found = known.get(key);
    if (found !== undefined) return found;
    if (states.length >= MAX_STATES) return -1;
    const atEnd = new Set();
    for (const pc of sorted) follow(steps, pc, { isStart: false, isEnd: true }, atEnd);
    const isDone = (/** @type {number} */ pc) => steps[pc].op === "done";
    known.set(key, states.length);
    return (
      states.push({
        steps: sorted,
        next: new Int32Array(ASCII).fill(-1),
        fits: sorted.some(isDone),
        fitsAtEnd: [...atEnd].some(isDone),
      }) - 1
    );
  };

  /** @param {State} state @param {number} code */
  const step = (state, code) => {
    const reached = new Set();
    for (const pc of state.steps) {
      const one = steps[pc];
      const fits = one.op === "char" ? one.code === code : one.op === "set" && one.has(code);
      if (fits) follow(steps, pc + 1, { isStart: false, isEnd: false }, reached);
    }
    // It may begin anywhere.
    follow(steps, 0, { isStart: false, isEnd: false }, reached);
    return stateOf(reached);
  };

  const reached = new Set();
  follow(steps, 0, { isStart: true, isEnd: false }, reached);
  const first = stateOf(reached);

  return (line) => {
    let state = states[first];
    for (let at = 0; at < line.length; at += 1) {
      if (state.fits) return true;
      const code = line.charCodeAt(at);
      if (code >= ASCII) return null;
      let next = state.next[code];
      if (next < 0) {
        next = step(state, code);
        if (next < 0) return null;
        state.next[code] = next;
      }
      state = states[next];
    }
    return state.fits || state.fitsAtEnd;
  };
}

/**
 * All steps that can be reached from one without a character. Those that wait for the end of the line stay.
 * @param {Step[]} steps
 * @param {number} from
 * @param {{ isStart: boolean, isEnd: boolean }} where
 * @param {Set<number>} reached
 */
function follow(steps, from, { isStart, isEnd }, reached) {
  const open = [from];
  for (let pc = open.pop(); pc !== undefined; pc = open.pop()) {
    if (reached.has(pc)) continue;
    const step = steps[pc];
    if (step.op === "jump") open.push(step.to);
    else if (step.op === "split") open.push(step.first, step.second);
    else if (step.op === "save") open.push(pc + 1);
    else if (step.op === "at" && step.where === "^") {
      if (isStart) open.push(pc + 1);
      continue;
    } else if (step.op === "at" && isEnd) open.push(pc + 1);
    reached.add(pc);
  }
}
