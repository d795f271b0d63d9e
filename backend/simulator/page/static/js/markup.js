// The little markup Google allows in a card's texts, parsed into a tree and built by DOM calls.
// Tags it does not know are shown as text, so that a mistake can be seen.

import { el } from "./dom.js";

const TOKEN = /<(\/?)(b|i|u|s|font|a|time|br)\b([^<>]*?)\/?>/gi;
const ATTRIBUTE = /([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g;
const ENTITY = /&(#x[0-9a-f]+|#\d+|amp|lt|gt|quot|apos|nbsp);/gi;
const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const COLOR = /^#[0-9a-f]{6}$/i;

export function markupNodes(text, onLink) {
  return parse(text ?? "").children.flatMap((node) => build(node, onLink));
}

// The text alone, for names that screen readers say.
export function plainText(text) {
  return decode((text ?? "").replace(TOKEN, " ")).replace(/\s+/g, " ").trim();
}

export function parse(text) {
  const root = { tag: "", children: [] };
  const open = [root];
  let from = 0;
  for (const found of text.matchAll(TOKEN)) {
    addText(open, text.slice(from, found.index));
    from = found.index + found[0].length;
    const tag = found[2].toLowerCase();
    if (tag === "br") open[open.length - 1].children.push({ tag, children: [] });
    else if (found[1]) close(open, tag);
    else {
      const node = { tag, attributes: attributes(found[3]), children: [] };
      open[open.length - 1].children.push(node);
      open.push(node);
    }
  }
  addText(open, text.slice(from));
  return root;
}

function addText(open, text) {
  if (text) open[open.length - 1].children.push({ tag: "#text", text: decode(text) });
}

function close(open, tag) {
  const index = open.findLastIndex((node) => node.tag === tag);
  if (index > 0) open.length = index;
}

function attributes(written) {
  const result = {};
  for (const [, name, double, single, bare] of written.matchAll(ATTRIBUTE)) {
    result[name.toLowerCase()] = decode(double ?? single ?? bare ?? "");
  }
  return result;
}

function decode(text) {
  return text.replace(ENTITY, (whole, name) => {
    if (name[0] !== "#") return NAMED[name.toLowerCase()] ?? whole;
    const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function build(node, onLink) {
  if (node.tag === "#text") {
    return node.text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
  }
  const inside = node.children.flatMap((child) => build(child, onLink));
  switch (node.tag) {
    case "br":
      return [el("br")];
    case "font":
      return [colored(inside, node.attributes.color)];
    case "a":
      return [link(inside, node.attributes.href ?? "", onLink)];
    default:
      return [el(node.tag, {}, inside)];
  }
}

function colored(inside, color) {
  const node = el("span", {}, inside);
  if (COLOR.test(color ?? "")) node.style.color = color;
  return node;
}

function link(inside, url, onLink) {
  return el(
    "a",
    {
      href: url,
      onClick: (event) => {
        event.preventDefault();
        onLink({ url });
      },
    },
    inside,
  );
}
