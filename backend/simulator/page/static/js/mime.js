// Mail in both directions: a Gmail API message read into what a reader sees, and a draft written
// as RFC 5322.

import { parseAddresses, showAddress } from "./addresses.js";

const LINE = 76;

export function readMessage(message) {
  const header = (name) => headerOf(message.payload, name);
  const labels = message.labelIds ?? [];
  const parts = leaves(message.payload);
  return {
    id: message.id,
    threadId: message.threadId,
    labels,
    isUnread: labels.includes("UNREAD"),
    isDraft: labels.includes("DRAFT"),
    date: Number(message.internalDate),
    snippet: decodeEntities(message.snippet ?? ""),
    from: parseAddresses(header("From"))[0] ?? { name: "", email: "unknown" },
    to: parseAddresses(header("To")),
    cc: parseAddresses(header("Cc")),
    bcc: parseAddresses(header("Bcc")),
    replyTo: parseAddresses(header("Reply-To")),
    subject: header("Subject"),
    rfcId: header("Message-ID"),
    references: header("References"),
    hasHtml: parts.some((part) => part.mimeType === "text/html"),
    text: textOf(parts),
    files: parts.filter((part) => part.filename && part.body?.attachmentId),
  };
}

export function writeMessage({ from, to, cc, bcc, subject, text, html, inReplyTo, references }) {
  const boundary = `=_${crypto.randomUUID()}`;
  const lines = [
    ["From", addressHeader([from])],
    ["To", addressHeader(to)],
    ["Cc", addressHeader(cc)],
    ["Bcc", addressHeader(bcc)],
    ["Subject", encodeWords(subject)],
    ["Date", new Date().toUTCString().replace("GMT", "+0000")],
    ["In-Reply-To", inReplyTo],
    ["References", references],
    ["MIME-Version", "1.0"],
    ["Content-Type", `multipart/alternative; boundary="${boundary}"`],
  ]
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}: ${value}`);
  const part = (type, content) =>
    `--${boundary}\r\nContent-Type: ${type}; charset="UTF-8"\r\n` +
    `Content-Transfer-Encoding: base64\r\n\r\n${wrap(base64(content))}\r\n`;
  const body = part("text/plain", text) + part("text/html", html) + `--${boundary}--\r\n`;
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

export function base64Url(text) {
  return base64(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function bytesOf(encoded) {
  const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function headerOf(payload, name) {
  const wanted = name.toLowerCase();
  return payload?.headers?.find((one) => one.name.toLowerCase() === wanted)?.value ?? "";
}

function leaves(part) {
  if (!part) return [];
  return part.parts?.length ? part.parts.flatMap(leaves) : [part];
}

function textOf(parts) {
  const found = parts.find((part) => part.mimeType === "text/plain" && part.body?.data);
  if (!found) return "";
  const charset = /charset\s*=\s*"?([\w.:-]+)/i.exec(headerOf(found, "Content-Type"))?.[1];
  const bytes = bytesOf(found.body.data);
  try {
    return new TextDecoder(charset ?? "utf-8").decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

// Snippets come with the five entities of HTML; a parser that runs nothing undoes them.
function decodeEntities(text) {
  if (!text.includes("&")) return text;
  return new DOMParser().parseFromString(text.replaceAll("<", "&lt;"), "text/html").body.textContent;
}

function addressHeader(people) {
  return people
    .map((one) => (isAscii(one.name) ? showAddress(one) : `${encodeWords(one.name)} <${one.email}>`))
    .join(",\r\n ");
}

function isAscii(text) {
  return /^[\x20-\x7e]*$/.test(text ?? "");
}

// RFC 2047, in words of at most 75 characters.
function encodeWords(text) {
  if (isAscii(text)) return text;
  const words = [];
  let word = "";
  for (const letter of text) {
    if (base64(word + letter).length > 60) {
      words.push(word);
      word = "";
    }
    word += letter;
  }
  return [...words, word].map((one) => `=?UTF-8?B?${base64(one)}?=`).join("\r\n ");
}

function base64(text) {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function wrap(text) {
  return text.replace(new RegExp(`.{${LINE}}`, "g"), "$&\r\n");
}
