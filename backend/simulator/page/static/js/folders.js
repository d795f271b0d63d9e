// Draws the left rail: the folders with their counts.

import { el, icon, replace } from "./dom.js";
import { FOLDERS } from "./rows.js";
import { UI_ICONS } from "./ui_icons.js";

export function drawFolders(nav, { current, counts, linkTo, onOpen }) {
  const focused = document.activeElement?.dataset?.folderLink;
  replace(
    nav,
    el(
      "ul",
      {},
      Object.entries(FOLDERS).map(([key, folder]) =>
        el(
          "li",
          {},
          el(
            "a",
            {
              href: linkTo(key),
              class: "folder",
              "aria-current": key === current ? "page" : null,
              "data-folder-link": key,
              onClick: (event) => {
                if (event.metaKey || event.ctrlKey) return;
                event.preventDefault();
                onOpen(key);
              },
            },
            icon(UI_ICONS[folder.icon], { size: 18 }),
            el("span", { class: "folder-name" }, folder.name),
            counts[key] > 0 && count(key, counts[key]),
          ),
        ),
      ),
    ),
  );
  if (focused) nav.querySelector(`[data-folder-link="${focused}"]`)?.focus();
}

function count(key, number) {
  const what = key === "inbox" ? "unread" : "in all";
  return el("span", { class: "folder-count" }, String(number), el("span", { class: "hidden-visually" }, ` ${what}`));
}
