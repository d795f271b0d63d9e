// One person's mailbox on the screen: which folder or conversation is shown, what a click leads to,
// and the look at Gmail's history every two seconds by which new mail appears.

import { el, replace } from "./dom.js";
import { drawFolders } from "./folders.js";
import { drawList } from "./list.js";
import { readMessage } from "./mime.js";
import { FOLDERS, Rows } from "./rows.js";
import { drawThread } from "./thread.js";

const LOOK_EVERY_MS = 2000;

export class Mailbox {
  constructor({ gmail, me, main, nav, linkTo, onShown, onContext, compose, say }) {
    Object.assign(this, { gmail, me, main, nav, linkTo, onShown, onContext, compose, say });
    this.rows = new Rows(gmail);
    this.folder = "inbox";
    this.pages = [""];
    this.thread = null;
    this.isGone = false;
  }

  async start({ folder, messageId }) {
    this.folder = FOLDERS[folder] ? folder : "inbox";
    this.historyId = (await this.gmail.profile()).historyId;
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    void this.counts();
    if (messageId) await this.openMessage(messageId);
    else await this.showFolder(this.folder);
  }

  stop() {
    this.isGone = true;
    clearInterval(this.timer);
  }

  async showFolder(folder) {
    this.folder = folder;
    this.thread = null;
    this.pages = [""];
    this.list = null;
    this.nav.dataset.folder = folder;
    void this.counts();
    replace(this.main, el("p", { class: "empty", role: "status" }, "Loading…"));
    this.onShown({ folder });
    this.onContext(null);
    await this.refreshList();
    if (!this.isGone && !this.thread) document.getElementById("view-title")?.focus({ preventScroll: true });
  }

  async refreshList() {
    const folder = this.folder;
    const loaded = [];
    let next = "";
    for (const token of this.pages) {
      const page = await this.rows.load(folder, token);
      loaded.push(...page.rows);
      next = page.next;
    }
    if (this.isGone || this.thread || folder !== this.folder) return;
    const before = JSON.stringify(this.list);
    if (before === JSON.stringify([loaded, next])) return;
    this.list = [loaded, next];
    this.drawRows(loaded, next);
  }

  drawRows(rows, next) {
    const focused = document.activeElement?.dataset?.thread;
    drawList(this.main, {
      rows,
      folder: this.folder,
      title: FOLDERS[this.folder].name,
      me: this.me,
      linkTo: (row) => this.linkTo({ messageId: row.messageId }),
      onOpen: (row) => this.openRow(row),
      onMore: next && (() => this.loadMore(next)),
    });
    if (focused) this.main.querySelector(`[data-thread="${focused}"]`)?.focus();
  }

  async loadMore(next) {
    this.pages.push(next);
    await this.refreshList();
  }

  async openRow(row) {
    if (row.draftId) await this.openDraft(row.draftId);
    else await this.openThread(row.threadId, row.messageId);
  }

  async openDraft(draftId) {
    const draft = await this.gmail.draft(draftId);
    const message = readMessage(draft.message);
    this.compose({ draftId, start: startOf(message) });
  }

  async openMessage(messageId) {
    try {
      const message = await this.gmail.message(messageId);
      await this.openThread(message.threadId, message.id);
    } catch (error) {
      this.say(`This message cannot be opened: ${error.message}`);
      await this.showFolder(this.folder);
    }
  }

  async openThread(threadId, messageId) {
    const messages = await this.fetchThread(threadId);
    if (this.isGone || !messages.length) return;
    const current = messages.find((one) => one.id === messageId) ?? messages[messages.length - 1];
    const unread = messages.filter((one) => one.isUnread);
    this.thread = {
      id: threadId,
      messages,
      currentId: current.id,
      openIds: new Set([current, messages[messages.length - 1], ...unread].map((one) => one.id)),
    };
    this.drawThread();
    document.getElementById("view-title")?.focus({ preventScroll: true });
    this.onShown({ messageId: current.id });
    this.onContext(current);
    if (unread.length) await this.gmail.markRead(threadId);
  }

  async fetchThread(threadId) {
    const thread = await this.gmail.thread(threadId);
    return thread.messages.map(readMessage).filter((one) => !one.isDraft);
  }

  drawThread() {
    drawThread(this.main, {
      ...this.thread,
      me: this.me,
      folderName: FOLDERS[this.folder].name,
      actions: {
        back: () => this.showFolder(this.folder),
        toggle: (message) => this.toggle(message),
        trash: () => this.trash(),
        reply: (message) => this.compose({ answer: "reply", message }),
        replyAll: (message) => this.compose({ answer: "all", message }),
        forward: (message) => this.compose({ answer: "forward", message }),
        download: (message, part) => this.download(message, part),
      },
    });
  }

  // Opening a message makes it the one the add-on is told about; the last open one stays open.
  toggle(message) {
    const { openIds } = this.thread;
    const isCurrent = this.thread.currentId === message.id;
    if (openIds.has(message.id) && (openIds.size > 1 || isCurrent)) openIds.delete(message.id);
    else openIds.add(message.id);
    const becomesCurrent = openIds.has(message.id) && !isCurrent;
    if (becomesCurrent) this.thread.currentId = message.id;
    this.drawThread();
    this.main.querySelector(`[data-message="${message.id}"] .message-head`)?.focus();
    if (becomesCurrent) {
      this.onShown({ messageId: message.id });
      this.onContext(message);
    }
  }

  async trash() {
    await this.gmail.trash(this.thread.id);
    this.say("Conversation moved to the bin");
    await this.showFolder(this.folder);
  }

  async download(message, part) {
    const bytes = await this.gmail.file(message.id, part.body.attachmentId);
    const url = URL.createObjectURL(new Blob([bytes], { type: part.mimeType }));
    el("a", { href: url, download: part.filename }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }

  async counts() {
    const [inbox, drafts] = await Promise.all([this.gmail.label("INBOX"), this.gmail.drafts()]);
    if (this.isGone) return;
    this.unread = inbox.threadsUnread ?? 0;
    document.title = `${this.unread ? `(${this.unread}) ` : ""}${FOLDERS[this.folder].name} - ${this.me.name} - Gmail simulator`;
    drawFolders(this.nav, {
      current: this.folder,
      counts: { inbox: this.unread, drafts: drafts.drafts?.length ?? 0 },
      linkTo: (folder) => this.linkTo({ folder }),
      onOpen: (folder) => this.showFolder(folder),
    });
  }

  async look() {
    if (this.isLooking || this.isGone || document.hidden) return;
    this.isLooking = true;
    try {
      const { historyId, history } = await this.gmail.history(this.historyId);
      this.historyId = historyId;
      if (history?.length) await this.refresh(history);
    } catch (error) {
      // Too old an id: start again from now, as Gmail's documentation says.
      if (error.status === 404) {
        this.historyId = (await this.gmail.profile()).historyId;
        await this.refresh([]);
      }
    } finally {
      this.isLooking = false;
    }
  }

  async refresh(history) {
    if (this.isGone) return;
    void this.counts();
    if (!this.thread) {
      await this.refreshList();
      return;
    }
    const touched = history.some((one) => one.messages?.some((each) => each.threadId === this.thread.id));
    if (touched || !history.length) await this.refreshThread();
  }

  async refreshThread() {
    const { id, messages } = this.thread;
    const fresh = await this.fetchThread(id);
    if (this.isGone || this.thread?.id !== id) return;
    if (!fresh.length) {
      await this.showFolder(this.folder);
      return;
    }
    const known = new Set(messages.map((one) => one.id));
    const added = fresh.filter((one) => !known.has(one.id));
    this.thread.messages = fresh;
    if (!added.length && fresh.length === messages.length) return;
    for (const one of added) this.thread.openIds.add(one.id);
    this.drawThread();
    if (added.some((one) => one.isUnread)) await this.gmail.markRead(id);
  }
}

function startOf(message) {
  const { to, cc, bcc, subject, threadId, references, text } = message;
  return {
    to,
    cc,
    bcc,
    subject,
    threadId,
    references,
    inReplyTo: references.split(/\s+/).pop() ?? "",
    body: text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line])),
  };
}
