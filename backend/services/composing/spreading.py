"""One mail to several people, or one to each: asked before people learn each other's addresses.

Separate because it is asked while the mail is written, when it is queued, and when it is edited.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.audience import Spread, wide
from backend.domain.recipients import MAX_RECIPIENTS
from backend.domain.team import Team
from backend.errors import InputError
from backend.services.composing.draft import Checked, Draft
from backend.store.models import AccountContact, ContactAddress

ANY = frozenset({0})
"""The account that all have in common where only their number is asked about."""

MOST_EACH_MB = 250
"""What the files of all the mails may amount to, since each keeps its own."""


def in_sight(session: Session, keys: Iterable[str]) -> Mapping[str, frozenset[int]]:
    """The contacts among addresses, with the accounts each belongs to."""
    query = (
        select(ContactAddress.key, AccountContact.account_id)
        .outerjoin(AccountContact, AccountContact.contact_id == ContactAddress.contact_id)
        .where(ContactAddress.key.in_(list(keys)))
    )
    found: dict[str, set[int]] = {}
    for key, account_id in session.execute(query):
        found.setdefault(key, set()).update({account_id} - {None})
    return {key: frozenset(accounts) for key, accounts in found.items()}


def asked_about(
    session: Session, to: Sequence[str], cc: Sequence[str], known: Iterable[str]
) -> str:
    """What the author must choose about, or nothing. `known` see each other already: they were on
    the mail before. Who stands in Cc is there to be seen, and counts only where many do.
    """
    before = set(known)
    people = in_sight(session, [key for key in (*to, *cc) if key not in before])
    together = in_sight(session, before)
    return wide({key: people[key] for key in to if key in people}, together) or wide(
        dict.fromkeys(people, ANY), dict.fromkeys(together, ANY)
    )


def require_choice(
    session: Session, draft: Draft, checked: Checked, known: Iterable[str] = ()
) -> None:
    """Raise InputError at the choice while its author has not chosen one mail for all."""
    if draft.spread is Spread.TOGETHER:
        return
    recipients = checked.recipients
    question = asked_about(session, recipients.to, recipients.cc, known)
    if question:
        raise InputError("Choose how it leaves.", {"spread": question})


def one_each(draft: Draft, checked: Checked, team: Team) -> list[Checked]:
    """The recipients of a mail to everybody of To and Cc who is not one of us; colleagues get a
    copy of each.
    """
    seen = (*checked.recipients.to, *checked.recipients.cc)
    people = [key for key in seen if not team.owns(key)]
    if len(people) > MAX_RECIPIENTS:
        told = f"At most {MAX_RECIPIENTS} people at once. Leave some for a second email."
        raise InputError("The email was not queued.", {"to": told})
    size = sum(len(one.data) for one in draft.files.added)
    if size * len(people) > MOST_EACH_MB * 1_000_000:
        told = "These files are too large for one email to each. Put a link to them instead."
        raise InputError("The email was not queued.", {"files": told})
    ours = tuple(key for key in seen if team.owns(key))
    everybody = checked.recipients
    return [replace(checked, recipients=replace(everybody, to=(key,), cc=ours)) for key in people]
