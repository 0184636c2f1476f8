// What of a line may be shown and remembered: no passwords. net/link.js asks before it does either.

/** Before login, these take a password as their last word; it is neither shown again nor remembered. */
const WITH_PASSWORD = /^(\s*(?:connect|conn|con|co|create|cre|cr)\s+(?:"[^"]*"|\S+)\s+)(.*\S)\s*$/i;

/** Everything behind the name of these commands is a password. */
const NEW_PASSWORD = /^(\s*@?(?:password\s+|userpassword\s+[^=]*=\s*))(\S.*)$/i;

/**
 * A line as it may be shown and remembered.
 * @param {string} line
 * @param {boolean} loggedIn
 * @returns {{ shown: string, remembered: string }}
 */
export function discreet(line, loggedIn) {
  const found = (loggedIn ? null : line.match(WITH_PASSWORD)) ?? line.match(NEW_PASSWORD);
  if (found === null) return { shown: line, remembered: line };
  return { shown: `${found[1]}********`, remembered: found[1] };
}
