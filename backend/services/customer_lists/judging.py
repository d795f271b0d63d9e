"""Judges the lines of a customer list before any of it is written.

Separate from `writing`: a list is judged whole, and judged again while it is written, and neither
needs a transaction.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from backend.deps import Deps
from backend.domain.capture.blocklist import NeverLog, blocked
from backend.domain.customers.rows import BadLine, Line
from backend.domain.ids import MemberId
from backend.domain.mail.envelope import Author, Envelope
from backend.domain.people.actor import Actor
from backend.domain.people.creation import Candidate, MayNotCreate, Path, Standing, may_create
from backend.domain.people.roles import Permission, allowed, refusal
from backend.domain.people.team import Team
from backend.domain.policies import ContactCreation, MatchField
from backend.domain.sending.suppression import SuppressionCause
from backend.errors import NotAllowed
from backend.services.settings.account_traits import unusable
from backend.store import account_traits, suppressions, team
from backend.store.workspace_rules import policies, workspace_rules

L = TypeVar("L", Line, Line | BadLine)
BATCH = 500
"""Lines in one transaction: a fraction of a second, and far fewer locks than Postgres has."""


@dataclass(frozen=True, kw_only=True)
class House:
    """What is the same for the whole list: our own people, and who must not be stored. `traits` has
    the ids of account traits by name; mail is matched by the one in `matching`.
    """

    team: Team
    never_log: NeverLog
    members: Mapping[str, MemberId]
    traits: Mapping[str, int]
    matching: str | None


def house_of(deps: Deps, actor: Actor) -> House:
    """Raises NotAllowed unless the actor may add people and accounts."""
    for permission in (Permission.CONTACT_CREATE, Permission.ACCOUNT_EDIT):
        if not allowed(actor.role, permission, own=True):
            raise NotAllowed(refusal(permission, own=True))
    with deps.store.begin(actor.workspace_id) as session:
        ours, never = workspace_rules(session)
        people = team.members(session)
        traits = account_traits.names(session)
        matching = policies(session).match_by_domain
    named = {one.name.casefold(): one.id for one in people}
    return House(
        team=ours,
        never_log=never,
        members=named | {one.email_key: one.id for one in people},
        traits=traits,
        matching=matching,
    )


def judged(
    deps: Deps, actor: Actor, house: House, lines: Iterable[Line | BadLine]
) -> Iterator[Line | BadLine]:
    """Each line again, refused where nobody may be added or where a domain is our own. A person who
    is also on an earlier line gets a note.
    """
    seen: dict[str, tuple[int, bool]] = {}
    for batch in batches(lines):
        people = [one.person for one in batch if isinstance(one, Line) and one.person]
        keys = [key for one in people for key in one.keys]
        found = suppressions.of_addresses(deps.store, deps.keyed_hash, actor.workspace_id, keys)
        erased = {one.address for one in found if one.cause is SuppressionCause.ERASED}
        for line in batch:
            found_now = line if isinstance(line, BadLine) else _judge(line, house, erased)
            yield _told_again(found_now, seen)


def batches(lines: Iterable[L]) -> Iterator[list[L]]:
    """The lines in batches of one transaction each."""
    waiting = iter(lines)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _judge(line: Line, house: House, erased: set[str]) -> Line | BadLine:
    wrong: list[str] = []
    domain = line.account.domain if line.account else None
    if domain in house.team.domains:
        wrong.append(f"{domain} is your team's own domain.")
    refused = {key: _refused(key, house, erased) for key in line.person.keys} if line.person else {}
    if line.person and (sentence := refused.pop(line.person.key)):
        wrong.append(sentence)
    if wrong:
        return BadLine(line.number, tuple(wrong))
    line = _without_addresses(line, {key: why for key, why in refused.items() if why})
    asked = (
        *((line.account.csm, line.account.ae) if line.account else ()),
        *((line.person.assigned_to,) if line.person else ()),
    )
    unknown = [name for name in asked if name and name.casefold() not in house.members]
    notes = tuple(f'Nobody of your team is "{name}"; left out.' for name in unknown)
    return _with_usable_traits(replace(line, notes=(*line.notes, *notes)), house)


def _without_addresses(line: Line, refused: Mapping[str, str]) -> Line:
    """The line without further addresses that are not allowed, with a note."""
    if line.person is None or not refused:
        return line
    further = {key: one for key, one in line.person.further.items() if key not in refused}
    person = replace(line.person, further=further)
    return replace(line, person=person, notes=(*line.notes, *refused.values()))


def _with_usable_traits(line: Line, house: House) -> Line:
    """The line without trait values that are not allowed, with a note."""
    if line.account is None:
        return line
    judged = [
        (name, value, unusable(value, name, house.team, house.matching))
        for name, value in line.account.traits
    ]
    kept = tuple((name, value) for name, value, sentence in judged if sentence is None)
    notes = tuple(f"{name} is left out: {sentence}" for name, _, sentence in judged if sentence)
    return replace(line, account=replace(line.account, traits=kept), notes=(*line.notes, *notes))


def _told_again(line: Line | BadLine, seen: dict[str, tuple[int, bool]]) -> Line | BadLine:
    """The line with a note when its person, or an address of theirs, was on another. `seen` has the
    first line of each address, and whether it was the primary one there.
    """
    if isinstance(line, BadLine) or line.person is None:
        return line
    notes: list[str] = []
    for key in line.person.keys:
        own = key == line.person.key
        number, was_own = seen.setdefault(key, (line.number, own))
        if number != line.number:
            same = "; both lines are one person" if own and was_own else ""
            notes.append(f"{key} is on line {number} too{same}.")
    return replace(line, notes=(*line.notes, *notes))


def _refused(key: str, house: House, erased: set[str]) -> str | None:
    """Why no contact may have this address, if so."""
    standing = Standing.ERASED if key in erased else Standing.FREE
    if blocked(Envelope(key), "", house.never_log) is not None:
        standing = Standing.NEVER_LOGGED
    candidate = Candidate(
        address=key,
        field=MatchField.FROM,
        author=Author.PERSON,
        path=Path.ONE_CLICK,
        standing=standing,
    )
    answer = may_create(candidate, team=house.team, creation=ContactCreation.BOTH)
    return answer.sentence if isinstance(answer, MayNotCreate) else None
