// For a game's own part of the client. This one does nothing; a game puts its own file in its place, as
// `web/webclient/game.js` of the game folder, and imports from there whatever else it wants.

/** @param {import("./main.js").Client} _client */
export function install(_client) {}
