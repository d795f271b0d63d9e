"""Whether mail of this workspace offers to unsubscribe, and the wording (VC-75 … 77)."""

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.domain.writing.unsubscribing import MOST_LINK_TEXT, MOST_PREFIX
from backend.errors import InputError
from backend.services.settings.rights import require
from backend.store import audit, choices


def change_unsubscribes(deps: Deps, actor: Actor, *, on: bool, prefix: str, link_text: str) -> None:
    """Switch the offer on or off, and set its wording. Raises NotAllowed or InputError."""
    require(actor, Permission.POLICY_CHANGE)
    prefix, link_text = " ".join(prefix.split()), " ".join(link_text.split())
    check_words(prefix, link_text)
    with deps.store.begin(actor.workspace_id) as session:
        row = choices.workspace(session, actor.workspace_id)
        if on and row.unsubscribes_on_at is None:
            row.unsubscribes_on_at, row.unsubscribes_on_by = deps.now(), actor.member_id
        elif not on:
            row.unsubscribes_on_at, row.unsubscribes_on_by = None, None
        row.unsubscribe_prefix, row.unsubscribe_link_text = prefix, link_text
        detail = {"state": "on" if on else "off", "prefix": prefix, "link_text": link_text}
        audit.note(
            session, actor, "unsubscribes.changed", "workspace", now=deps.now(), detail=detail
        )


def check_words(prefix: str, link_text: str) -> None:
    """The link needs a text, and both must fit on one line. Raises InputError."""
    wrong: dict[str, str] = {}
    if len(prefix) > MOST_PREFIX:
        wrong["prefix"] = f"Shorten the prefix to {MOST_PREFIX} characters."
    if not link_text:
        wrong["link_text"] = "Write the text of the link."
    elif len(link_text) > MOST_LINK_TEXT:
        wrong["link_text"] = f"Shorten the text of the link to {MOST_LINK_TEXT} characters."
    if wrong:
        raise InputError("Nothing was saved.", wrong)
