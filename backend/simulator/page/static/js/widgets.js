// The widgets that show something. Those that take input are in inputs.js, selection.js, pickers.js.

import { clicked, drawButton, drawButtonList, drawChipList, drawIcon } from "./buttons.js";
import { el } from "./dom.js";
import { drawGrid } from "./grid.js";
import { drawSwitch, drawTextInput } from "./inputs.js";
import { markupNodes, plainText } from "./markup.js";
import { drawDateTimePicker } from "./pickers.js";
import { drawSelection } from "./selection.js";

const DRAWN = {
  textParagraph: drawTextParagraph,
  decoratedText: drawDecoratedText,
  image: drawImage,
  buttonList: drawButtonList,
  textInput: drawTextInput,
  selectionInput: drawSelection,
  dateTimePicker: drawDateTimePicker,
  divider: () => el("hr", { class: "divider" }),
  grid: drawGrid,
  chipList: drawChipList,
  columns: drawColumns,
};

export function drawWidget(widget, context, path) {
  const kind = Object.keys(widget).find((key) => DRAWN[key]);
  if (!kind || (kind === "columns" && context.spot !== "compose")) return notShown(widget);
  return DRAWN[kind](widget[kind], context, path);
}

function notShown(widget) {
  const name = Object.keys(widget)[0] ?? "an empty widget";
  return el("p", { class: "not-shown" }, `Widget not shown here: ${name}`);
}

function drawTextParagraph({ text, maxLines }, context, path) {
  const node = el("p", { class: "paragraph" }, markupNodes(text, context.host.openLink));
  if (!maxLines) return node;
  node.classList.add("clamped");
  node.style.setProperty("-webkit-line-clamp", String(maxLines));
  const toggle = el("button", { type: "button", class: "show-more", "data-path": `${path}.lines`, "aria-expanded": "false" }, "Show more");
  toggle.addEventListener("click", () => {
    const isOpen = node.classList.toggle("clamped") === false;
    toggle.setAttribute("aria-expanded", String(isOpen));
    toggle.textContent = isOpen ? "Show less" : "Show more";
  });
  toggle.hidden = true;
  requestAnimationFrame(() => {
    toggle.hidden = node.scrollHeight <= node.clientHeight + 1;
  });
  return el("div", {}, node, toggle);
}

function drawDecoratedText(content, context, path) {
  const { topLabel, text, bottomLabel, wrapText, onClick } = content;
  const words = [
    topLabel && el("span", { class: "top-label", title: topLabel }, topLabel),
    el(
      "span",
      { class: `main-text${wrapText ? " wrapped" : ""}`, title: wrapText ? null : plainText(text) },
      markupNodes(text, context.host.openLink),
    ),
    bottomLabel && el("span", { class: "bottom-label" }, bottomLabel),
  ];
  const start = drawIcon(content.startIcon ?? content.icon);
  const startCell = start && el("span", { class: "start-icon" }, start);
  const end = control(content, context, path);
  if (!onClick) return el("div", { class: "decorated" }, startCell, el("span", { class: "words" }, words), end);
  const node = el(
    "button",
    {
      type: "button",
      class: "decorated-click",
      "data-path": `${path}.click`,
      "aria-haspopup": onClick.overflowMenu ? "menu" : null,
      onClick: () => clicked(onClick, node, context, path),
    },
    startCell,
    el("span", { class: "words" }, words),
  );
  return el("div", { class: "decorated clickable" }, node, end);
}

function control(content, context, path) {
  if (content.button) return drawButton(content.button, context, `${path}.button`);
  if (content.switchControl) return drawSwitch(content.switchControl, context, `${path}.switch`, plainText(content.text));
  if (content.endIcon) return el("span", { class: "end-icon" }, drawIcon(content.endIcon));
  return null;
}

function drawImage({ imageUrl, altText, onClick }, context, path) {
  const picture = el("img", { class: "picture", src: imageUrl, alt: altText ?? "" });
  if (!onClick) return picture;
  const node = el(
    "button",
    {
      type: "button",
      class: "picture-click",
      "aria-label": altText || "Picture",
      "data-path": `${path}.click`,
      onClick: () => clicked(onClick, node, context, path),
    },
    picture,
  );
  return node;
}

function drawColumns({ columnItems = [] }, context, path) {
  return el(
    "div",
    { class: "columns" },
    columnItems.slice(0, 2).map((column, index) =>
      el(
        "div",
        { class: `column${column.horizontalSizeStyle === "FILL_MINIMUM_SPACE" ? " narrow" : ""}` },
        (column.widgets ?? []).map((widget, place) =>
          el("div", { class: "widget" }, drawWidget(widget, context, `${path}.k${index}.${place}`)),
        ),
      ),
    ),
  );
}
