// Every state of the cards side by side. They are only looked at here: each leads to the panel, where
// it can be used.

import { drawCard } from "./card.js";
import { el, replace } from "./dom.js";

const EMPTY = "No cards: start the simulator with --cards FOLDER, where answers lie as <kind>/<state>.json.";
const NOBODY = {
  spot: "message",
  openLink: () => {},
  suggest: async () => [],
  click: () => {},
  change: () => {},
  act: () => {},
};

async function start() {
  const response = await fetch("/simulator/cards");
  const { states } = await response.json();
  const main = document.getElementById("gallery");
  replace(main, states.length ? states.map(drawState) : el("p", { class: "empty" }, EMPTY));
}

function drawState({ name, answer, cards, findings }, index) {
  const [kind, state] = name.split("/");
  const notice = (answer?.renderActions ?? answer)?.action?.notification?.text;
  return el(
    "section",
    { class: "state", id: name, "aria-label": name },
    el("h2", {}, el("span", {}, `${kind} / `), el("a", { href: linkTo(name) }, state)),
    cards.map((card, place) => drawOne(card, `state-${index}-${place}`)),
    notice && el("p", { class: "state-note" }, `Says: ${notice}`),
    findings.map(({ text, path }) => el("p", { class: "state-note" }, `${text} (${path})`)),
  );
}

function drawOne(card, id) {
  const { body, footer } = drawCard(card, { ...NOBODY, id, unfolded: new Set() });
  const frame = el("div", { class: "state-card" }, body, footer);
  frame.inert = true;
  return frame;
}

function linkTo(name) {
  return `/simulator?${new URLSearchParams({ card: name })}`;
}

start().catch((error) => {
  replace(document.getElementById("gallery"), el("p", { class: "empty", role: "alert" }, `The cards cannot be shown: ${error.message}`));
});
