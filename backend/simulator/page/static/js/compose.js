// The compose window: fields, a body that can be typed into, drafts that save themselves, sending,
// and the add-ons' icons in its bottom row.

import { parseAddresses, showAddress } from "./addresses.js";
import { el, iconButton, replace, uniqueId } from "./dom.js";
import { writeMessage } from "./mime.js";
import { UI_ICONS } from "./ui_icons.js";

const SAVE_AFTER_MS = 1500;

export class Compose {
  constructor({ gmail, me, start = {}, draftId = "", addOn, onClosed, onSent, onAddOn, say }) {
    Object.assign(this, { gmail, me, start, draftId, addOn, onClosed, onSent, onAddOn, say });
    this.isSaved = Boolean(draftId);
    this.isDone = false;
    this.draw();
  }

  draw() {
    const title = uniqueId("compose");
    this.fields = {
      to: this.addressField("To", this.start.to),
      cc: this.addressField("Cc", this.start.cc),
      bcc: this.addressField("Bcc", this.start.bcc),
      subject: this.field("Subject", this.start.subject ?? ""),
    };
    this.body = el("div", {
      class: "compose-body",
      contenteditable: "true",
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": "Message body",
      onInput: () => this.changed(),
    });
    this.body.append(...(this.start.body ?? []));
    this.status = el("span", { class: "compose-status muted", role: "status" });
    this.element = el(
      "section",
      { class: "compose", "aria-labelledby": title },
      el(
        "div",
        { class: "compose-head" },
        el("h2", { id: title }, this.start.subject || "New message"),
        iconButton(UI_ICONS.close, "Save and close", () => this.close()),
      ),
      Object.values(this.fields).map((field) => field.row),
      this.body,
      this.foot(),
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.send();
    });
    this.dialogHost = el("div", { class: "compose-dialog-host" });
    this.element.append(this.dialogHost);
  }

  foot() {
    const tools =
      this.addOn?.triggers.compose &&
      el(
        "button",
        {
          type: "button",
          class: "compose-add-on",
          title: this.addOn.composeLabel,
          "aria-label": this.addOn.composeLabel,
          onClick: () => this.onAddOn(this),
        },
        el("img", { src: this.addOn.logoUrl, alt: "", width: 20, height: 20 }),
      );
    return el(
      "div",
      { class: "compose-foot" },
      el("button", { type: "button", class: "button filled", onClick: () => this.send() }, "Send"),
      tools,
      this.status,
      iconButton(UI_ICONS.bin, "Discard draft", () => this.discard()),
    );
  }

  addressField(label, people = []) {
    return this.field(label, people.map(showAddress).join(", "), { autocapitalize: "off" });
  }

  field(label, value, attributes = {}) {
    const id = uniqueId("compose-field");
    const input = el("input", {
      id,
      type: "text",
      autocomplete: "off",
      spellcheck: "false",
      value,
      onInput: () => this.changed(),
      ...attributes,
    });
    return { input, row: el("div", { class: "compose-row" }, el("label", { for: id }, label), input) };
  }

  focus() {
    const isAddressed = this.fields.to.input.value;
    (isAddressed ? this.body : this.fields.to.input).focus();
  }

  recipients() {
    const read = (name) => parseAddresses(this.fields[name].input.value);
    return { to: read("to"), cc: read("cc"), bcc: read("bcc") };
  }

  written() {
    return writeMessage({
      from: this.me,
      ...this.recipients(),
      subject: this.fields.subject.input.value,
      text: this.body.innerText.replace(/\u00a0/g, " "),
      html: this.body.innerHTML,
      inReplyTo: this.start.inReplyTo,
      references: this.start.references,
    });
  }

  changed() {
    this.isSaved = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER_MS);
  }

  // One save at a time, so that a draft is never made twice.
  save() {
    clearTimeout(this.timer);
    this.saving = (this.saving ?? Promise.resolve()).then(async () => {
      if (this.isSaved || this.isDone) return;
      this.isSaved = true;
      const saved = await this.gmail.saveDraft(this.draftId, this.written(), this.start.threadId);
      this.draftId = saved.id;
      replace(this.status, "Draft saved");
    });
    return this.saving;
  }

  async send() {
    const { to, cc, bcc } = this.recipients();
    if (to.length + cc.length + bcc.length === 0) {
      replace(this.status, "Add at least one recipient.");
      this.fields.to.input.focus();
      return;
    }
    await this.settle();
    try {
      if (this.draftId) {
        await this.gmail.saveDraft(this.draftId, this.written(), this.start.threadId);
        await this.gmail.sendDraft(this.draftId);
      } else await this.gmail.send(this.written(), this.start.threadId);
    } catch (error) {
      this.isDone = false;
      replace(this.status, `Not sent: ${error.message}`);
      return;
    }
    this.leave();
    this.say("Message sent");
    this.onSent();
  }

  async close() {
    if (!this.isSaved && this.hasContent()) {
      await this.save();
      this.say("Draft saved");
    }
    await this.settle();
    this.leave();
  }

  async discard() {
    await this.settle();
    if (this.draftId) await this.gmail.deleteDraft(this.draftId);
    this.leave();
    this.say("Draft discarded");
  }

  hasContent() {
    const typed = Object.values(this.fields).some((field) => field.input.value.trim());
    return typed || this.body.innerText.trim() !== "";
  }

  async settle() {
    clearTimeout(this.timer);
    await this.saving;
    this.isDone = true;
  }

  leave() {
    this.element.remove();
    this.onClosed(this);
  }
}

