// Foreign HTML that goes into a draft, rebuilt from an inert tree: known tags only, by DOM calls.

import { el } from "./dom.js";

const ALLOWED = new Set(
  "A B STRONG I EM U S P DIV SPAN BR UL OL LI BLOCKQUOTE H1 H2 H3 H4 HR CODE PRE TABLE TBODY THEAD TR TD TH IMG FONT".split(" "),
);
const SKIPPED = new Set("SCRIPT STYLE TEMPLATE IFRAME OBJECT EMBED HEAD TITLE META LINK SVG MATH".split(" "));

export function richNodes(html) {
  const inert = new DOMParser().parseFromString(html, "text/html");
  return [...inert.body.childNodes].flatMap(rebuilt);
}

export function textNodes(text) {
  return text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
}

function rebuilt(node) {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.data)];
  if (node.nodeType !== Node.ELEMENT_NODE || SKIPPED.has(node.tagName.toUpperCase())) return [];
  const inside = [...node.childNodes].flatMap(rebuilt);
  if (!ALLOWED.has(node.tagName)) return inside;
  const copy = document.createElement(node.tagName);
  if (node.tagName === "A" && /^(https?|mailto|tel):/i.test(node.getAttribute("href") ?? "")) {
    copy.setAttribute("href", node.getAttribute("href"));
  }
  if (node.tagName === "IMG") copy.alt = node.getAttribute("alt") ?? "";
  copy.append(...inside);
  return [copy];
}
