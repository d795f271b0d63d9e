// Carries out what an add-on answered: cards, notices, links, drafts, or a wish for more access.

export function applyAnswer(host, { request, options, result }) {
  const { answer, root } = result;
  switch (root) {
    case "RenderActions":
      showTrigger(host, answer);
      break;
    case "SubmitFormResponse":
      carryOut(host, answer.renderActions ?? {});
      if (answer.stateChanged) host.onStateChanged?.(host);
      break;
    case "AuthorizationError":
      authorize(host, answer, { request, options });
      break;
    default:
  }
}

function showTrigger(host, answer) {
  const cards = (answer.action?.navigations ?? []).map((step) => step.pushCard ?? step.updateCard).filter(Boolean);
  host.stack.reset(cards.length ? cards : [nothing(host)]);
  carryOut(host, { ...answer, action: { ...answer.action, navigations: [] } });
}

function carryOut(host, { action = {}, hostAppAction }) {
  for (const text of host.stack.apply(action.navigations ?? [])) {
    host.client.inspector.complain("answer.action.navigations", text);
  }
  if (action.notification?.text) host.say(action.notification.text);
  if (action.link) host.openLink(action.link);
  if (hostAppAction?.gmailAction) void host.gmailAction(hostAppAction.gmailAction);
}

function authorize(host, answer, { request, options }) {
  const { basicAuthorizationPrompt: basic, customAuthorizationPrompt: custom } = answer;
  const wanted = answer.requestingGoogleScopes;
  if (wanted) {
    const listed = host.addOn.scopes;
    const scopes = wanted.allScopes ? listed : (wanted.scopes ?? []);
    host.askConsent(scopes, () => host.run(request, options));
  } else if (basic) {
    host.links.trust(basic.authorizationUrl);
    host.stack.reset([signIn(host, basic)]);
  } else if (host.stack.depth === 0) {
    showTrigger(host, custom);
  } else carryOut(host, custom);
}

function signIn(host, { authorizationUrl, resource }) {
  const onClick = { openLink: { url: authorizationUrl, openAs: "OVERLAY", onClose: "RELOAD" } };
  return {
    header: { title: "Sign in" },
    sections: [
      {
        widgets: [
          { textParagraph: { text: `${host.addOn.name} needs you to sign in to ${resource ?? "a service outside Google"}.` } },
          { buttonList: { buttons: [{ text: "Sign in", onClick }] } },
        ],
      },
    ],
  };
}

function nothing(host) {
  return { sections: [{ widgets: [{ textParagraph: { text: `${host.addOn.name} has nothing to show here.` } }] }] };
}
