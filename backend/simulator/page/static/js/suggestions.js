// Suggestions below a text field: static ones filtered by what was typed, or fetched from the
// add-on after a pause and shown as sent. (WAI-ARIA combobox with a list.)

import { el, replace, uniqueId } from "./dom.js";

const PAUSE_MS = 350;

export class Suggestions {
  constructor({ control, input, suggest, onPicked }) {
    this.control = control;
    this.items = input.initialSuggestions?.items ?? [];
    this.action = input.autoCompleteAction;
    this.name = input.name;
    this.suggest = suggest;
    this.onPicked = onPicked;
    this.active = -1;
    this.element = el("ul", { class: "suggestions", role: "listbox", id: uniqueId("suggestions"), "aria-label": "Suggestions", hidden: true });
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.element.id };
    for (const [name, value] of Object.entries(attributes)) control.setAttribute(name, value);
    control.addEventListener("input", () => this.typed());
    control.addEventListener("focus", () => this.showStatic());
    control.addEventListener("blur", () => this.hide());
    control.addEventListener("keydown", (event) => this.onKey(event));
    // Picking with the mouse must not take the focus, or the list is gone before the click.
    this.element.addEventListener("pointerdown", (event) => {
      this.isPicking = true;
      event.preventDefault();
    });
  }

  typed() {
    clearTimeout(this.timer);
    if (!this.action || !this.control.value) {
      this.showStatic();
      return;
    }
    this.timer = setTimeout(async () => {
      const typed = this.control.value;
      const items = await this.suggest(this.action);
      if (typed === this.control.value && document.activeElement === this.control) this.show(items);
    }, PAUSE_MS);
  }

  showStatic() {
    const typed = this.control.value.toLowerCase();
    if (this.action && typed) return;
    this.show(this.items.filter((item) => (item.text ?? "").toLowerCase().startsWith(typed)));
  }

  show(items) {
    this.active = -1;
    replace(
      this.element,
      items.map((item) =>
        el("li", { role: "option", id: uniqueId("option"), "aria-selected": "false", onClick: () => this.pick(item.text) }, item.text ?? ""),
      ),
    );
    this.setOpen(items.length > 0);
  }

  hide() {
    clearTimeout(this.timer);
    this.setOpen(false);
  }

  setOpen(isOpen) {
    this.element.hidden = !isOpen;
    this.control.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) this.control.removeAttribute("aria-activedescendant");
  }

  pick(text) {
    this.control.value = text ?? "";
    this.hide();
    this.isPicking = false;
    this.onPicked();
  }

  onKey(event) {
    const options = [...this.element.children];
    if (this.element.hidden || !options.length) return;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (moves[event.key]) {
      event.preventDefault();
      this.active = (this.active + moves[event.key] + options.length) % options.length;
      for (const [index, option] of options.entries()) option.setAttribute("aria-selected", String(index === this.active));
      this.control.setAttribute("aria-activedescendant", options[this.active].id);
      options[this.active].scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.pick(options[this.active].textContent);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.hide();
    }
  }
}
