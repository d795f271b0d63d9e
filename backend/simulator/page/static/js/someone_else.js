// Asks for an address and plays that person: somebody the product has never heard of.

import { el, uniqueId } from "./dom.js";

export function askForSomeone(onPerson) {
  const [id, titleId] = [uniqueId("someone"), uniqueId("title")];
  const input = el("input", { id, type: "email", required: true, class: "text-field", autocomplete: "off", placeholder: "lee@graphicdesign.example" });
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
          const failure = await add(input.value);
          problem.textContent = failure;
          if (failure) return;
          dialog.close();
          onPerson(input.value.trim().toLowerCase());
        },
      },
      el("h2", { id: titleId }, "Play someone else"),
      el("p", { class: "muted" }, "They get a mailbox here. Write to the team as them, or see what the add-on tells a stranger."),
      el("label", { for: id, class: "field-label" }, "Email address"),
      input,
      problem,
      el(
        "div",
        { class: "dialog-buttons" },
        el("button", { type: "button", class: "button", onClick: () => dialog.close() }, "Cancel"),
        el("button", { type: "submit", class: "button filled" }, "Play this person"),
      ),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

async function add(email) {
  const response = await fetch("/simulator/people", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email }),
  });
  if (response.ok) return "";
  const body = await response.json();
  return body.error ?? "This address cannot be used.";
}
