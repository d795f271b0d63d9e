"""Addresses that mail did not reach, as they ask for the reader's attention."""

from datetime import timedelta

from backend.domain.people.actor import Actor
from backend.domain.sending.delivery_report import Outcome
from backend.domain.summaries.mail import UndeliveredLine
from backend.services.deps import Deps
from backend.store import failures
from backend.store.failures import NewlyFailed

RECENTLY = timedelta(days=14)
"""How long a failed address asks for attention; afterwards it is still told beside the contact."""

MOST = 8


def newly(deps: Deps, actor: Actor) -> tuple[UndeliveredLine, ...]:
    """Those of the reader's own mail and own people, the newest first."""
    with deps.store.begin(actor.workspace_id) as session:
        found = failures.newly(session, actor.member_id, since=deps.now() - RECENTLY, most=MOST)
    return tuple(_line(one) for one in found)


def _line(one: NewlyFailed) -> UndeliveredLine:
    name = one.name or one.failed.address
    return UndeliveredLine(
        who=f"{name}, {one.account_name}" if one.account_name else name,
        sentence=one.failed.sentence,
        at=one.failed.at,
        complaint=one.failed.outcome is Outcome.COMPLAINT,
        contact_id=one.contact_id,
        account_id=one.account_id,
        conversation_id=one.conversation_id,
    )
