// Builds elements by DOM calls. Nothing on this page is ever made from a string of HTML.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child);
  }
  return node;
}

export function replace(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

export function icon(path, { size = 20, label = "" } = {}) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({
    viewBox: "0 0 24 24",
    width: size,
    height: size,
    class: "icon",
  })) {
    svg.setAttribute(name, value);
  }
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

export function iconButton(path, label, onClick, attributes = {}) {
  return el(
    "button",
    { type: "button", class: "icon-button", title: label, "aria-label": label, onClick, ...attributes },
    icon(path),
  );
}

let lastId = 0;

export function uniqueId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2).toLowerCase(), value);
  else if (name === "value" || name === "checked" || name === "selected") node[name] = value;
  else if (name === "text") node.textContent = value;
  else node.setAttribute(name, value === true ? "" : value);
}
