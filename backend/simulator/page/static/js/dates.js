// Times as a mail list writes them, in the reader's own zone.

const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const DAY_AND_YEAR = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
});
const FULL = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

export function shortDate(ms, now = Date.now()) {
  const moment = new Date(ms);
  const today = new Date(now);
  if (moment.toDateString() === today.toDateString()) return TIME.format(moment);
  return (moment.getFullYear() === today.getFullYear() ? DAY : DAY_AND_YEAR).format(moment);
}

export function fullDate(ms) {
  return FULL.format(new Date(ms));
}

export function ago(ms, now = Date.now()) {
  const minutes = Math.floor((now - ms) / 60000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} minute${minutes === 1 ? "" : "s"} ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} hour${hours === 1 ? "" : "s"} ago`;
  const days = Math.floor(hours / 24);
  return days < 14 ? `${days} day${days === 1 ? "" : "s"} ago` : "";
}

// The zone of this browser, as an event tells it. The offset is that of the given moment.
export function timeZone(now = new Date()) {
  const id = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  return { id, offset: -now.getTimezoneOffset() * 60000 };
}

// What a datetime-local field gives, with the offset that holds at that moment.
export function withOffset(written) {
  const minutes = -new Date(written).getTimezoneOffset();
  const sign = minutes < 0 ? "-" : "+";
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const two = (number) => String(number).padStart(2, "0");
  return `${written}${sign}${two(hours)}:${two(rest)}`;
}
