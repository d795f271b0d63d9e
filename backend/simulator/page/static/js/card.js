// Draws one card: header, sections that fold, and the footer that stays in sight.

import { append, el } from "./dom.js";
import { drawButton } from "./buttons.js";
import { markupNodes } from "./markup.js";
import { drawWidget } from "./widgets.js";

const MOST_WIDGETS = 100;

// Returns the parts, and the fields that can be typed into. `host` carries out what a click asks.
export function drawCard(card, host) {
  const fields = [];
  const context = { host, fields, spot: host.spot };
  const body = el("div", { class: "card-body" }, header(card.header));
  const separated = card.sectionDividerStyle !== "NO_DIVIDER";
  for (const [index, section] of withinLimit(card.sections ?? []).entries()) {
    append(body, [drawSection(section, context, `s${index}`, separated)]);
  }
  return { body, footer: drawFooter(card.fixedFooter, context), fields };
}

function header(content) {
  if (!content?.title) return null;
  const { title, subtitle, imageUrl, imageType, imageAltText } = content;
  return el(
    "header",
    { class: "card-header" },
    imageUrl &&
      el("img", {
        class: `card-picture${imageType === "CIRCLE" ? " round" : ""}`,
        src: imageUrl,
        alt: imageAltText ?? "",
        width: 40,
        height: 40,
      }),
    el(
      "div",
      {},
      el("h3", { class: "card-title", tabindex: "-1" }, title),
      subtitle && el("p", { class: "card-subtitle" }, subtitle),
    ),
  );
}

// As at Google, the section that crosses the limit and all after it vanish.
function withinLimit(sections) {
  let count = 0;
  const past = sections.findIndex((section) => (count += section.widgets?.length ?? 0) > MOST_WIDGETS);
  return past < 0 ? sections : sections.slice(0, past);
}

function drawSection(section, context, path, separated) {
  const widgets = (section.widgets ?? []).map((widget, index) =>
    el("div", { class: "widget" }, drawWidget(widget, context, `${path}.w${index}`)),
  );
  const shown = section.uncollapsibleWidgetsCount ?? 0;
  const folds = section.collapsible && widgets.length > shown;
  return el(
    "section",
    { class: `card-section${separated ? " separated" : ""}` },
    section.header && el("h4", { class: "section-title" }, markupNodes(section.header, context.host.openLink)),
    folds ? [widgets.slice(0, shown), folded(widgets.slice(shown), section, context, path)] : widgets,
  );
}

function folded(widgets, section, context, path) {
  const inside = el("div", { id: `${context.host.id}-${path}-more`, hidden: true }, widgets);
  const control = section.collapseControl;
  const toggle = el("button", {
    type: "button",
    class: "show-more",
    "data-path": `${path}.more`,
    "aria-controls": inside.id,
    onClick: () => show(inside.hidden),
  });
  const show = (isOpen) => {
    inside.hidden = !isOpen;
    toggle.setAttribute("aria-expanded", String(isOpen));
    const own = isOpen ? control?.collapseButton : control?.expandButton;
    toggle.textContent = own?.text ?? (isOpen ? "Show less" : "Show more");
    context.host.unfolded?.[isOpen ? "add" : "delete"](path);
  };
  toggle.classList.add(`align-${(control?.horizontalAlignment ?? "START").toLowerCase()}`);
  show(context.host.unfolded?.has(path) ?? false);
  return [inside, toggle];
}

function drawFooter(footer, context) {
  if (!footer?.primaryButton) return null;
  return el(
    "div",
    { class: "card-footer" },
    footer.secondaryButton && drawButton(footer.secondaryButton, context, "f.secondary"),
    drawButton(footer.primaryButton, context, "f.primary", { filled: true }),
  );
}
