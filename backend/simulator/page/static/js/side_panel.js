// The panel at the right of Gmail: two stacks (homepage, open message), the header with its menu,
// and the bar at the bottom by which a message's card is reached again.

import { CardHost } from "./card_host.js";
import { el, icon, iconButton, replace } from "./dom.js";
import { menuItems } from "./panel_menu.js";
import { openMenu } from "./menu.js";
import { UI_ICONS } from "./ui_icons.js";

export class SidePanel {
  constructor({ element, rail, shared, isOpen, onToggled }) {
    Object.assign(this, { element, rail, shared, isOpen, onToggled });
    this.addOn = shared.addOn;
    this.message = null;
    this.showing = "home";
    const own = {
      ...shared,
      onDrawn: () => this.drawn(),
      onStateChanged: (changed) => this.markStale(changed),
    };
    this.home = new CardHost({ ...own, spot: "homepage", context: () => ({ spot: "homepage" }) });
    this.inMessage = new CardHost({ ...own, spot: "message", context: () => this.messageContext() });
    this.build();
  }

  build() {
    const { addOn } = this;
    this.backButton = iconButton(UI_ICONS.back, "Back", () => this.back());
    this.menuButton = iconButton(UI_ICONS.more, `${addOn.name} menu`, () => this.openMenu(), {
      "aria-haspopup": "menu",
      "aria-expanded": "false",
    });
    this.peek = el("button", { type: "button", class: "peek", hidden: true, onClick: () => this.unpeek() });
    this.note = el("p", { class: "panel-note", hidden: true }, "Add-ons have no homepage on phones. Open a message.");
    replace(
      this.element,
      el(
        "div",
        { class: "panel-head" },
        this.backButton,
        el("img", { src: addOn.logoUrl, alt: "", width: 22, height: 22 }),
        el("h2", {}, addOn.name),
        this.menuButton,
        iconButton(UI_ICONS.close, `Close ${addOn.name}`, () => this.toggle(false)),
      ),
      el("div", { class: "panel-body" }, this.home.element, this.inMessage.element, this.note),
      this.peek,
    );
    this.railButton = el(
      "button",
      { type: "button", class: "rail-button", title: addOn.name, "aria-label": addOn.name, onClick: () => this.toggle(!this.isOpen) },
      el("img", { src: addOn.logoUrl, alt: "", width: 24, height: 24 }),
    );
    replace(this.rail, this.railButton);
    this.drawn();
  }

  get active() {
    return this.showing === "message" ? this.inMessage : this.home;
  }

  get hasHome() {
    return this.addOn.triggers.homepage && !this.shared.settings.isMobile;
  }

  messageContext() {
    return this.message
      ? { spot: "message", messageId: this.message.id, threadId: this.message.threadId }
      : { spot: "homepage" };
  }

  // A message was opened, or left (null).
  async setMessage(message) {
    if (this.isPlaced && message?.id === this.message?.id) return;
    this.isPlaced = true;
    this.message = message;
    this.inMessage.clear();
    await this.show(message && this.addOn.triggers.message ? "message" : "home");
  }

  async toggle(isOpen) {
    this.isOpen = isOpen;
    this.drawn();
    this.onToggled(isOpen);
    if (isOpen) await this.show(this.message && this.addOn.triggers.message ? "message" : "home");
    else this.railButton.focus();
  }

  async show(which) {
    this.showing = which;
    this.drawn();
    if (!this.isOpen) return;
    const host = this.active;
    if (which === "home" && !this.hasHome) return;
    if (host.isEmpty || host.isStale) await host.open();
    const root = this.inMessage.stack.entries[0]?.card;
    if (which === "message" && root?.displayStyle === "PEEK" && this.showing === "message" && this.hasHome) {
      await this.show("home");
    }
  }

  back() {
    if (this.active.canGoBack) this.active.back();
    else void this.show("home");
  }

  unpeek() {
    void this.show("message").then(() => this.inMessage.focus(null, true));
  }

  async showState(state) {
    this.isOpen = true;
    await this.show(this.showing);
    this.active.receive(state);
  }

  refresh() {
    return this.active.open();
  }

  // The cards of the other place are out of date: its trigger runs again when it is shown.
  markStale(changed) {
    const other = changed === this.home ? this.inMessage : this.home;
    other.isStale = !other.isEmpty;
  }

  openMenu() {
    openMenu(this.menuButton, menuItems(this.active, this.addOn), `${this.addOn.name} menu`);
  }

  drawn() {
    if (!this.backButton) return;
    const isMessage = this.showing === "message";
    this.element.hidden = !this.isOpen;
    this.railButton?.setAttribute("aria-expanded", String(this.isOpen));
    this.railButton?.classList.toggle("selected", this.isOpen);
    this.home.element.hidden = isMessage;
    this.inMessage.element.hidden = !isMessage;
    this.note.hidden = isMessage || this.hasHome;
    this.backButton.hidden = !(this.active.canGoBack || (isMessage && this.hasHome));
    this.drawPeek();
  }

  drawPeek() {
    const root = this.inMessage.stack.entries[0]?.card;
    this.peek.hidden = this.showing === "message" || !this.message || !root;
    if (this.peek.hidden) return;
    const { title, subtitle } = root.peekCardHeader ?? root.header ?? { title: "This message" };
    replace(
      this.peek,
      el("span", { class: "peek-words" }, el("strong", {}, title), subtitle && el("span", {}, subtitle)),
      icon(UI_ICONS.up, { size: 18 }),
    );
  }
}
