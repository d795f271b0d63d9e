// Text fields with suggestions, and switches.

import { append, el, uniqueId } from "./dom.js";
import { Suggestions } from "./suggestions.js";

const TYPES = { EMAIL: "email", INTEGER: "number", FLOAT: "number" };

// A label above, the control, a line below for the hint and for what is missing.
export function labelled({ label, hint, control, id, extra = null }) {
  const hintId = `${id}-hint`;
  const line = el("p", { class: "hint", id: hintId }, hint ?? "");
  line.hidden = !hint;
  control.setAttribute("aria-describedby", hintId);
  const mark = (isMissing) => {
    control.setAttribute("aria-invalid", String(isMissing));
    line.classList.toggle("missing", isMissing);
    line.textContent = isMissing ? "Fill this in first." : (hint ?? "");
    line.hidden = !line.textContent;
  };
  const node = el(
    "div",
    { class: "field" },
    label && el("label", { for: id, class: "field-label" }, label),
    control,
    extra,
    line,
  );
  return { node, mark };
}

export function drawTextInput(input, context, path) {
  const id = uniqueId("input");
  const suggests = Boolean(input.initialSuggestions?.items?.length || input.autoCompleteAction);
  const isLong = input.type === "MULTIPLE_LINE" && !suggests;
  const control = el(isLong ? "textarea" : "input", {
    id,
    class: "text-field",
    rows: isLong ? 3 : null,
    type: isLong ? null : (TYPES[input.validation?.inputType] ?? "text"),
    step: input.validation?.inputType === "FLOAT" ? "any" : null,
    maxlength: input.validation?.characterLimit ?? null,
    autocomplete: "off",
    "aria-label": input.label ? null : input.hintText || input.name,
    "data-path": path,
    value: input.value ?? "",
  });
  const changed = () => context.host.change(input.onChangeAction, path);
  const list = suggests
    ? new Suggestions({ control, input, suggest: context.host.suggest, onPicked: changed })
    : null;
  const { node, mark } = labelled({ label: input.label, hint: input.hintText, control, id, extra: list?.element });
  control.addEventListener("change", () => {
    if (!list?.isPicking) changed();
  });
  context.fields.push(stringField(input.name, { widget: "text", control, mark, read: () => (control.value ? [control.value] : []) }));
  return node;
}

export function drawSwitch(content, context, path, label) {
  const isBox = content.controlType === "CHECKBOX" || content.controlType === "CHECK_BOX";
  const control = el("input", {
    type: "checkbox",
    role: isBox ? null : "switch",
    class: isBox ? "tick" : "switch",
    checked: Boolean(content.selected),
    "aria-label": label,
    "data-path": path,
    onChange: () => context.host.change(content.onChangeAction, path),
  });
  context.fields.push(boxField(content.name, content.value || "true", control, "switch"));
  return control;
}

export function boxField(name, value, control, widget) {
  const read = () => (control.checked ? [value] : []);
  return {
    name,
    kind: "string",
    widget,
    key: value,
    control,
    isOptional: true,
    drawn: read(),
    read,
    write: (values) => {
      control.checked = values.includes(value);
    },
  };
}

export function stringField(name, { widget, control, mark, read, write }) {
  return {
    name,
    kind: "string",
    widget,
    key: "",
    control,
    mark,
    drawn: read(),
    read,
    write: write ?? ((values) => { control.value = values[0] ?? ""; }),
  };
}

export function options(select, items) {
  return append(
    select,
    items.map((item) => el("option", { value: item.value ?? "", selected: Boolean(item.selected) }, item.text ?? "")),
  );
}
