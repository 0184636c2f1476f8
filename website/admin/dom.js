// Elements, made without a line of HTML: whatever players have written becomes text and nothing else. Everything of the
// admin page is made by these functions.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, unknown>} [props] attributes; `onclick` and the like are listeners, `value` and `checked` are
 *   properties
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(name, props = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === "function") {
      element.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
    } else if (key === "value" || key === "checked") {
      Object.assign(element, { [key]: value });
    } else if (value === true) {
      element.setAttribute(key, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, String(value));
    }
  }
  element.append(...nodes(children));
  return element;
}

/**
 * Children without those that are not there.
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
export function nodes(children) {
  const there = children.filter((child) => child !== null && child !== undefined && child !== false);
  return there.map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * Makes an element have these children. Those that are the same already stay, and what has the focus keeps it.
 * @param {Element} element
 * @param {...Child} children
 */
export function renew(element, ...children) {
  const fresh = nodes(children).map((child) => (child instanceof Node ? child : document.createTextNode(child)));
  fresh.forEach((node, index) => {
    const old = element.childNodes[index];
    if (old === undefined) element.append(node);
    else if (!old.isEqualNode(node)) {
      const isAlike = old instanceof Element && node instanceof Element && old.cloneNode().isEqualNode(node.cloneNode());
      if (isAlike && node.firstElementChild !== null) renew(old, ...node.childNodes);
      else old.replaceWith(node);
    }
  });
  while (element.childNodes.length > fresh.length) element.lastChild?.remove();
}

/**
 * Several things with something between them; nothing for none.
 * @param {Child[]} children
 * @param {string} [between]
 * @returns {Child}
 */
export function joined(children, between = ", ") {
  if (children.length === 0) return "";
  const fragment = document.createElement("span");
  children.forEach((child, index) => fragment.append(...(index > 0 ? [between] : []), ...nodes([child])));
  return fragment;
}

/**
 * A list of names and what they are.
 * @param {[string, Child][]} facts those that are empty are left out
 */
export function facts(facts) {
  const there = facts.filter(([, what]) => what !== "" && nodes([what]).length > 0);
  return h(
    "dl",
    { class: "facts" },
    ...there.map(([name, what]) => h("div", {}, h("dt", {}, name), h("dd", {}, what))),
  );
}

/**
 * An address of this page.
 * @param {string} path `objects/2`
 * @param {Record<string, unknown>} [query]
 */
export function address(path, query = {}) {
  const there = Object.entries(query).filter(([, value]) => value !== "" && value !== undefined && value !== null);
  const fields = new URLSearchParams(there.map(([key, value]) => [key, String(value)])).toString();
  return `#${path}${fields === "" ? "" : `?${fields}`}`;
}

/**
 * @param {string} path
 * @param {string | number} text
 * @param {Record<string, unknown>} [query]
 */
export function link(path, text, query) {
  return h("a", { href: address(path, query) }, text);
}

/**
 * An object, by the number and name that the API gives; nothing for none.
 * @param {{ id: number, key: string } | null | undefined} ref
 */
export function objectLink(ref) {
  return ref ? link(`objects/${ref.id}`, `${ref.key} (#${ref.id})`) : "";
}

/** @param {{ id: number, key: string } | null | undefined} ref */
export function channelLink(ref) {
  return ref ? link(`channels/${ref.id}`, `${ref.key} (#${ref.id})`) : "";
}

/** @param {{ id: number, name: string } | null | undefined} ref */
export function accountLink(ref) {
  return ref ? link(`accounts/${ref.id}`, ref.name) : "";
}

/**
 * @param {string} label
 * @param {() => void} does
 * @param {{ of?: string, kind?: "main" | "danger" | "small" | "" }} [options] of: what it is done to, for those
 *   who only hear it
 */
export function button(label, does, { of = "", kind = "" } = {}) {
  const props = { type: "button", class: `button ${kind}`.trim(), onclick: does };
  return h("button", of === "" ? props : { ...props, "aria-label": `${label} ${of}` }, label);
}
