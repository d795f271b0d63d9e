// The add-on's dialog over a draft: a stack of cards of its own, closed with the draft or by DISMISS.

import { CardHost } from "./card_host.js";
import { el, iconButton, replace } from "./dom.js";
import { menuItems } from "./panel_menu.js";
import { openMenu } from "./menu.js";
import { UI_ICONS } from "./ui_icons.js";

export function openComposeDialog(compose, shared) {
  const { addOn } = shared;
  const close = () => {
    replace(compose.dialogHost);
    compose.element.querySelector(".compose-add-on")?.focus();
  };
  const host = new CardHost({
    ...shared,
    spot: "compose",
    context: () => ({ spot: "compose", ...addresses(compose) }),
    gmailAction: (action) => shared.gmailAction(action, { compose, close }),
    onDrawn: () => {
      back.hidden = !host.canGoBack;
    },
  });
  const back = iconButton(UI_ICONS.back, "Back", () => host.back(), { hidden: true });
  const menu = iconButton(UI_ICONS.more, `${addOn.name} menu`, () => openMenu(menu, menuItems(host, addOn), addOn.name), {
    "aria-haspopup": "menu",
  });
  const dialog = el(
    "div",
    { class: "compose-dialog", role: "dialog", "aria-label": addOn.composeLabel || addOn.name },
    el(
      "div",
      { class: "panel-head" },
      back,
      el("img", { src: addOn.logoUrl, alt: "", width: 22, height: 22 }),
      el("h3", {}, addOn.name),
      menu,
      iconButton(UI_ICONS.close, `Close ${addOn.name}`, close),
    ),
    el("div", { class: "panel-body" }, host.element),
  );
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  replace(compose.dialogHost, dialog);
  menu.focus();
  void host.open();
}

function addresses(compose) {
  const listed = Object.entries(compose.recipients());
  return Object.fromEntries(listed.map(([name, people]) => [name, people.map((one) => one.email)]));
}
