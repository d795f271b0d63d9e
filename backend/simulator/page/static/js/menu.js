// A pop-up menu: arrow keys, Home and End, Escape returns to its button, a click elsewhere closes.

import { append, el, uniqueId } from "./dom.js";

let closeOpenMenu = () => {};

export function openMenu(button, items, label) {
  closeOpenMenu();
  const menu = el("ul", { class: "menu", role: "menu", id: uniqueId("menu"), "aria-label": label });
  const entries = items.map((item) => entry(item, () => close(false)));
  append(menu, entries);
  place(menu, button);
  button.setAttribute("aria-expanded", "true");
  button.setAttribute("aria-controls", menu.id);
  const controller = new AbortController();
  const close = (returnsFocus) => {
    controller.abort();
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    button.removeAttribute("aria-controls");
    closeOpenMenu = () => {};
    if (returnsFocus) button.focus();
  };
  closeOpenMenu = () => close(false);
  menu.addEventListener("keydown", (event) => onKey(event, menu, close));
  document.addEventListener(
    "pointerdown",
    (event) => {
      if (!menu.contains(event.target) && !button.contains(event.target)) close(false);
    },
    { signal: controller.signal },
  );
  focusable(menu)[0]?.focus();
}

function entry(item, close) {
  return el(
    "li",
    { role: "none" },
    el(
      "button",
      {
        type: "button",
        role: "menuitem",
        tabindex: "-1",
        disabled: item.disabled,
        onClick: () => {
          close();
          item.onClick();
        },
      },
      item.icon,
      el("span", {}, item.text),
    ),
  );
}

function onKey(event, menu, close) {
  const items = focusable(menu);
  const index = items.indexOf(document.activeElement);
  const moves = {
    ArrowDown: () => items[(index + 1) % items.length].focus(),
    ArrowUp: () => items[(index - 1 + items.length) % items.length].focus(),
    Home: () => items[0].focus(),
    End: () => items[items.length - 1].focus(),
    Escape: () => close(true),
    Tab: () => close(true),
  };
  if (!moves[event.key]) return;
  event.preventDefault();
  event.stopPropagation();
  moves[event.key]();
}

function focusable(menu) {
  return [...menu.querySelectorAll("button:not(:disabled)")];
}

// Fixed to the window, so that no scrolling panel cuts it off.
function place(menu, button) {
  (button.closest("aside, section, main") ?? document.body).append(menu);
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = Math.min(at.left, window.innerWidth - size.width - 8);
  const below = at.bottom + 4;
  const top = below + size.height > window.innerHeight ? at.top - size.height - 4 : below;
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${Math.max(8, top)}px`;
}
