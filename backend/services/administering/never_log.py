"""What is never logged: the workspace's list and each member's own (M1)."""

from backend.domain.actor import Actor
from backend.domain.address import address_key
from backend.domain.blocklist import EntryKind
from backend.domain.domains import domain_key
from backend.domain.roles import Permission
from backend.domain.summaries.administration import NeverLogLine
from backend.errors import InputError, NotFound
from backend.services.administering.rights import require
from backend.services.deps import Deps
from backend.store import audit, choices
from backend.store.models import NeverLogEntry

MAX_WORDS = 200
WRONG = {
    EntryKind.ADDRESS: "Write a whole e-mail address, such as mia@alpha.example.",
    EntryKind.DOMAIN: "Write a domain, such as alpha.example.",
    EntryKind.SUBJECT: "Write the words as they stand in the subject.",
}


def never_log_view(deps: Deps, actor: Actor) -> tuple[NeverLogLine, ...]:
    """The workspace's entries and the reader's own."""
    with deps.store.begin(actor.workspace_id) as session:
        return tuple(
            NeverLogLine(
                id=row.id,
                kind=row.kind,
                value=row.value,
                mine=row.member_id is not None,
                added_by=name,
                added_at=row.added_at,
            )
            for row, name in choices.never_log(session, actor.member_id)
        )


def add_never_log(deps: Deps, actor: Actor, *, kind: str, value: str, scope: str) -> None:
    """Add an entry for oneself ("mine") or for everybody ("workspace")."""
    mine = scope != "workspace"
    require(actor, Permission.NEVER_LOG_EDIT, own=mine)
    if kind not in set(EntryKind):
        raise InputError("Nothing was added.", {"kind": "Choose address, domain or subject."})
    stored = _stored(EntryKind(kind), value)
    if not stored:
        raise InputError("Nothing was added.", {"value": WRONG[EntryKind(kind)]})
    with deps.store.begin(actor.workspace_id) as session:
        choices.add_never_log(
            session,
            NeverLogEntry(
                workspace_id=actor.workspace_id,
                member_id=actor.member_id if mine else None,
                kind=kind,
                value=stored,
                added_by=actor.member_id,
                added_at=deps.now(),
            ),
        )
        audit.note(session, actor, "never_log.added", f"never_log:{kind}", now=deps.now())


def remove_never_log(deps: Deps, actor: Actor, *, entry_id: int) -> None:
    """Take an entry off the list. Mail it kept out is not fetched again by itself."""
    with deps.store.begin(actor.workspace_id) as session:
        entry = choices.never_log_entry(session, entry_id)
        if entry is None or entry.member_id not in {None, actor.member_id}:
            raise NotFound("There is no such entry. It may have been removed already.")
        require(actor, Permission.NEVER_LOG_EDIT, own=entry.member_id is not None)
        session.delete(entry)
        audit.note(session, actor, "never_log.removed", f"never_log:{entry.kind}", now=deps.now())


def _stored(kind: EntryKind, value: str) -> str:
    """The value in the form that the rule compares, or nothing when it is none."""
    match kind:
        case EntryKind.ADDRESS:
            return address_key(value)
        case EntryKind.DOMAIN:
            key = domain_key(value.strip().lstrip("@"))
            return key if "." in key else ""
        case EntryKind.SUBJECT:
            return " ".join(value.split()) if len(value) <= MAX_WORDS else ""
