// Draws one conversation: its messages, the open ones with their text, and the ways to answer.

import { nameOf, showAddress } from "./addresses.js";
import { ago, fullDate, shortDate } from "./dates.js";
import { append, el, icon, iconButton, replace } from "./dom.js";
import { avatarOf } from "./list.js";
import { drawPlainText } from "./plain_text.js";
import { UI_ICONS } from "./ui_icons.js";

const TALLEST_PX = 6000;

export function drawThread(host, { messages, openIds, currentId, me, folderName, actions }) {
  const subject = messages[0].subject || "(no subject)";
  const items = el("div", { class: "messages" });
  for (const message of messages) {
    append(items, [drawMessage(message, { openIds, currentId, me, actions })]);
  }
  const last = messages[messages.length - 1];
  replace(
    host,
    el(
      "div",
      { class: "thread-bar" },
      el(
        "button",
        { type: "button", class: "back-to-list", onClick: actions.back },
        icon(UI_ICONS.back, { size: 18 }),
        folderName,
      ),
      iconButton(UI_ICONS.bin, "Delete", actions.trash),
    ),
    el("h2", { class: "subject", tabindex: "-1", id: "view-title" }, subject),
    items,
    el(
      "div",
      { class: "answer-buttons" },
      answerButton(UI_ICONS.reply, "Reply", () => actions.reply(last)),
      last.to.length + last.cc.length > 1 &&
        answerButton(UI_ICONS.replyAll, "Reply all", () => actions.replyAll(last)),
      answerButton(UI_ICONS.forward, "Forward", () => actions.forward(last)),
    ),
  );
}

function answerButton(path, text, onClick) {
  return el("button", { type: "button", class: "button", onClick }, icon(path, { size: 18 }), text);
}

function drawMessage(message, { openIds, currentId, me, actions }) {
  const isOpen = openIds.has(message.id);
  const head = el(
    "button",
    {
      type: "button",
      class: "message-head",
      "aria-expanded": String(isOpen),
      onClick: () => actions.toggle(message),
    },
    avatarOf(message.from),
    el(
      "span",
      { class: "message-who" },
      el("strong", {}, nameOf(message.from)),
      message.from.name && el("span", { class: "muted address" }, ` <${message.from.email}>`),
      el("span", { class: "muted message-to" }, isOpen ? recipients(message, me) : message.snippet),
    ),
    el(
      "time",
      { class: "muted", datetime: new Date(message.date).toISOString(), title: fullDate(message.date) },
      isOpen ? longDate(message.date) : shortDate(message.date),
    ),
  );
  return el(
    "article",
    {
      class: `message${message.id === currentId ? " current" : ""}`,
      "aria-label": `${nameOf(message.from)}, ${fullDate(message.date)}`,
      "data-message": message.id,
    },
    head,
    isOpen && el("div", { class: "message-body" }, body(message, me), files(message, actions)),
  );
}

function longDate(ms) {
  const passed = ago(ms);
  return passed ? `${shortDate(ms)} (${passed})` : fullDate(ms);
}

function recipients(message, me) {
  const name = (one) => (one.email === me.email ? "me" : nameOf(one));
  const copies = message.cc.length ? `, cc ${message.cc.map(name).join(", ")}` : "";
  const blind = message.bcc.length ? `, bcc ${message.bcc.map(name).join(", ")}` : "";
  return `to ${message.to.map(name).join(", ") || "nobody"}${copies}${blind}`;
}

function body(message, me) {
  if (!message.hasHtml) return drawPlainText(message.text || message.snippet);
  const query = new URLSearchParams({ person: me.email, message: message.id });
  const frame = el("iframe", {
    class: "message-frame",
    sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    title: `Message from ${showAddress(message.from)}`,
    src: `/simulator/body?${query}`,
  });
  frame.addEventListener("load", () => fit(frame));
  return frame;
}

// The frame runs no script, so its height is read from here.
function fit(frame) {
  const measure = () => {
    const height = frame.contentDocument?.documentElement?.offsetHeight ?? 0;
    if (height) frame.style.height = `${Math.min(height + 4, TALLEST_PX)}px`;
  };
  measure();
  new ResizeObserver(measure).observe(frame.parentElement);
}

function files(message, actions) {
  if (!message.files.length) return null;
  return el(
    "ul",
    { class: "files", "aria-label": "Attachments" },
    message.files.map((part) =>
      el(
        "li",
        {},
        el(
          "button",
          { type: "button", class: "button", onClick: () => actions.download(message, part) },
          icon(UI_ICONS.attach, { size: 16 }),
          part.filename,
          el("span", { class: "muted" }, ` ${sizeOf(part.body.size)}`),
        ),
      ),
    ),
  );
}

function sizeOf(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}
