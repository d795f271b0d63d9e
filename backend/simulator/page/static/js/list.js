// Draws a folder as a list of conversations. Each row is a link with an address of its own.

import { avatar, firstName, nameOf } from "./addresses.js";
import { fullDate, shortDate } from "./dates.js";
import { append, el, replace } from "./dom.js";

const EMPTY = {
  inbox: "Nothing in the inbox. New mail appears here by itself.",
  sent: "Nothing sent yet.",
  drafts: "No drafts.",
  all: "No mail.",
};

export function drawList(host, { rows, folder, title, me, linkTo, onOpen, onMore }) {
  const list = el("ul", { class: "rows", "aria-label": title });
  for (const row of rows) append(list, [drawRow(row, { me, linkTo, onOpen })]);
  replace(
    host,
    el("h2", { class: "hidden-visually", tabindex: "-1", id: "view-title" }, title),
    rows.length ? list : el("p", { class: "empty" }, EMPTY[folder]),
    onMore && el("p", { class: "more-row" }, el("button", { type: "button", class: "button", onClick: onMore }, "Older mail")),
  );
}

export function avatarOf(person, size = "") {
  const { letters, tone } = avatar(person);
  return el("span", { class: `avatar tone-${tone} ${size}`, "aria-hidden": "true" }, letters);
}

function drawRow(row, { me, linkTo, onOpen }) {
  const open = (event) => {
    if (event.metaKey || event.ctrlKey || event.button === 1) return;
    event.preventDefault();
    onOpen(row);
  };
  return el(
    "li",
    {},
    el(
      "a",
      {
        class: `row${row.isUnread ? " unread" : ""}`,
        href: linkTo(row),
        onClick: open,
        "data-thread": row.threadId,
      },
      avatarOf(row.people.find((one) => one.email !== me.email) ?? me, "small"),
      el(
        "span",
        { class: "row-people" },
        row.isUnread && el("span", { class: "hidden-visually" }, "Unread: "),
        people(row, me),
        row.count > 1 && el("span", { class: "row-count" }, ` ${row.count}`),
      ),
      el(
        "span",
        { class: "row-text" },
        el("span", { class: "row-subject" }, row.subject),
        row.snippet && el("span", { class: "row-snippet" }, ` — ${row.snippet}`),
      ),
      el("time", { class: "row-date", datetime: new Date(row.date).toISOString(), title: fullDate(row.date) }, shortDate(row.date)),
    ),
  );
}

function people(row, me) {
  const named = row.people.map((one) => (one.email === me.email ? "me" : null) ?? (row.people.length > 1 ? firstName(one) : nameOf(one)));
  const shown = named.length > 3 ? [named[0], "…", named[named.length - 1]] : named;
  const text = shown.join(", ") || "(nobody yet)";
  if (row.isDraftRow) return [el("span", { class: "draft-mark" }, "Draft"), ` ${text}`];
  const prefix = row.isOutgoing ? "To: " : "";
  return [prefix + text, row.hasDraft && el("span", { class: "draft-mark" }, ", Draft")];
}
