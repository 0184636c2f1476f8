// A soft keyboard never covers the field: where the browser lays it over the page instead of making the page smaller
// (`interactive-widget` is not known everywhere), the page takes the height that is left.

/** @param {import("../main.js").Client} _client */
export function install(_client) {
  const seen = window.visualViewport;
  if (!seen) return;
  const root = document.documentElement;
  const fit = () => {
    // Somebody who has zoomed in wants to see a part of it.
    const covered = seen.scale < 1.05 && window.innerHeight - seen.height > 60;
    if (covered) root.style.setProperty("--seen-height", `${seen.height}px`);
    else root.style.removeProperty("--seen-height");
    // The browser has scrolled the field into sight by moving all of the page.
    if (covered && (window.scrollY > 0 || seen.offsetTop > 0)) window.scrollTo(0, 0);
  };
  seen.addEventListener("resize", fit);
  seen.addEventListener("scroll", fit);
}
