// One stack of cards on the screen: runs calls one at a time, draws what comes back, keeps what was
// typed. The side panel has two of them, the compose dialog one.

import { applyAnswer } from "./answers.js";
import { drawCard } from "./card.js";
import { drawConsent } from "./consent.js";
import { el, icon, replace, uniqueId } from "./dom.js";
import { collect, firstMissing, keepTyped, restore, snapshot } from "./fields.js";
import { Stack } from "./stack.js";
import { UI_ICONS } from "./ui_icons.js";

export class CardHost {
  constructor(options) {
    Object.assign(this, options);
    this.id = uniqueId("host");
    this.stack = new Stack();
    this.fields = [];
    this.epoch = 0;
    this.isStale = false;
    this.element = el("div", { class: "card-host" });
    this.openLink = (link) => this.links.open(link, this);
    this.suggest = (action) => this.suggestions(action);
  }

  get isEmpty() {
    return this.stack.depth === 0 && !this.problem && !this.consent;
  }

  // Run the trigger of this place. Whatever was under way is forgotten.
  async open() {
    this.clear();
    await this.run({ kind: this.spot });
  }

  clear() {
    this.epoch += 1;
    this.setBusy(false);
    this.isStale = false;
    this.problem = null;
    this.consent = null;
    this.fields = [];
    this.stack.reset([]);
    this.render();
  }

  back() {
    if (this.problem && this.stack.depth) this.problem = null;
    else {
      this.keep();
      this.stack.pop();
    }
    this.render({ focusTitle: true });
  }

  get canGoBack() {
    return this.stack.depth > 1 || Boolean(this.problem && this.stack.depth);
  }

  // What an onClick says. `path` is where it was clicked, `extra` what a grid adds.
  click(onClick, { extra = [] } = {}) {
    if (onClick.openLink) this.openLink(onClick.openLink);
    else if (onClick.card) {
      this.keep();
      this.stack.push(onClick.card);
      this.render({ focusTitle: true });
    } else {
      const action = onClick.action ?? onClick.openDynamicLinkAction;
      if (action) void this.act(action, extra);
    }
  }

  change(action) {
    if (action) void this.act(action);
  }

  async act(action, extra = []) {
    if (this.isBusy) return;
    const missing = firstMissing(this.fields, action);
    if (missing) {
      missing.control.focus();
      return;
    }
    await this.run(requestOf("action", action, this.fields, extra), {
      spinner: action.loadIndicator !== "NONE",
      persistValues: action.persistValues,
    });
  }

  universal(url) {
    return this.run({ kind: "universal", url, parameters: [], inputs: collect(this.fields) });
  }

  async suggestions(action) {
    const result = await this.client.ask({
      ...requestOf("autocomplete", action, this.fields),
      context: this.context(),
    });
    return result.answer?.autoComplete?.items ?? [];
  }

  async run(request, options = {}) {
    if (this.isBusy) return;
    const epoch = this.epoch;
    this.setBusy(true, options.spinner ?? true);
    let result;
    try {
      result = await this.client.ask({ ...request, context: this.context() });
    } catch (error) {
      result = { answer: null, reason: error.message };
    }
    if (epoch !== this.epoch) return;
    this.setBusy(false);
    this.keep();
    this.problem = result.answer ? null : { reason: result.reason, retry: () => this.run(request, options) };
    if (result.answer) applyAnswer(this, { request, options, result });
    this.render({ persistValues: options.persistValues });
  }

  // An answer that nobody was asked for: a state of the gallery.
  receive({ root, answer }) {
    this.clear();
    applyAnswer(this, { request: { kind: this.spot }, options: {}, result: { root, answer } });
    this.render();
  }

  askConsent(scopes, again) {
    this.consent = { scopes, again };
  }

  // Remember what is typed into the card in sight.
  keep() {
    if (this.stack.top && this.fields.length) this.stack.top.typed = snapshot(this.fields);
  }

  setBusy(isBusy, spinner) {
    this.isBusy = isBusy;
    this.element.setAttribute("aria-busy", String(isBusy));
    const isLocked = isBusy && spinner;
    this.focused = isLocked ? focusedControl(this.element) : this.focused;
    this.element.classList.toggle("locked", isLocked);
    for (const part of this.element.children) part.inert = isLocked;
    if (isLocked) this.element.append(el("div", { class: "spinner", role: "status" }, el("span", { class: "hidden-visually" }, "Loading")));
    else this.element.querySelector(".spinner")?.remove();
  }

  render({ focusTitle = false, persistValues = false } = {}) {
    const focused = focusedControl(this.element) ?? this.focused;
    const scrolled = this.drawnEntry === this.stack.top ? this.element.querySelector(".card-body")?.scrollTop : 0;
    this.focused = null;
    this.fields = [];
    if (this.consent) replace(this.element, drawConsent(this));
    else if (this.problem) replace(this.element, this.drawProblem());
    else if (this.stack.top) this.drawTop(persistValues);
    else replace(this.element);
    const body = this.element.querySelector(".card-body");
    if (body && scrolled) body.scrollTop = scrolled;
    this.focus(focused, focusTitle);
    this.onDrawn?.(this);
  }

  drawTop(persistValues) {
    const entry = this.stack.top;
    entry.unfolded ??= new Set();
    this.unfolded = entry.unfolded;
    this.drawnEntry = entry;
    const { body, footer, fields } = drawCard(entry.card, this);
    this.fields = fields;
    if (entry.typed) restore(fields, entry.typed);
    else if (entry.former) keepTyped(fields, entry.former, { persistValues });
    replace(this.element, body, footer);
  }

  drawProblem() {
    const { reason, retry } = this.problem;
    return el(
      "div",
      { class: "problem", role: "alert" },
      icon(UI_ICONS.alert, { size: 28 }),
      el("p", {}, reason ?? "Something went wrong with this add-on."),
      el("button", { type: "button", class: "button", "data-path": "retry", onClick: retry }, "Retry"),
      el("button", { type: "button", class: "text-button", onClick: () => this.client.inspector.open("checks") }, "See why"),
    );
  }

  // Back to the control of the same name, else to what stands in its place now.
  focus(focused, focusTitle) {
    const title = this.element.querySelector(".card-title");
    if (focusTitle) title?.focus({ preventScroll: true });
    else if (focused) {
      const controls = [...this.element.querySelectorAll("[data-path]")];
      const same =
        controls.find((one) => focused.name && nameOf(one) === focused.name) ??
        controls.find((one) => one.dataset.path === focused.path);
      (same ?? title)?.focus({ preventScroll: true });
    }
  }
}

function requestOf(kind, action, fields, extra = []) {
  return {
    kind,
    url: action.function ?? "",
    parameters: [...(action.parameters ?? []), ...extra],
    inputs: collect(fields),
  };
}

function focusedControl(element) {
  const { activeElement } = document;
  if (!element.contains(activeElement)) return null;
  return { path: activeElement.dataset.path, name: nameOf(activeElement) };
}

function nameOf(control) {
  return control.textContent || control.getAttribute("aria-label") || "";
}
