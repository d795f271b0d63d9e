// What an add-on may do to a draft: replace its recipients and subject, insert into its body.

import { showAddress } from "./addresses.js";
import { el } from "./dom.js";
import { richNodes, textNodes } from "./rich_text.js";

const RECIPIENTS = [
  ["to", "updateToRecipients", "toRecipients"],
  ["cc", "updateCcRecipients", "ccRecipients"],
  ["bcc", "updateBccRecipients", "bccRecipients"],
];

export function updateDraft(compose, update) {
  for (const [field, message, list] of RECIPIENTS) {
    if (!update[message]) continue;
    const people = (update[message][list] ?? []).map((one) => ({ name: "", email: one.email }));
    compose.fields[field].input.value = people.map(showAddress).join(", ");
  }
  if (update.updateSubject) compose.fields.subject.input.value = update.updateSubject.subject ?? "";
  if (update.updateBody) updateBody(compose.body, update.updateBody);
  compose.changed();
}

function updateBody(body, { type = "IN_PLACE_INSERT", insertContents = [] }) {
  const nodes = insertContents.flatMap(contentNodes);
  switch (type) {
    case "REPLACE":
      body.replaceChildren(...nodes);
      break;
    case "INSERT_AT_START":
      body.prepend(...nodes);
      break;
    case "INSERT_AT_END":
      body.append(...nodes);
      break;
    default:
      insertAtCursor(body, nodes);
  }
}

function contentNodes({ content = "", contentType, mimeType }) {
  switch (contentType ?? mimeType) {
    case "IMMUTABLE_HTML":
      return [el("span", { class: "immutable", contenteditable: "false" }, richNodes(content))];
    case "TEXT":
      return textNodes(content);
    default:
      return richNodes(content);
  }
}

// At the cursor, in place of what is selected; at the start when the cursor is elsewhere.
function insertAtCursor(body, nodes) {
  const place = body.cursor;
  if (!place || !body.contains(place.commonAncestorContainer)) {
    body.prepend(...nodes);
    return;
  }
  place.deleteContents();
  const fragment = document.createDocumentFragment();
  fragment.append(...nodes);
  place.insertNode(fragment);
}

// Remembers where the cursor was when the reader goes on to the add-on's dialog.
export function rememberCursor(body) {
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection?.rangeCount || !body.isConnected) return;
    const range = selection.getRangeAt(0);
    if (body.contains(range.commonAncestorContainer)) body.cursor = range.cloneRange();
  });
}
