// The bar at the top: who is playing, on which device, what happens to the next call, what is granted.

import { el, icon, replace } from "./dom.js";
import { scopeWords } from "./consent.js";
import { DEVICES, FATES } from "./settings.js";
import { UI_ICONS } from "./ui_icons.js";

const SOMEONE_ELSE = "+";

export class Toolbar {
  constructor({ element, people, person, settings, onPerson, onSomeoneElse }) {
    Object.assign(this, { element, people, person, settings, onPerson, onSomeoneElse });
    this.draw();
    settings.onChange = () => this.update();
  }

  draw() {
    this.personSelect = el(
      "select",
      { id: "person", onChange: () => this.choosePerson() },
      group("Team", this.people.filter((one) => one.role === "team"), this.person),
      group("Outside", this.people.filter((one) => one.role !== "team"), this.person),
      el("option", { value: SOMEONE_ELSE }, "Someone else…"),
    );
    this.personSelect.value = this.person.email;
    this.device = choice("device", DEVICES, (platform) => this.settings.set({ platform }));
    this.fate = choice("fate", FATES, (fate) => this.settings.set({ fate }));
    replace(
      this.element,
      labelled("Person", "person", this.personSelect),
      labelled("Device", "device", this.device),
      labelled("Next call", "fate", this.fate),
      this.accessControl(),
    );
    this.update();
  }

  accessControl() {
    this.accessText = el("span", {});
    this.accessPanel = el("div", { class: "popover", id: "access", hidden: true, role: "group", "aria-label": "Access and time limit" });
    this.accessButton = el(
      "button",
      { type: "button", class: "bar-button", "aria-expanded": "false", "aria-controls": "access", onClick: () => this.toggleAccess() },
      icon(UI_ICONS.lock, { size: 16 }),
      this.accessText,
    );
    const host = el("div", { class: "popover-host" }, this.accessButton, this.accessPanel);
    host.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.accessPanel.hidden) this.toggleAccess();
    });
    document.addEventListener("pointerdown", (event) => {
      if (!this.accessPanel.hidden && !host.contains(event.target)) this.toggleAccess();
    });
    return host;
  }

  toggleAccess() {
    const isOpen = this.accessPanel.hidden;
    this.accessPanel.hidden = !isOpen;
    this.accessButton.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) this.accessButton.focus();
  }

  update() {
    const { settings } = this;
    this.fate.value = settings.fate;
    this.fate.classList.toggle("armed", settings.fate !== "works");
    this.device.value = settings.platform;
    replace(this.accessText, `Access ${settings.scopes.length}/${settings.allScopes.length}`);
    const focused = document.activeElement?.dataset?.scope;
    replace(
      this.accessPanel,
      el("p", { class: "popover-title" }, "What this person has granted the add-on"),
      settings.allScopes.map((scope) => this.scopeBox(scope)),
      el("label", { class: "limit" }, "Time limit in seconds ", this.limitInput()),
    );
    if (focused) this.accessPanel.querySelector(`[data-scope="${focused}"]`)?.focus();
    this.onSettings?.(settings);
  }

  scopeBox(scope) {
    const box = el("input", {
      type: "checkbox",
      class: "tick",
      checked: !this.settings.withheld.has(scope),
      "data-scope": scope,
      onChange: () => this.settings.withhold(scope, !box.checked),
    });
    return el("label", { class: "choice", title: scope }, box, scopeWords(scope));
  }

  limitInput() {
    const input = el("input", {
      type: "number",
      min: 1,
      max: 300,
      value: this.settings.limit,
      onChange: () => {
        this.settings.limit = Number(input.value) || this.settings.limit;
      },
    });
    return input;
  }

  choosePerson() {
    const { value } = this.personSelect;
    if (value !== SOMEONE_ELSE) {
      this.onPerson(value);
      return;
    }
    this.personSelect.value = this.person.email;
    this.onSomeoneElse();
  }
}

function group(label, people, current) {
  if (!people.length) return null;
  return el(
    "optgroup",
    { label },
    people.map((one) =>
      el("option", { value: one.email, selected: one.email === current.email, title: one.title }, nameAndCompany(one)),
    ),
  );
}

function nameAndCompany({ name, title, role }) {
  const company = role === "team" ? "" : (title ?? "").split(",").pop().trim();
  return company ? `${name}, ${company}` : name;
}

function choice(id, pairs, onChosen) {
  const select = el("select", { id }, pairs.map(([value, text]) => el("option", { value }, text)));
  select.addEventListener("change", () => onChosen(select.value));
  return select;
}

function labelled(text, id, control) {
  return el("span", { class: "bar-field" }, el("label", { for: id }, text), control);
}
