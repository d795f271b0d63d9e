// Choosing: boxes, radio buttons, switches, a drop-down, or several out of a list.

import { el, uniqueId } from "./dom.js";
import { labelled, options, stringField } from "./inputs.js";

const MOST_SELECTED = 3;

export function drawSelection(input, context, path) {
  switch (input.type) {
    case "DROPDOWN":
      return drawDropdown(input, context, path);
    case "MULTI_SELECT":
      return drawMultiSelect(input, context, path);
    default:
      return drawGroup(input, context, path);
  }
}

function drawDropdown(input, context, path) {
  const id = uniqueId("select");
  const control = options(
    el("select", {
      id,
      class: "text-field",
      "aria-label": input.label ? null : input.name,
      "data-path": path,
      onChange: () => context.host.change(input.onChangeAction, path),
    }),
    input.items ?? [],
  );
  if (!(input.items ?? []).some((item) => item.selected)) control.selectedIndex = -1;
  const { node, mark } = labelled({ label: input.label, control, id });
  context.fields.push(
    stringField(input.name, {
      widget: "dropdown",
      control,
      mark,
      read: () => (control.selectedIndex >= 0 ? [control.value] : []),
      write: (values) => {
        const wanted = [...control.options].findIndex((option) => option.value === values[0]);
        if (wanted >= 0) control.selectedIndex = wanted;
      },
    }),
  );
  return node;
}

// Check boxes, radio buttons and switches share one look: a group with a legend.
function drawGroup(input, context, path) {
  const isRadio = input.type === "RADIO_BUTTON";
  const isSwitch = input.type === "SWITCH";
  const name = uniqueId("choice");
  const controls = [];
  const rows = (input.items ?? []).map((item, index) => {
    const control = el("input", {
      type: isRadio ? "radio" : "checkbox",
      role: isSwitch ? "switch" : null,
      class: isSwitch ? "switch" : "tick",
      name,
      value: item.value ?? "",
      checked: Boolean(item.selected),
      "data-path": `${path}.i${index}`,
      onChange: () => context.host.change(input.onChangeAction, `${path}.i${index}`),
    });
    controls.push(control);
    const words = el("span", {}, item.text ?? "");
    return el("label", { class: `choice${isSwitch ? " switched" : ""}` }, isSwitch ? [words, control] : [control, words]);
  });
  const note = el("p", { class: "hint missing", hidden: true }, "Choose one first.");
  const group = el(
    "fieldset",
    { class: "choices", "aria-label": input.label ? null : (input.items?.[0]?.text ?? input.name) },
    input.label && el("legend", { class: "field-label" }, input.label),
    rows,
    note,
  );
  context.fields.push(
    stringField(input.name, {
      widget: (input.type ?? "CHECK_BOX").toLowerCase(),
      control: controls[0] ?? group,
      mark: (isMissing) => {
        note.hidden = !isMissing;
      },
      read: () => controls.filter((one) => one.checked).map((one) => one.value),
      write: (values) => {
        for (const control of controls) control.checked = values.includes(control.value);
      },
    }),
  );
  return group;
}

// Static items only: what is chosen becomes a chip, up to the most that may be chosen.
function drawMultiSelect(input, context, path) {
  const id = uniqueId("multi");
  const most = input.multiSelectMaxSelectedItems ?? MOST_SELECTED;
  const items = input.items ?? [];
  let chosen = items.filter((item) => item.selected).map((item) => item.value ?? "");
  const chips = el("ul", { class: "chips chosen" });
  const control = el("select", { id, class: "text-field", "data-path": path, "aria-label": input.label ? null : input.name });
  const draw = () => {
    chips.replaceChildren(...chosen.map((value) => el("li", {}, chip(value))));
    control.replaceChildren(el("option", { value: "" }, chosen.length >= most ? `${most} chosen` : "Add…"));
    options(control, items.filter((item) => !chosen.includes(item.value ?? "")).map((item) => ({ ...item, selected: false })));
    control.disabled = chosen.length >= most;
  };
  const set = (values) => {
    chosen = values;
    draw();
    context.host.change(input.onChangeAction, path);
  };
  const chip = (value) => {
    const text = items.find((item) => (item.value ?? "") === value)?.text ?? value;
    const remove = () => {
      set(chosen.filter((one) => one !== value));
      control.focus();
    };
    return el("button", { type: "button", class: "chip", "aria-label": `Remove ${text}`, onClick: remove }, `${text} ×`);
  };
  control.addEventListener("change", () => {
    if (control.value) set([...chosen, control.value]);
  });
  draw();
  const { node, mark } = labelled({ label: input.label, control, id, extra: chips });
  context.fields.push(
    stringField(input.name, {
      widget: "multi",
      control,
      mark,
      read: () => [...chosen],
      write: (values) => {
        chosen = values.filter((value) => items.some((item) => (item.value ?? "") === value));
        draw();
      },
    }),
  );
  return node;
}
