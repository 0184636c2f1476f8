// The question whether what somebody has made before logging in is to be theirs on this account (aside.js): a quiet bar
// above the game, which takes no keys away from whoever types. Unless they say so, it is not.

/**
 * @param {import("../main.js").Client} client
 * @param {string[]} labels of what was made
 * @param {{ adopt: () => string[], decline: () => void }} aside
 * @returns {() => void} takes the question away
 */
export function offer({ entry, output }, labels, aside) {
  const bar = document.createElement("section");
  bar.className = "offer";
  const text = document.createElement("p");
  text.id = "offer-text";
  bar.setAttribute("aria-labelledby", text.id);
  bar.append(text);
  /** @param {string} label @param {() => void} then */
  const button = (label, then) => {
    const one = document.createElement("button");
    one.type = "button";
    one.textContent = label;
    one.addEventListener("click", () => {
      bar.remove();
      entry.focus();
      then();
    });
    bar.append(one);
  };
  button("Use them here", () => {
    const left = aside.adopt();
    if (left.length > 0) output.note(`There are too many to add all of ${left.join(", ")}: these stay as they are.`);
  });
  button("Not here", () => aside.decline());
  document.getElementById("frame")?.before(bar);
  // Said when the bar is there, so that it is read aloud.
  text.setAttribute("role", "status");
  const what = new Intl.ListFormat("en").format(labels.map((label) => label.toLowerCase()));
  requestAnimationFrame(() => {
    text.textContent = `Somebody made ${what} in this browser before you logged in. Are they yours?`;
  });
  return () => bar.remove();
}
