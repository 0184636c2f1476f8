// Short words for making elements, for the dialogs of this folder. Texts are set as text, never as HTML.

/**
 * Makes an element.
 *
 *     make("label", { className: "field" }, "Name", make("input", { type: "text" }))
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [properties] of the element; names with a dash are attributes
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, String(value));
    else /** @type {any} */ (element)[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * A button that does something.
 * @param {string} label
 * @param {(event: MouseEvent) => void} onClick
 * @param {Record<string, any>} [properties]
 */
export function button(label, onClick, properties = {}) {
  const element = make("button", { type: "button", textContent: label, ...properties });
  element.addEventListener("click", onClick);
  return element;
}

let count = 0;

/** An id that no other element has. @param {string} start */
export function unique(start) {
  count += 1;
  return `${start}-${count}`;
}

/**
 * Lets the player save a file.
 * @param {string} name
 * @param {string} text
 * @param {string} [type] its media type
 */
export function download(name, text, type = "application/json") {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = make("a", { href: address, download: name });
  link.click();
  // Some browsers read it a little later.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * Lets the player choose a file; null if none was chosen.
 * @param {string} accept endings and media types: ".json,application/json"
 * @param {number} limit most bytes
 * @returns {Promise<{ name: string, text: string } | null>}
 */
export function upload(accept, limit) {
  const input = make("input", { type: "file", accept });
  return new Promise((resolve, reject) => {
    input.addEventListener("cancel", () => resolve(null));
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      if (file === undefined) resolve(null);
      else if (file.size > limit) reject(new Error(`The file is too large: ${limit / 1024} KiB at most.`));
      else file.text().then((text) => resolve({ name: file.name, text }), reject);
    });
    input.click();
  });
}
