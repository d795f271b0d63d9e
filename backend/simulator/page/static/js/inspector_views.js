// What the inspector's tabs show: a call as a line, JSON with colours, findings with their places.

import { el } from "./dom.js";

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const WORDS = { refused: "Refused", wrong: "Wrong", advice: "Advice" };

export function drawCall(record, call, { isSelected, onClick }) {
  const isBad = call.status !== 200 || record.result.problem;
  const path = new URL(call.url).pathname;
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: `call${isSelected ? " selected" : ""}`, onClick, "aria-pressed": String(isSelected) },
      el("span", { class: `call-status${isBad ? " bad" : ""}` }, String(call.status || "—")),
      el("span", { class: "call-path", title: call.url }, path, record.isReplay && el("em", {}, " replay")),
      el("span", { class: "call-size" }, `${call.ms} ms`),
      el("span", { class: "call-size" }, kilobytes(call.bytes)),
    ),
  );
}

export function drawJson(value, title) {
  const text = value === null || value === undefined ? "" : JSON.stringify(value, null, 1);
  return el("div", {}, el("p", { class: "json-title" }, title), el("pre", { class: "json" }, colored(text)));
}

export function drawChecks(findings) {
  if (!findings.length) {
    return el("p", { class: "muted" }, "No problems in this response.");
  }
  return el(
    "ul",
    { class: "findings" },
    findings.map(({ severity, path, text }) =>
      el(
        "li",
        { class: `finding ${severity}` },
        el("strong", {}, WORDS[severity] ?? severity),
        el("span", {}, text),
        el("code", {}, path),
      ),
    ),
  );
}

function colored(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(TOKEN)) {
    nodes.push(text.slice(from, found.index));
    const [whole, string, colon] = found;
    if (string) nodes.push(el("span", { class: colon ? "json-key" : "json-text" }, string), colon ?? "");
    else nodes.push(el("span", { class: "json-value" }, whole));
    from = found.index + whole.length;
  }
  return [...nodes, text.slice(from)];
}

function kilobytes(bytes) {
  return bytes ? `${(bytes / 1024).toFixed(1)} kB` : "";
}
