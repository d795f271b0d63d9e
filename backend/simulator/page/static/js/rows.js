// The rows of a folder: which conversations it holds, with just enough of each to list it. Heads
// are kept by history id, so that a look every two seconds fetches only what has changed.

import { readMessage } from "./mime.js";

const RETRIES = 4;

export const FOLDERS = {
  inbox: { name: "Inbox", icon: "inbox", labels: ["INBOX"] },
  sent: { name: "Sent", icon: "sent", labels: ["SENT"] },
  drafts: { name: "Drafts", icon: "drafts", labels: ["DRAFT"] },
  all: { name: "All mail", icon: "all", labels: [] },
};

export class Rows {
  constructor(gmail) {
    this.gmail = gmail;
    this.heads = new Map();
  }

  async load(folder, pageToken = "") {
    if (folder === "drafts") return { rows: await this.drafts(), next: "" };
    const page = await this.gmail.threads(FOLDERS[folder].labels, pageToken);
    const listed = page.threads ?? [];
    await this.fetchHeads(listed);
    const rows = listed
      .map((one) => this.heads.get(one.id))
      .filter(Boolean)
      .map((head) => rowOf(head.thread, folder));
    return { rows, next: page.nextPageToken ?? "" };
  }

  async fetchHeads(listed) {
    for (let attempt = 0; attempt < RETRIES; attempt += 1) {
      const missing = listed.filter((one) => this.heads.get(one.id)?.historyId !== one.historyId);
      if (!missing.length) return;
      if (attempt) await new Promise((resolve) => setTimeout(resolve, 700));
      for (const thread of await this.gmail.threadHeads(missing.map((one) => one.id))) {
        const listedAs = missing.find((one) => one.id === thread.id);
        this.heads.set(thread.id, { thread, historyId: listedAs?.historyId ?? thread.historyId });
      }
    }
  }

  async drafts() {
    const listed = (await this.gmail.drafts()).drafts ?? [];
    const threads = listed.map((one) => ({ id: one.message.threadId, historyId: one.message.id }));
    await this.fetchHeads(threads);
    return listed.flatMap((one) => {
      const thread = this.heads.get(one.message.threadId)?.thread;
      const message = thread?.messages.find((each) => each.id === one.message.id);
      return message ? [{ ...draftRow(readMessage(message)), draftId: one.id }] : [];
    });
  }
}

function rowOf(thread, folder) {
  const all = thread.messages.map(readMessage);
  const messages = all.filter((one) => !one.isDraft);
  const shown = messages.length ? messages : all;
  const inFolder = folder === "sent" ? shown.filter((one) => one.labels.includes("SENT")) : shown;
  const newest = inFolder[inFolder.length - 1] ?? shown[shown.length - 1];
  return {
    threadId: thread.id,
    messageId: newest.id,
    subject: shown[0].subject || "(no subject)",
    people: folder === "sent" ? newest.to : distinct(shown.map((one) => one.from)),
    isOutgoing: folder === "sent",
    count: shown.length,
    hasDraft: all.length > messages.length && messages.length > 0,
    isUnread: shown.some((one) => one.isUnread),
    snippet: newest.snippet,
    date: newest.date,
  };
}

function draftRow(message) {
  return {
    threadId: message.threadId,
    messageId: message.id,
    subject: message.subject || "(no subject)",
    people: message.to,
    isDraftRow: true,
    count: 1,
    isUnread: false,
    snippet: message.snippet,
    date: message.date,
  };
}

function distinct(people) {
  return [...new Map(people.map((one) => [one.email, one])).values()];
}
