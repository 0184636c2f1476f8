// Ticks for clock.js, from a thread of its own: browsers slow down the timers of a page that is out of sight, but not
// those of its workers.

/** @type {Map<number, ReturnType<typeof setInterval>>} */
const running = new Map();

self.addEventListener("message", ({ data: { id, every } }) => {
  clearInterval(running.get(id));
  running.delete(id);
  if (every > 0)
    running.set(
      id,
      setInterval(() => self.postMessage(id), every),
    );
});
