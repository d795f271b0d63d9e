"""C-3, nobody on the open email is known: who could become a contact, and with which account."""

from collections.abc import Iterator

from backend.domain.capture.blocklist import blocked
from backend.domain.capture.late_match import LeaveOut, on_new_address
from backend.domain.capture.list_sender import writer_behind
from backend.domain.incoming import Where, read_incoming
from backend.domain.mail.address import domain_of
from backend.domain.mail.domains import company_domains
from backend.domain.mail.envelope import Envelope
from backend.domain.mail.message import FetchedMessage, NamedAddress
from backend.domain.people.creation import Candidate, MayNotCreate, Path, Standing, may_create
from backend.domain.people.roles import Permission, allowed, may_bring_in
from backend.domain.people.suggestions import company_domain, suggest
from backend.domain.people.team import Team
from backend.domain.policies import MatchField
from backend.domain.summaries.panel import UnknownPerson
from backend.domain.summaries.people import AccountLine
from backend.queries.panel.known import Reader
from backend.queries.panel.sight import Known, OpenMail

LOOKED_UP = 20
"""Addresses of a message for which accounts and earlier mail are looked up, before it is known
which of them is the first stranger.
"""

ASK_AN_ADMIN = "Ask an admin to add people."
NOBODY_READABLE = "This email names no address that could be read, so nobody can be added from it."


def unknown_person(reader: Reader, fetched: FetchedMessage, known: Known) -> UnknownPerson:
    """The form's content, or why there is no form."""
    rules = known.rules
    stranger = _stranger(fetched, rules.team)
    if stranger is None:
        return _refused(reader, NamedAddress("", "", ""), NOBODY_READABLE)
    field, who = stranger
    candidate = Candidate(
        address=who.key,
        field=field,
        author=known.message.author,
        path=Path.ONE_CLICK,
        standing=Standing.NEVER_LOGGED
        if blocked(Envelope(who.key), "", rules.never_log)
        else Standing.FREE,
    )
    answer = may_create(candidate, team=rules.team, creation=known.policies.contact_creation)
    if isinstance(answer, MayNotCreate):
        return _refused(reader, who, answer.sentence)
    if not allowed(reader.actor.role, Permission.CONTACT_CREATE, own=True):
        return _refused(reader, who, ASK_AN_ADMIN)
    return _form(reader, who, known)


def sought(reader: Reader, where: Where, fetched: FetchedMessage) -> OpenMail:
    """The look-up keys of the open email, so that the form needs no second query."""
    writer = writer_behind(fetched.parsed)
    everybody = [*((writer,) if writer else ()), *(who for _, who in _placed(fetched))]
    people = list(dict.fromkeys(who.key for who in everybody if who.key))[:LOOKED_UP]
    return OpenMail(
        where=where,
        incoming=read_incoming(where, fetched),
        domains=sorted({domain for key in people for domain in company_domains(domain_of(key))}),
        hashes=list(map(reader.deps.hashed_in(reader.actor.workspace_id), people)),
    )


def _form(reader: Reader, who: NamedAddress, known: Known) -> UnknownPerson:
    company, found = company_domain(who.key, known.rules.team), known.guesses
    suggestion = suggest(who.name, who.key, company=company, accounts=found.hints)
    hint = suggestion.account
    own_hash = reader.deps.hashed_in(reader.actor.workspace_id)(who.key)
    earlier = found.left_out.get(own_hash, 0) if may_bring_in(reader.actor.role) else 0
    return UnknownPerson(
        gmail_id=reader.gmail_id,
        address=who.address,
        name=suggestion.name,
        account=AccountLine(id=hint.account_id, name=hint.name) if hint else None,
        new_account_name=suggestion.new_account_name,
        accounts=found.latest,
        earlier=on_new_address(known.policies.late_match, earlier),
        refusal=None,
    )


def _stranger(fetched: FetchedMessage, team: Team) -> tuple[MatchField, NamedAddress] | None:
    """The sender; for a message of ours, its recipient."""
    return next((one for one in _placed(fetched) if one[1].key and not team.owns(one[1].key)), None)


def _placed(fetched: FetchedMessage) -> Iterator[tuple[MatchField, NamedAddress]]:
    """Everybody on the message in header order, the sender first."""
    parsed = fetched.parsed
    if parsed.sender:
        yield MatchField.FROM, parsed.sender
    for field, people in (
        (MatchField.TO, parsed.to),
        (MatchField.CC, parsed.cc),
        (MatchField.BCC, parsed.bcc),
        (MatchField.REPLY_TO, parsed.answers_go_to),
    ):
        yield from ((field, who) for who in people)


def _refused(reader: Reader, who: NamedAddress, why: str) -> UnknownPerson:
    return UnknownPerson(
        gmail_id=reader.gmail_id,
        address=who.address or who.key,
        name=who.name,
        account=None,
        new_account_name=None,
        accounts=(),
        earlier=LeaveOut(),
        refusal=why,
    )
