// Writes a mail as from another program than Gmail: it arrives like any mail, and is in nobody's Sent folder.

import { el, uniqueId } from "./dom.js";

export function writeFromAnotherClient({ me, say }) {
  const titleId = uniqueId("title");
  const fields = {
    from: field("From", { value: me.name ? `${me.name} <${me.email}>` : me.email, required: true }),
    to: field("To", { required: true }),
    cc: field("Cc", {}),
    bcc: field("Bcc", { placeholder: "Smart BCC address" }),
    subject: field("Subject", {}),
    text: field("Text", {}, "textarea"),
  };
  const proven = el("input", { type: "checkbox", class: "tick", checked: true });
  const problem = el("p", { class: "hint missing", role: "alert" });
  const dialog = el(
    "dialog",
    { class: "dialog", "aria-labelledby": titleId },
    el(
      "form",
      {
        method: "dialog",
        onSubmit: async (event) => {
          event.preventDefault();
          problem.textContent = await deliver(fields, proven.checked);
          if (problem.textContent) return;
          dialog.close();
          say("Message sent from another client");
        },
      },
      el("h2", { id: titleId }, "Another client"),
      el("p", { class: "muted" }, "As if written in Outlook or on a phone: no Gmail keeps a copy of its own. A Smart BCC address in Bcc has it logged."),
      Object.values(fields).flatMap(({ label, input }) => [label, input]),
      el("label", { class: "choice" }, proven, "DKIM and SPF prove the sender"),
      problem,
      el(
        "div",
        { class: "dialog-buttons" },
        el("button", { type: "button", class: "button", onClick: () => dialog.close() }, "Cancel"),
        el("button", { type: "submit", class: "button filled" }, "Send"),
      ),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function field(name, options, tag = "input") {
  const id = uniqueId("field");
  const input = el(tag, { id, class: "text-field", autocomplete: "off", ...options });
  return { label: el("label", { for: id, class: "field-label" }, name), input };
}

async function deliver(fields, proven) {
  const written = Object.fromEntries(Object.entries(fields).map(([name, { input }]) => [name, input.value]));
  const people = ["to", "cc", "bcc"].map((name) => [name, separate(written[name])]);
  const response = await fetch("/simulator/mail", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...written, ...Object.fromEntries(people), proven }),
  });
  if (response.ok) return "";
  const body = await response.json();
  return body.error ?? "This mail cannot be sent.";
}

function separate(written) {
  return written.split(/[,;]/).map((one) => one.trim()).filter(Boolean);
}
