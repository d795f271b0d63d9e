// What a reply, a reply to all or a forward starts with.

import { nameOf, showAddress } from "./addresses.js";
import { fullDate } from "./dates.js";
import { el } from "./dom.js";
import { textNodes } from "./rich_text.js";

export function replyTo(message, me, { toAll = false } = {}) {
  const isOwn = message.from.email === me.email;
  const sender = message.replyTo.length ? message.replyTo : [message.from];
  const to = isOwn ? message.to : sender;
  const others = [...(isOwn ? [] : message.to), ...message.cc].filter(
    (one) => one.email !== me.email && !to.some((each) => each.email === one.email),
  );
  return {
    to,
    cc: toAll ? others : [],
    bcc: [],
    subject: prefixed("Re", message.subject),
    threadId: message.threadId,
    inReplyTo: message.rfcId,
    references: [message.references, message.rfcId].filter(Boolean).join(" "),
    body: [emptyLine(), emptyLine(), quote(message)],
  };
}

export function forwardOf(message) {
  return {
    to: [],
    cc: [],
    bcc: [],
    subject: prefixed("Fwd", message.subject),
    body: [
      emptyLine(),
      el(
        "div",
        {},
        textNodes(
          `---------- Forwarded message ---------\nFrom: ${showAddress(message.from)}\n` +
            `Date: ${fullDate(message.date)}\nSubject: ${message.subject}\n` +
            `To: ${message.to.map(showAddress).join(", ")}\n\n`,
        ),
        textNodes(message.text || message.snippet),
      ),
    ],
  };
}

function emptyLine() {
  return el("div", {}, el("br"));
}

function quote(message) {
  return el(
    "div",
    { class: "quote" },
    `On ${fullDate(message.date)}, ${nameOf(message.from)} <${message.from.email}> wrote:`,
    el("blockquote", {}, textNodes((message.text || message.snippet).trim())),
  );
}

function prefixed(prefix, subject) {
  return new RegExp(`^${prefix}:`, "i").test(subject) ? subject : `${prefix}: ${subject}`;
}
