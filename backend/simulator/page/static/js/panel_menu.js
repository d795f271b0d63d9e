// The ⋮ menu of an add-on: the card's own entries, Refresh on root cards, then the universal ones.

export function menuItems(host, addOn) {
  const card = host.problem ? null : host.stack.top?.card;
  const own = (card?.cardActions ?? []).map((one) => ({
    text: one.actionLabel ?? "",
    onClick: () => one.onClick && host.click(one.onClick, {}),
  }));
  const refresh = host.stack.depth <= 1 ? [{ text: "Refresh", onClick: () => void host.open() }] : [];
  const universal = addOn.universalActions.map((one) => ({
    text: one.label,
    onClick: () => (one.openLink ? host.openLink({ url: one.openLink }) : void host.universal(one.function)),
  }));
  return [...own, ...refresh, ...universal];
}
