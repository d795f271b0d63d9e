// Opens what a card links to, as Gmail would: https, mailto and tel within the declared prefixes,
// in a tab or in a window after which the card is drawn anew.

const WATCH_MS = 400;
const AT_ONCE_MS = 1500;
const UNSEEN =
  "The window seemed closed at once. A page that sends Cross-Origin-Opener-Policy cannot be seen " +
  "closing, so the card was drawn anew too early.";
const WINDOW = "popup,width=640,height=760";

export class Links {
  constructor({ prefixes, settings, inspector, onMail }) {
    Object.assign(this, { prefixes, settings, inspector, onMail });
    this.trusted = new Set();
  }

  // Addresses outside the deployment's prefixes that Google itself may open: sign-in pages.
  trust(url) {
    this.trusted.add(url);
  }

  open({ url, openAs, onClose }, host) {
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url ?? "")?.[1].toLowerCase();
    if (scheme === "mailto") {
      this.onMail(url);
      return;
    }
    if (scheme === "tel") {
      host.say(`Would call ${url.slice(4)}`);
      return;
    }
    if (!["http", "https"].includes(scheme) || !this.isAllowed(url)) {
      this.inspector.complain("openLink.url", `${url} is not within openLinkUrlPrefixes: nothing opens.`);
      return;
    }
    const isOverlay = openAs === "OVERLAY" && this.settings.platform === "WEB";
    const opened = window.open(url, isOverlay || onClose === "RELOAD" ? "add-on-window" : "_blank", isOverlay ? WINDOW : "");
    if (onClose === "RELOAD") this.watch(opened, host);
  }

  isAllowed(url) {
    return this.trusted.has(url) || !this.prefixes.length || this.prefixes.some((prefix) => within(url, prefix));
  }

  // There is no event for it: Gmail, too, can only look whether the window is still there.
  watch(opened, host) {
    const since = performance.now();
    const timer = setInterval(() => {
      if (opened && !opened.closed) return;
      clearInterval(timer);
      if (performance.now() - since < AT_ONCE_MS) this.inspector.complain("openLink.onClose", UNSEEN);
      void host.open();
    }, WATCH_MS);
  }
}

function within(url, prefix) {
  if (prefix === "*") return true;
  const [asked, allowed] = [new URL(url), parsedPrefix(prefix)];
  if (!allowed || asked.protocol !== allowed.protocol) return false;
  const isHost = allowed.anyChild ? asked.host.endsWith(allowed.host) : asked.host === allowed.host;
  const stem = allowed.path.replace(/\/+$/, "");
  const rest = asked.pathname.slice(stem.length);
  return isHost && asked.pathname.startsWith(stem) && (rest === "" || rest.startsWith("/"));
}

function parsedPrefix(prefix) {
  const found = /^(https?:)\/\/(\*?)([^/]+)(\/.*)?$/.exec(prefix);
  return found && { protocol: found[1], anyChild: found[2] === "*", host: found[3], path: found[4] ?? "/" };
}
