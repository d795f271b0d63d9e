// A plain-text mail as paragraphs: addresses become links, quoted text folds away.

import { el } from "./dom.js";

const LINK = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;
const QUOTE_START = /^(>|On .{6,120} wrote:$|-{2,}\s*Original Message)/;

export function drawPlainText(text) {
  const lines = text.replace(/\r\n?/g, "\n").trimEnd().split("\n");
  let cut = lines.findIndex((line) => QUOTE_START.test(line));
  if (cut < 0 || lines.slice(cut).every((line) => !line.trim())) cut = lines.length;
  const quoted = lines.slice(cut).join("\n").trim();
  return el(
    "div",
    { class: "plain-text" },
    linked(lines.slice(0, cut).join("\n").trimEnd()),
    quoted && fold(quoted),
  );
}

function fold(quoted) {
  return el(
    "details",
    { class: "quoted" },
    el("summary", { title: "Show quoted text" }, el("span", { class: "hidden-visually" }, "Quoted text"), "…"),
    el("div", {}, linked(quoted)),
  );
}

function linked(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    nodes.push(text.slice(from, found.index));
    nodes.push(el("a", { href: found[0], target: "_blank", rel: "noopener noreferrer" }, found[0]));
    from = found.index + found[0].length;
  }
  return [...nodes, text.slice(from)];
}
