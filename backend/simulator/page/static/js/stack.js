// A stack of cards and the steps that move it. Pure: it draws nothing and asks nobody.

export class Stack {
  constructor() {
    this.entries = [];
  }

  get top() {
    return this.entries[this.entries.length - 1] ?? null;
  }

  get depth() {
    return this.entries.length;
  }

  reset(cards) {
    this.entries = cards.length > 1 ? [{ card: listOfHeaders(cards) }] : cards.map((card) => ({ card }));
  }

  push(card) {
    this.entries.push({ card });
  }

  // What was typed stays with the place, so that fields of the same name and kind keep it.
  update(card) {
    const former = this.entries.pop();
    this.entries.push({ card, former: former?.typed ?? former?.former });
  }

  pop() {
    if (this.entries.length > 1) this.entries.pop();
  }

  popToRoot() {
    this.entries.length = Math.min(this.entries.length, 1);
  }

  popToCard(name) {
    const index = this.entries.findLastIndex((one) => one.card.name === name);
    if (index >= 0) this.entries.length = index + 1;
    return index >= 0;
  }

  // In order, as sent. What cannot be done is told, not thrown.
  apply(navigations) {
    const complaints = [];
    for (const step of navigations) {
      if (step.pushCard) this.push(step.pushCard);
      else if (step.updateCard) this.update(step.updateCard);
      else if (step.pop) this.pop();
      else if (step.popToRoot) this.popToRoot();
      else if (step.popToCard && !this.popToCard(step.popToCard)) {
        complaints.push(`No card of this stack is named "${step.popToCard}".`);
      }
    }
    return complaints;
  }
}

// Several cards from one trigger are shown as a list of their headers.
function listOfHeaders(cards) {
  const widgets = cards.map((card) => ({
    decoratedText: {
      text: card.header?.title ?? card.name ?? "Card",
      bottomLabel: card.header?.subtitle ?? "",
      wrapText: true,
      onClick: { card },
    },
  }));
  return { name: "", sections: [{ widgets }] };
}
