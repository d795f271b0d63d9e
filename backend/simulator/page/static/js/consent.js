// Google's sheet for more access: a box for each scope, none for a single one. Refusing is possible.

import { el } from "./dom.js";

const WORDS = {
  "gmail.addons.execute": "Run as a Gmail add-on",
  "gmail.addons.current.message.action": "View your open message when you use the add-on",
  "gmail.addons.current.message.readonly": "View your open message and its conversation",
  "gmail.addons.current.message.metadata": "View the headers of your open message and draft recipients",
  "gmail.addons.current.action.compose": "Manage drafts when you use the add-on",
  "script.locale": "View your country, language and time zone",
  "userinfo.email": "See your email address",
  "userinfo.profile": "See your name and picture",
  openid: "Associate you with your personal info on Google",
};

export function scopeWords(scope) {
  return WORDS[scope.replace("https://www.googleapis.com/auth/", "")] ?? scope;
}

export function drawConsent(host) {
  const { scopes, again } = host.consent;
  const boxes = scopes.map((scope) => el("input", { type: "checkbox", class: "tick", checked: true, value: scope }));
  const finish = (granted) => {
    host.consent = null;
    if (granted.length) {
      host.settings.grant(granted);
      void again();
      return;
    }
    host.say("Access not granted");
    if (host.stack.depth === 0) host.stack.reset([refused(host)]);
    host.render({ focusTitle: true });
  };
  const isSingle = scopes.length === 1;
  return el(
    "div",
    { class: "consent" },
    el("h3", { class: "card-title", tabindex: "-1" }, `${host.addOn.name} wants more access`),
    el("p", { class: "muted" }, `To ${host.me.email}. A stand-in for Google's own page.`),
    el(
      "ul",
      {},
      scopes.map((scope, index) =>
        el("li", {}, isSingle ? scopeWords(scope) : el("label", { class: "choice" }, boxes[index], scopeWords(scope))),
      ),
    ),
    el(
      "div",
      { class: "card-footer" },
      el("button", { type: "button", class: "button", onClick: () => finish([]) }, "Cancel"),
      el(
        "button",
        {
          type: "button",
          class: "button filled",
          onClick: () => finish(boxes.filter((box) => box.checked).map((box) => box.value)),
        },
        "Allow",
      ),
    ),
  );
}

function refused(host) {
  const text = `${host.addOn.name} was not given the access it asked for.`;
  return { header: { title: "No access" }, sections: [{ widgets: [{ textParagraph: { text } }] }] };
}
