// The page's own address: every state of it can be linked to, opened in a tab and gone back to.

export function readPlace() {
  const query = new URLSearchParams(location.search);
  return {
    person: query.get("person") ?? "",
    folder: query.get("folder") ?? "inbox",
    messageId: query.get("message") ?? "",
    card: query.get("card") ?? "",
  };
}

export function linkTo({ person, folder, messageId }) {
  const query = new URLSearchParams({ person });
  if (messageId) query.set("message", messageId);
  else if (folder && folder !== "inbox") query.set("folder", folder);
  return `/simulator?${query}`;
}

export function goTo(place) {
  const link = linkTo(place);
  if (link !== location.pathname + location.search) history.pushState(null, "", link);
}
