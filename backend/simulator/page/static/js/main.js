// Puts the page together: one person's Gmail, with the add-on beside it.

import { parseAddresses } from "./addresses.js";
import { Client } from "./client.js";
import { Compose } from "./compose.js";
import { openComposeDialog } from "./compose_dialog.js";
import { el, icon, replace } from "./dom.js";
import { rememberCursor, updateDraft } from "./draft_actions.js";
import { Gmail } from "./gmail.js";
import { Inspector } from "./inspector.js";
import { Links } from "./links.js";
import { Mailbox } from "./mailbox.js";
import { writeFromAnotherClient } from "./other_client.js";
import { goTo, linkTo, readPlace } from "./place.js";
import { forwardOf, replyTo } from "./reply.js";
import { Settings } from "./settings.js";
import { SidePanel } from "./side_panel.js";
import { Snackbar } from "./snackbar.js";
import { askForSomeone } from "./someone_else.js";
import { Toolbar } from "./toolbar.js";
import { UI_ICONS } from "./ui_icons.js";

// As in panel.css: the panel would hide the mail, so it waits for its icon to be pressed.
const NARROW = window.matchMedia("(max-width: 760px)");
const byId = (id) => document.getElementById(id);

class Page {
  constructor({ people, addOn, problem }) {
    Object.assign(this, { people, addOn, problem });
    const snackbar = new Snackbar(byId("snackbar"));
    this.say = (text) => snackbar.say(text);
    this.inspector = new Inspector({ element: byId("inspector"), button: byId("inspector-button"), say: this.say });
    this.settings = new Settings(addOn?.scopes ?? []);
    this.composes = [];
    replace(byId("compose-button"), icon(UI_ICONS.compose, { size: 20 }), el("span", {}, "Compose"));
    byId("compose-button").addEventListener("click", () => this.compose({}));
    byId("other-client-button").addEventListener("click", () => writeFromAnotherClient({ me: this.me, say: this.say }));
    window.addEventListener("popstate", () => void this.play(readPlace()));
  }

  // Everything that is one person's: built anew when another takes over.
  async play({ person, folder, messageId, card }) {
    const me = this.people.find((one) => one.email === person) ?? this.people[0];
    this.mailbox?.stop();
    byId("compose-button").disabled = true;
    this.me = me;
    this.gmail = new Gmail(me.email);
    await this.gmail.open();
    this.drawToolbar();
    this.buildPanel();
    byId("composes").replaceChildren();
    this.composes = [];
    this.mailbox = new Mailbox({
      gmail: this.gmail,
      me,
      main: byId("mail"),
      nav: byId("folders"),
      linkTo: (place) => linkTo({ person: me.email, ...place }),
      onShown: (place) => goTo({ person: me.email, ...place }),
      onContext: (message) => void this.panel?.setMessage(message),
      compose: (options) => this.compose(options),
      say: this.say,
    });
    byId("compose-button").disabled = false;
    await this.mailbox.start({ folder, messageId });
    if (card) await this.showState(card);
  }

  // A state of the gallery in the panel, in place of what the add-on said.
  async showState(name) {
    const response = await fetch(`/simulator/cards?${new URLSearchParams({ name })}`);
    const { states } = await response.json();
    if (states[0]?.answer) await this.panel?.showState(states[0]);
    else this.say(`There is no card ${name}`);
  }

  drawToolbar() {
    this.toolbar = new Toolbar({
      element: byId("toolbar"),
      people: this.people,
      person: this.me,
      settings: this.settings,
      onPerson: (email) => void this.play({ person: email, folder: "inbox" }),
      onSomeoneElse: () => askForSomeone((email) => void this.addAndPlay(email)),
    });
    this.toolbar.onSettings = () => this.settingsChanged();
    document.body.dataset.device = this.settings.platform;
  }

  settingsChanged() {
    const device = this.settings.platform;
    if (document.body.dataset.device === device) return;
    document.body.dataset.device = device;
    void this.panel?.show(this.panel.message ? "message" : "home");
  }

  async addAndPlay(email) {
    const { people } = await setup();
    this.people = people;
    await this.play({ person: email, folder: "inbox" });
  }

  // Those outside have not installed the add-on: it is there, closed, and meets a stranger.
  buildPanel() {
    if (!this.addOn) {
      replace(byId("panel"), el("p", { class: "panel-note" }, this.problem));
      return;
    }
    const client = new Client({ person: this.me.email, settings: this.settings, inspector: this.inspector });
    const links = new Links({
      prefixes: this.addOn.openLinkUrlPrefixes,
      settings: this.settings,
      inspector: this.inspector,
      onMail: (url) => this.composeTo(url),
    });
    const { addOn, settings, say, me } = this;
    this.shared = { client, links, addOn, settings, say, me, gmailAction: (action, where) => this.gmailAction(action, where) };
    this.panel = new SidePanel({
      element: byId("panel"),
      rail: byId("rail"),
      shared: this.shared,
      isOpen: this.me.role === "team" && !NARROW.matches,
      onToggled: () => {},
    });
    byId("panel").setAttribute("aria-label", `${addOn.name} add-on`);
  }

  compose({ answer, message, draftId, start }) {
    const starts = {
      reply: () => replyTo(message, this.me),
      all: () => replyTo(message, this.me, { toAll: true }),
      forward: () => forwardOf(message),
    };
    this.composes.forEach((one) => void one.close());
    const compose = new Compose({
      gmail: this.gmail,
      me: this.me,
      start: starts[answer]?.() ?? start ?? {},
      draftId,
      addOn: this.addOn,
      onClosed: (one) => {
        this.composes = this.composes.filter((each) => each !== one);
      },
      onSent: () => void this.mailbox.look(),
      onAddOn: (one) => openComposeDialog(one, this.shared),
      say: this.say,
    });
    rememberCursor(compose.body);
    this.composes.push(compose);
    byId("composes").append(compose.element);
    compose.focus();
  }

  composeTo(url) {
    const { pathname, searchParams } = new URL(url);
    const to = parseAddresses(decodeURIComponent(pathname));
    this.compose({ start: { to, subject: searchParams.get("subject") ?? "" } });
  }

  async gmailAction(action, { compose, close } = {}) {
    const draft = action.openCreatedDraftActionMarkup;
    if (draft) await this.openCreatedDraft(draft.draftId ?? "");
    if (action.updateDraftActionMarkup && compose) updateDraft(compose, action.updateDraftActionMarkup);
    if (action.addonComposeUiActionMarkup?.type === "DISMISS") close?.();
  }

  async openCreatedDraft(draftId) {
    try {
      await this.mailbox.openDraft(draftId);
    } catch {
      this.inspector.complain("answer.hostAppAction.gmailAction", `This mailbox has no draft ${draftId}.`);
      this.say("The draft cannot be opened");
    }
  }
}

async function setup() {
  const response = await fetch("/simulator/setup");
  return response.json();
}

async function start() {
  const page = new Page(await setup());
  await page.play(readPlace());
}

start().catch((error) => {
  replace(byId("mail"), el("p", { class: "empty", role: "alert" }, `The simulator cannot be shown: ${error.message}`));
});
