"""One message to several people, or one each: asks before people learn each other's addresses.

It is asked while the message is written, when it is queued, and when it is edited.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.people.team import Team
from backend.domain.writing.audience import Spread, by_account, may_group, wide
from backend.domain.writing.recipients import MAX_RECIPIENTS
from backend.errors import InputError
from backend.services.composing.draft import Checked, Draft
from backend.store.models import AccountContact, ContactAddress

ANY = frozenset({0})
"""A placeholder for the account, where only the number of people matters."""

MOST_EACH_MB = 250
"""Total size of the files of all messages, since each has its own copy."""


def accounts_of_contacts(session: Session, keys: Iterable[str]) -> Mapping[str, frozenset[int]]:
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


@dataclass(frozen=True)
class Question:
    """The choice that the author must make, in words; `by_account`: one message per account is an
    option.
    """

    sentence: str
    by_account: bool


def asked_about(
    session: Session,
    to: Sequence[str],
    cc: Sequence[str],
    known: Iterable[str],
    *,
    is_audience: bool = False,
) -> Question | None:
    """The choice that the author must make, if any. `known` see each other already: they were on
    the message replied to. People in Cc are meant to be visible, and count only where they are
    many. Of people ticked in a list (`is_audience`) each gets a message unless something else is
    chosen.
    """
    before = set(known)
    people = accounts_of_contacts(session, [key for key in (*to, *cc) if key not in before])
    together = accounts_of_contacts(session, before)
    addressed = {key: people[key] for key in to if key in people}
    sentence = wide(addressed, together) or wide(
        dict.fromkeys(people, ANY), dict.fromkeys(together, ANY)
    )
    if not sentence and is_audience and len(people) > 1:
        sentence = (
            f"{len(people)} people: each gets an email of their own unless you choose otherwise."
        )
    return Question(sentence, may_group(people)) if sentence else None


def require_choice(
    session: Session, draft: Draft, checked: Checked, known: Iterable[str] = ()
) -> None:
    """Raise InputError at the choice until the author has chosen one message for all."""
    if draft.spread is Spread.TOGETHER:
        return
    recipients = checked.recipients
    question = asked_about(session, recipients.to, recipients.cc, known)
    if question:
        raise InputError("Choose how it leaves.", {"spread": question.sentence})


def several_mails(
    session: Session, draft: Draft, checked: Checked, team: Team, most: int
) -> list[Checked]:
    """The recipients of one message for each outsider in To and Cc, or for those of each account;
    colleagues get a copy of each. No message has more than `most`.
    """
    everybody = checked.recipients
    seen = (*everybody.to, *everybody.cc)
    people = [key for key in seen if not team.owns(key)]
    if len(people) > MAX_RECIPIENTS:
        told = f"At most {MAX_RECIPIENTS} people at once. Leave some for a second email."
        raise InputError("The email was not queued.", {"to": told})
    groups = groups_of(session, draft, people)
    ours = tuple(key for key in seen if team.owns(key))
    if max(map(len, groups), default=0) + len(ours) + len(everybody.bcc) > most:
        told = f"One account has more people than the {most} that fit in one email. Send each one."
        raise InputError("The email was not queued.", {"to": told})
    size = sum(len(one.data) for one in draft.files.added)
    if size * len(groups) > MOST_EACH_MB * 1_000_000:
        told = "These files are too large for one email to each. Put a link to them instead."
        raise InputError("The email was not queued.", {"files": told})
    return [
        replace(checked, recipients=replace(everybody, to=tuple(group), cc=ours))
        for group in groups
    ]


def groups_of(session: Session, draft: Draft, people: Sequence[str]) -> Sequence[Sequence[str]]:
    """Who shares a message."""
    if draft.spread is Spread.EACH:
        return [[key] for key in people]
    known = accounts_of_contacts(session, people)
    return by_account({key: known.get(key, frozenset()) for key in people})
