"""What is never logged: the workspace's list and each member's own (M1)."""

from backend.deps import Deps
from backend.domain.capture.blocklist import MAX_WORDS, EntryKind, usable_entry
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.errors import InputError, NotFound, SettledAlready
from backend.services.settings.rights import require
from backend.store import audit, choices
from backend.store.models import NeverLogEntry

WRONG = {
    EntryKind.ADDRESS: "Write a whole email address, such as mia@alpha.example.",
    EntryKind.DOMAIN: "Write a company's domain, such as alpha.example; *.alpha.example means the "
    "same. An ending that belongs to everybody, such as com or co.uk, cannot be an entry.",
    EntryKind.SUBJECT: f"Write the words as they are in the subject, at most {MAX_WORDS} "
    "characters.",
}


def add_never_log(deps: Deps, actor: Actor, *, kind: str, value: str, scope: str) -> int:
    """Add an entry for oneself ("mine") or for everybody ("workspace"). Returns its id, or that of
    an equal existing entry.
    """
    mine = scope != "workspace"
    require(actor, Permission.NEVER_LOG_EDIT, own=mine)
    if kind not in set(EntryKind):
        raise InputError("Nothing was added.", {"kind": "Choose address, domain or subject."})
    stored = usable_entry(EntryKind(kind), value)
    if stored is None:
        raise InputError("Nothing was added.", {"value": WRONG[EntryKind(kind)]})
    with deps.store.begin(actor.workspace_id) as session:
        entry_id, added = choices.add_never_log(
            session,
            NeverLogEntry(
                workspace_id=actor.workspace_id,
                member_id=actor.member_id if mine else None,
                kind=stored[0],
                value=stored[1],
                added_by=actor.member_id,
                added_at=deps.now(),
            ),
        )
        if added:
            subject = f"never_log:{stored[0]}"
            audit.note(session, actor, "never_log.added", subject, now=deps.now())
        return entry_id


def remove_never_log(deps: Deps, actor: Actor, *, entry_id: int) -> None:
    """Remove an entry. Mail it kept out is not fetched again automatically."""
    with deps.store.begin(actor.workspace_id) as session:
        try:
            entry, _ = choices.never_log_entry(session, actor, entry_id)
        except NotFound as error:
            raise SettledAlready("This entry is not on the list any more.", gone=True) from error
        require(actor, Permission.NEVER_LOG_EDIT, own=entry.member_id is not None)
        session.delete(entry)
        audit.note(session, actor, "never_log.removed", f"never_log:{entry.kind}", now=deps.now())
