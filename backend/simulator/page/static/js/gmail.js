// Gmail's REST API, as the page needs it: the mailbox of one person, over HTTP, with their token.

import { base64Url, bytesOf } from "./mime.js";

const ROOT = "/gmail/v1/users/me/";
const TRIES = 6;
const LIST_SIZE = 25;
const SHOWN_HEADERS = ["From", "To", "Cc", "Subject", "Date"];

export class GmailError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export class Gmail {
  constructor(email) {
    this.email = email;
    this.token = "";
  }

  async open() {
    const response = await fetch("/simulator/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email: this.email, page: true }),
    });
    const body = await response.json();
    if (!response.ok) throw new GmailError(response.status, body.error ?? "No session.");
    this.token = body.access_token;
    return body;
  }

  profile() {
    return this.call("GET", "profile");
  }

  label(id) {
    return this.call("GET", `labels/${id}`);
  }

  async threads(labelIds, pageToken = "") {
    const query = new URLSearchParams({ maxResults: LIST_SIZE });
    for (const label of labelIds) query.append("labelIds", label);
    if (pageToken) query.set("pageToken", pageToken);
    return this.call("GET", `threads?${query}`);
  }

  // Only the headers a list shows, all threads in one call. Those gone meanwhile are left out.
  async threadHeads(ids) {
    const query = new URLSearchParams({ format: "metadata" });
    for (const name of SHOWN_HEADERS) query.append("metadataHeaders", name);
    return this.batch(ids.map((id) => `${ROOT}threads/${id}?${query}`));
  }

  thread(id) {
    return this.call("GET", `threads/${id}?format=full`);
  }

  message(id) {
    return this.call("GET", `messages/${id}?format=metadata`);
  }

  history(startId) {
    return this.call("GET", `history?startHistoryId=${startId}`);
  }

  markRead(threadId) {
    return this.call("POST", `threads/${threadId}/modify`, { removeLabelIds: ["UNREAD"] });
  }

  trash(threadId) {
    return this.call("POST", `threads/${threadId}/trash`);
  }

  drafts() {
    return this.call("GET", "drafts?maxResults=100");
  }

  draft(id) {
    return this.call("GET", `drafts/${encodeURIComponent(id)}?format=full`);
  }

  saveDraft(id, raw, threadId) {
    const message = { raw: base64Url(raw), ...(threadId ? { threadId } : {}) };
    return id
      ? this.call("PUT", `drafts/${encodeURIComponent(id)}`, { message })
      : this.call("POST", "drafts", { message });
  }

  deleteDraft(id) {
    return this.call("DELETE", `drafts/${encodeURIComponent(id)}`);
  }

  sendDraft(id) {
    return this.call("POST", "drafts/send", { id });
  }

  send(raw, threadId) {
    const body = { raw: base64Url(raw), ...(threadId ? { threadId } : {}) };
    return this.call("POST", "messages/send", body);
  }

  async file(messageId, attachmentId) {
    const answer = await this.call("GET", `messages/${messageId}/attachments/${attachmentId}`);
    return bytesOf(answer.data);
  }

  async call(method, path, body) {
    const response = await this.request(method, ROOT + path, body && JSON.stringify(body), "application/json");
    return response.status === 204 ? null : response.json();
  }

  async batch(paths) {
    if (!paths.length) return [];
    const boundary = `batch_${crypto.randomUUID()}`;
    const parts = paths.map(
      (path, index) =>
        `--${boundary}\r\nContent-Type: application/http\r\nContent-ID: <${index}>\r\n\r\nGET ${path}\r\n\r\n`,
    );
    const response = await this.request(
      "POST",
      "/batch/gmail/v1",
      `${parts.join("")}--${boundary}--`,
      `multipart/mixed; boundary=${boundary}`,
    );
    return parseBatch(await response.text(), response.headers.get("Content-Type") ?? "");
  }

  // A token may be revoked from elsewhere, and the rate be used up: both pass.
  async request(method, path, body, contentType) {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(path, {
        method,
        body,
        headers: {
          Authorization: `Bearer ${this.token}`,
          ...(body ? { "Content-Type": contentType } : {}),
        },
      });
      if (response.ok) return response;
      const reason = await errorText(response);
      if (attempt >= TRIES) throw new GmailError(response.status, reason);
      if (response.status === 401) await this.open();
      else if (isPassing(response.status, reason)) await pause(400 * attempt);
      else throw new GmailError(response.status, reason);
    }
  }
}

function isPassing(status, reason) {
  return status === 429 || status >= 500 || (status === 403 && /rate|quota/i.test(reason));
}

async function errorText(response) {
  try {
    const body = await response.json();
    return body.error?.message ?? response.statusText;
  } catch {
    return response.statusText;
  }
}

function parseBatch(text, contentType) {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1] ?? "";
  return text
    .split(`--${boundary}`)
    .filter((part) => part.includes("HTTP/1.1 200"))
    .map((part) => JSON.parse(part.slice(part.indexOf("{"), part.lastIndexOf("}") + 1)));
}

function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
