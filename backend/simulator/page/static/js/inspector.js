// The drawer for developers: every call to the add-on with its event, response and checks.

import { dispatch } from "./client.js";
import { el, icon, iconButton, replace } from "./dom.js";
import { drawCall, drawChecks, drawJson } from "./inspector_views.js";
import { UI_ICONS } from "./ui_icons.js";

const TABS = ["calls", "event", "response", "checks"];
const NAMES = { calls: "Calls", event: "Event", response: "Response", checks: "Checks" };
const KEPT = 100;
const SECRET = /^(userOAuthToken|userIdToken|systemIdToken|accessToken)$/;

export class Inspector {
  constructor({ element, button, say }) {
    Object.assign(this, { element, button, say });
    this.records = [];
    this.selected = null;
    this.tab = "calls";
    this.isOpen = false;
    button.addEventListener("click", () => this.toggle(!this.isOpen));
    this.build();
  }

  build() {
    this.tabs = TABS.map((tab) =>
      el(
        "button",
        {
          type: "button",
          role: "tab",
          id: `tab-${tab}`,
          "aria-controls": "inspector-view",
          onClick: () => this.open(tab),
        },
        NAMES[tab],
      ),
    );
    this.view = el("div", { class: "inspector-view", role: "tabpanel", id: "inspector-view", tabindex: "0" });
    const list = el("div", { class: "tabs", role: "tablist", "aria-label": "Inspector" }, this.tabs);
    list.addEventListener("keydown", (event) => this.onKey(event));
    this.tools = el(
      "div",
      { class: "inspector-tools" },
      el("button", { type: "button", class: "button small", onClick: () => this.replay() }, "Replay"),
      el("button", { type: "button", class: "button small", onClick: () => this.copy() }, "Copy as test"),
    );
    replace(
      this.element,
      el(
        "div",
        { class: "inspector-head" },
        el("h2", {}, "Inspector"),
        this.tools,
        iconButton(UI_ICONS.close, "Close inspector", () => this.toggle(false)),
      ),
      list,
      this.view,
    );
    this.draw();
  }

  record(request, result, isReplay = false) {
    const one = { request, result, isReplay, findings: [...(result.findings ?? [])] };
    this.records = [one, ...this.records].slice(0, KEPT);
    this.selected = one;
    this.draw();
  }

  // Something the page noticed while carrying out the last answer.
  complain(path, text) {
    this.selected?.findings.push({ severity: "wrong", path, text });
    this.draw();
  }

  toggle(isOpen) {
    this.isOpen = isOpen;
    this.draw();
    (isOpen ? this.tabs[TABS.indexOf(this.tab)] : this.button).focus();
  }

  open(tab) {
    this.tab = tab;
    this.isOpen = true;
    this.draw();
  }

  select(one) {
    this.selected = one;
    this.open(one.findings.length ? "checks" : "event");
    this.tabs[TABS.indexOf(this.tab)].focus();
  }

  draw() {
    this.element.hidden = !this.isOpen;
    document.body.classList.toggle("inspector-open", this.isOpen);
    this.button.setAttribute("aria-expanded", String(this.isOpen));
    const count = this.selected?.findings.filter((one) => one.severity !== "advice").length ?? 0;
    replace(this.button, icon(UI_ICONS.code, { size: 18 }), "Inspector", count > 0 && badge(count));
    for (const [index, tab] of this.tabs.entries()) {
      const isCurrent = TABS[index] === this.tab;
      tab.setAttribute("aria-selected", String(isCurrent));
      tab.tabIndex = isCurrent ? 0 : -1;
    }
    const findings = this.selected?.findings.length ?? 0;
    replace(this.tabs[3], NAMES.checks, findings > 0 && el("span", { class: "tab-count" }, String(findings)));
    this.view.setAttribute("aria-labelledby", `tab-${this.tab}`);
    this.tools.hidden = !this.selected;
    replace(this.view, this.isOpen && this.content());
  }

  content() {
    if (!this.selected) return el("p", { class: "muted" }, "Nothing has been sent to the add-on yet.");
    const { result, findings } = this.selected;
    switch (this.tab) {
      case "event":
        return drawJson(masked(result.event), `POST ${result.url}`);
      case "response":
        return drawJson(result.response, `${result.status || "No answer"} · ${result.ms} ms · ${result.bytes} bytes`);
      case "checks":
        return drawChecks(findings);
      default:
        return el(
          "ul",
          { class: "calls" },
          this.records.flatMap((one) => one.result.calls.map((call) => drawCall(one, call, { isSelected: one === this.selected, onClick: () => this.select(one) }))),
        );
    }
  }

  // Post the same event again. The answer is only shown here: the panel stays as it is.
  async replay() {
    const { request } = this.selected;
    const result = await dispatch({ ...request, fate: "works" });
    this.record(request, result, true);
    this.say("Replayed: the panel was left as it is");
  }

  async copy() {
    const { request, result } = this.selected;
    const { person, kind, context } = request;
    const fixture = { person, kind, context, url: result.url, event: redacted(result.event), response: result.response };
    await navigator.clipboard.writeText(`${JSON.stringify(fixture, null, 2)}\n`);
    this.say("Copied as a test fixture, without its tokens");
  }

  onKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.open(TABS[(TABS.indexOf(this.tab) + step + TABS.length) % TABS.length]);
    this.tabs[TABS.indexOf(this.tab)].focus();
  }
}

function badge(count) {
  return el("span", { class: "badge" }, String(count), el("span", { class: "hidden-visually" }, " problems"));
}

// Tokens are long and say nothing to a reader; a fixture must not carry them at all.
function masked(event) {
  return mapSecrets(event, (value) => `${value.slice(0, 14)}…`);
}

function redacted(event) {
  return mapSecrets(event, (_, name) => `<${name}>`);
}

function mapSecrets(value, change, name = "") {
  if (typeof value === "string") return SECRET.test(name) ? change(value, name) : value;
  if (Array.isArray(value)) return value.map((one) => mapSecrets(one, change));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapSecrets(one, change, key)]));
  }
  return value;
}
