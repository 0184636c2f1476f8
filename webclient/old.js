// Tells players why the page does not start, where it otherwise said "Starting." for ever: the browser is too old, or a
// file of the client has not come. index.html runs it, at its end. It is no module, and in the words of 2009, so that
// browsers can read it that can't read the rest; main.js tells it that all is well.

(function () {
  var page = document.documentElement;
  var needs = "it takes Chrome or Edge 114, Firefox 125, Safari 17, or a newer one.";

  /** @param {string} text */
  function tell(text) {
    var status = document.getElementById("status");
    var log = document.getElementById("log");
    var entry = document.getElementById("entry");
    if (status === null || log === null || entry === null) return;
    status.textContent = "Not started.";
    entry.hidden = true;
    var said = document.createElement("p");
    said.setAttribute("role", "alert");
    said.textContent = text + " The game can also be played with any MUD client: ";
    var link = document.createElement("a");
    link.href = "../";
    link.textContent = "how to connect";
    said.appendChild(link);
    said.appendChild(document.createTextNode("."));
    log.appendChild(said);
  }

  // Of all that the client can't do without, popovers came last.
  if (typeof page.popover === "undefined") {
    page.setAttribute("data-old", "");
    tell("This browser is too old for this page: " + needs);
    return;
  }
  // By then, modules have run.
  window.addEventListener("load", function () {
    if (page.hasAttribute("data-started")) return;
    tell("This page could not start. Please load it again. If that does not help, the browser may be too old: " + needs);
  });
})();
