// Buttons, chips and icons of a card.

import { el, icon } from "./dom.js";
import { KNOWN_ICONS } from "./known_icons.js";
import { openMenu } from "./menu.js";
import { UI_ICONS } from "./ui_icons.js";

const LIGHT = 0.6;

export function drawIcon(content, size = 20) {
  if (!content) return null;
  if (content.iconUrl) {
    return el("img", {
      class: `card-icon${content.imageType === "CIRCLE" ? " round" : ""}`,
      src: content.iconUrl,
      alt: content.altText ?? "",
      width: size,
      height: size,
    });
  }
  const path = KNOWN_ICONS[content.knownIcon];
  return path ? icon(path, { size, label: content.altText ?? "" }) : null;
}

export function drawButton(button, context, path, { filled = false } = {}) {
  const text = button.text ?? "";
  const label = button.altText || text || button.icon?.altText || "Button";
  const isFilled = filled || Boolean(button.color && !path.startsWith("f."));
  const node = el(
    "button",
    {
      type: "button",
      class: `button${isFilled ? " filled" : ""}${text ? "" : " icon-only"}`,
      disabled: button.disabled,
      "aria-label": label === text ? null : label,
      title: text ? null : label,
      "data-path": path,
      "aria-haspopup": button.onClick?.overflowMenu ? "menu" : null,
      onClick: () => clicked(button.onClick, node, context, path),
    },
    drawIcon(button.icon, 18),
    text,
  );
  if (button.color) paint(node, button.color, isFilled);
  return node;
}

export function drawButtonList({ buttons = [] }, context, path) {
  return el(
    "div",
    { class: "button-list" },
    buttons.map((button, index) => drawButton(button, context, `${path}.b${index}`)),
  );
}

export function drawChipList({ chips = [], layout }, context, path) {
  return el(
    "ul",
    { class: `chips${layout === "HORIZONTAL_SCROLLABLE" ? " scrolling" : ""}` },
    chips.map((chip, index) => {
      const place = `${path}.c${index}`;
      const node = el(
        "button",
        {
          type: "button",
          class: "chip",
          disabled: chip.disabled,
          "aria-label": chip.altText ?? null,
          "data-path": place,
          onClick: () => clicked(chip.onClick, node, context, place),
        },
        drawIcon(chip.icon, 16),
        chip.label ?? "",
      );
      return el("li", {}, node);
    }),
  );
}

// One click of anything that has an onClick.
export function clicked(onClick, node, context, path, extra = []) {
  if (!onClick) return;
  if (!onClick.overflowMenu) {
    context.host.click(onClick, { path, extra });
    return;
  }
  const items = (onClick.overflowMenu.items ?? []).map((item) => ({
    text: item.text ?? "",
    icon: drawIcon(item.startIcon, 18),
    disabled: item.disabled,
    onClick: () => clicked(item.onClick, node, context, path),
  }));
  openMenu(node, items, node.getAttribute("aria-label") ?? node.textContent);
}

export function moreIcon() {
  return icon(UI_ICONS.right, { size: 18 });
}

// Google's colours are parts of one; the text on top stays readable.
function paint(node, { red = 0, green = 0, blue = 0 }, isFilled) {
  const written = `rgb(${[red, green, blue].map((part) => Math.round(part * 255)).join(" ")})`;
  const isLight = 0.2126 * red + 0.7152 * green + 0.0722 * blue > LIGHT;
  if (isFilled) {
    node.style.backgroundColor = written;
    node.style.borderColor = written;
    node.style.color = isLight ? "#1f1f1f" : "#ffffff";
  } else if (!isLight) node.style.color = written;
}
