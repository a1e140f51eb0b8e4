// Makes and updates elements. What the server says becomes text and attributes, never markup: nobody's name can be a program.

const HANDLERS = ["onclick", "oninput", "onchange", "onsubmit", "onkeydown"];

/** An element: attributes, `on…` handlers, `vars` (CSS variables), `keep` (see `morph`), and children. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element[name] = value;
    else if (name === "vars") setVars(element, value);
    else if (name === "key" || name === "keep") element.dataset[name] = value;
    else if (name === "value" && tag !== "option") element.value = value;
    else if (name === "checked" || name === "selected") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  // A select knows its value once it has its options.
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  if (tag === "select" && props.value !== undefined) element.value = props.value;
  return element;
}

function setVars(element, vars) {
  element.vars = vars;
  for (const [name, value] of Object.entries(vars)) element.style.setProperty(name, value);
}

/** Makes the children of `root` look like these, and keeps what is the same: focus, what was typed, what was opened. */
export function render(root, ...children) {
  const before = document.activeElement;
  const had = root.contains(before) && before !== root;
  const wanted = document.createElement(root.tagName);
  wanted.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  morphChildren(root, wanted);
  if (had && document.activeElement !== before && before.isConnected) before.focus({ preventScroll: true });
}

function morph(old, wanted) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== wanted.data) old.data = wanted.data;
    return;
  }
  // Somebody types here: only a form of another key takes its place.
  if (wanted.dataset.keep) return;
  for (const { name } of [...old.attributes]) {
    const users = name === "style" || (name === "open" && old.tagName === "DETAILS");
    if (!users && !wanted.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (name !== "style" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const handler of HANDLERS) old[handler] = wanted[handler];
  if (wanted.vars) setVars(old, wanted.vars);
  morphChildren(old, wanted);
}

function same(old, wanted) {
  return (
    old.nodeType === wanted.nodeType &&
    old.nodeName === wanted.nodeName &&
    (old.nodeType === Node.TEXT_NODE ||
      (old.dataset.key === wanted.dataset.key && old.dataset.keep === wanted.dataset.keep))
  );
}

function morphChildren(root, wanted) {
  const left = [...root.childNodes];
  let at = root.firstChild;
  for (const child of [...wanted.childNodes]) {
    const index = left.findIndex((old) => same(old, child));
    if (index < 0) {
      root.insertBefore(child, at);
      continue;
    }
    const [found] = left.splice(index, 1);
    if (found === at) at = at.nextSibling;
    else root.insertBefore(found, at);
    morph(found, child);
  }
  for (const old of left) old.remove();
}

let count = 0;

/** An id that no other element has. */
export function newId(what) {
  count += 1;
  return `${what}-${count}`;
}

/** Brings the keyboard to something that is no control: a heading, a step. */
export function focusOn(element) {
  if (!element) return;
  if (!element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
  element.focus();
}
