// What the toolbar decides: the fate of the next call, the time limit, the device, and what this
// person has granted. Scopes are kept for each person while the page is open.

export const FATES = [
  ["works", "works"],
  ["slow", "takes 3 seconds"],
  ["fails", "returns 500"],
  ["times_out", "times out"],
  ["garbled", "invalid JSON"],
  ["replayed", "Google replays it"],
];

export const DEVICES = [
  ["WEB", "Web"],
  ["ANDROID", "Android"],
  ["IOS", "iPhone"],
];

const USUAL_LIMIT_SECONDS = 30;

export class Settings {
  constructor(allScopes) {
    this.allScopes = allScopes;
    this.withheld = new Set();
    this.fate = "works";
    this.limit = USUAL_LIMIT_SECONDS;
    this.platform = "WEB";
    this.onChange = () => {};
  }

  get scopes() {
    return this.allScopes.filter((scope) => !this.withheld.has(scope));
  }

  get isMobile() {
    return this.platform !== "WEB";
  }

  // Good for one call only.
  takeFate() {
    const { fate } = this;
    if (fate !== "works") this.set({ fate: "works" });
    return fate;
  }

  set(values) {
    Object.assign(this, values);
    this.onChange(this);
  }

  grant(scopes) {
    for (const scope of scopes) this.withheld.delete(scope);
    this.onChange(this);
  }

  withhold(scope, isWithheld) {
    this.withheld[isWithheld ? "add" : "delete"](scope);
    this.onChange(this);
  }
}
