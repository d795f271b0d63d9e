// Short notices at the bottom left: said once by screen readers, gone after four seconds.

import { el, replace } from "./dom.js";

const SHOWN_MS = 4000;

export class Snackbar {
  constructor(host) {
    this.host = host;
  }

  say(text) {
    clearTimeout(this.timer);
    replace(this.host, el("div", { class: "snackbar" }, text));
    this.timer = setTimeout(() => replace(this.host), SHOWN_MS);
  }
}
