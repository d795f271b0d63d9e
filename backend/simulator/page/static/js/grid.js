// A grid of pictures with titles. A click tells which item it was.

import { clicked } from "./buttons.js";
import { el } from "./dom.js";

// Google documents that id and index arrive, not under which names; these are Apps Script's.
const ID_KEY = "grid_item_identifier";
const INDEX_KEY = "grid_item_index";

export function drawGrid({ title, items = [], columnCount, borderStyle, onClick }, context, path) {
  const list = el(
    "ul",
    { class: `grid${borderStyle?.type === "STROKE" ? " bordered" : ""}`, "aria-label": title || "Grid" },
    items.map((item, index) => el("li", {}, drawItem(item, index, { context, onClick, path }))),
  );
  list.style.setProperty("--columns", String(columnCount || 1));
  return el("div", {}, title && el("p", { class: "grid-title" }, title), list);
}

function drawItem(item, index, { context, onClick, path }) {
  const picture =
    item.image &&
    el("img", {
      class: `grid-picture ${(item.image.cropStyle?.type ?? "SQUARE").toLowerCase()}`,
      src: item.image.imageUri,
      alt: item.image.altText ?? "",
    });
  const words = el(
    "span",
    { class: "grid-words" },
    item.title && el("span", { class: "main-text" }, item.title),
    item.subtitle && el("span", { class: "bottom-label" }, item.subtitle),
  );
  const content = item.layout === "TEXT_ABOVE" ? [words, picture] : [picture, words];
  if (!onClick) return el("div", { class: "grid-item" }, content);
  const extra = [
    { key: ID_KEY, value: item.id ?? "" },
    { key: INDEX_KEY, value: String(index) },
  ];
  const node = el(
    "button",
    {
      type: "button",
      class: "grid-item",
      "data-path": `${path}.g${index}`,
      onClick: () => clicked(onClick, node, context, path, extra),
    },
    content,
  );
  return node;
}
