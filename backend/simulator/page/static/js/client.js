// Asks the simulator's server to call the add-on, with what the toolbar says about the next call.

import { timeZone } from "./dates.js";

export class Client {
  constructor({ person, settings, inspector }) {
    Object.assign(this, { person, settings, inspector });
  }

  // Rejects only when the simulator itself does not answer; whatever the add-on does is a result.
  async ask(request) {
    const isSuggestion = request.kind === "autocomplete";
    const body = {
      ...request,
      person: this.person,
      platform: this.settings.platform,
      locale: navigator.language,
      timeZone: timeZone(),
      scopes: this.settings.scopes,
      limit: this.settings.limit,
      fate: isSuggestion ? "works" : this.settings.takeFate(),
    };
    const result = await dispatch(body);
    this.inspector.record(body, result);
    return result;
  }
}

export async function dispatch(body) {
  const response = await fetch("/simulator/dispatch", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const result = await response.json();
  if (!response.ok) throw new Error(result.error ?? "The simulator does not answer.");
  return result;
}
