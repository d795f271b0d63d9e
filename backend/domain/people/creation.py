"""Whether a message may create a contact from an address on it, and the sentence when not (D-4).

Plain sync never creates contacts; Smart BCC and one click do where the workspace allows it, and no
path creates them from machines, lists, colleagues or copied addresses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.mail.address import is_contact_address, is_role_address
from backend.domain.mail.envelope import Author
from backend.domain.people.team import Team
from backend.domain.policies import ContactCreation, MatchField


class Path(StrEnum):
    """How the message arrived."""

    SYNC = "sync"
    SMART_BCC = "smart_bcc"
    ONE_CLICK = "one_click"


ALLOWED_PATHS: Mapping[ContactCreation, frozenset[Path]] = {
    ContactCreation.NEVER: frozenset(),
    ContactCreation.SMART_BCC: frozenset({Path.SMART_BCC}),
    ContactCreation.ONE_CLICK: frozenset({Path.ONE_CLICK}),
    ContactCreation.BOTH: frozenset({Path.SMART_BCC, Path.ONE_CLICK}),
}


class Standing(StrEnum):
    """Whether an earlier decision forbids the person or the address."""

    FREE = "free"
    NEVER_LOGGED = "never_logged"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address on a message that no contact has."""

    address: str
    field: MatchField
    author: Author
    path: Path
    standing: Standing = Standing.FREE


@dataclass(frozen=True, slots=True)
class MayCreate:
    """A contact may be made."""


@dataclass(frozen=True, slots=True)
class MayNotCreate:
    """It may not; `sentence` says why, and what to do instead where there is something."""

    sentence: str


def may_create(
    candidate: Candidate, *, team: Team, creation: ContactCreation
) -> MayCreate | MayNotCreate:
    """Decide for one address on one message.

    >>> where = {"field": MatchField.FROM, "author": Author.PERSON, "path": Path.ONE_CLICK}
    >>> lee = Candidate(address="lee@else.example", **where)
    >>> may_create(lee, team=Team(), creation=ContactCreation.BOTH)
    MayCreate()
    >>> may_create(lee, team=Team(), creation=ContactCreation.SMART_BCC).sentence
    'One click does not add people in this workspace. Add lee@else.example in the console.'
    """
    sentence = _forbidden(candidate, team) or _not_from_here(candidate, creation)
    return MayCreate() if sentence is None else MayNotCreate(sentence)


def _forbidden(candidate: Candidate, team: Team) -> str | None:
    """What no setting allows."""
    address = candidate.address
    reasons = (
        (team.owns(address), f"{address} is one of your team's own addresses."),
        (
            candidate.standing is Standing.NEVER_LOGGED,
            f"{address} is on the never-log list, so nothing of it is stored.",
        ),
        (
            candidate.standing is Standing.ERASED,
            f"{address} belongs to a person who was erased and must stay so.",
        ),
        (
            not is_contact_address(address),
            f"{address} is not an address that can be written to.",
        ),
        (
            is_role_address(address),
            f"{address} speaks for a function and not for a person, so nobody is added from it.",
        ),
        (
            candidate.author is Author.MACHINE,
            "This is automatic or list mail, so nobody is added from it.",
        ),
    )
    return next((sentence for holds, sentence in reasons if holds), None)


def _not_from_here(candidate: Candidate, creation: ContactCreation) -> str | None:
    """What another path or setting would allow."""
    address = candidate.address
    if candidate.path is Path.SYNC:
        return f"Synced mail never adds people. Add {address} with one click or in the console."
    if candidate.path not in ALLOWED_PATHS[creation]:
        what = "One click" if candidate.path is Path.ONE_CLICK else "The smart BCC address"
        return f"{what} does not add people in this workspace. Add {address} in the console."
    if candidate.field in {MatchField.CC, MatchField.BCC}:
        return f"People who were only copied are not added. Add {address} in the console."
    return None
