"""C-3: nobody on the open e-mail is known. Who could become a contact, and with which account."""

from backend.domain.address import domain_of
from backend.domain.blocklist import blocked
from backend.domain.creation import Candidate, MayNotCreate, Path, Standing, may_create
from backend.domain.envelope import Author, Envelope, domain_and_parents
from backend.domain.message import FetchedMessage, NamedAddress
from backend.domain.policies import LateMatch, MatchField, Policies
from backend.domain.roles import Permission, Role, allowed
from backend.domain.suggestions import company_domain, suggest
from backend.domain.summaries.panel import UnknownPerson
from backend.domain.summaries.people import AccountLine
from backend.domain.team import Team
from backend.services.showing.panel_known import Reader
from backend.store.panel_sight import Known, Stranger, guesses

ACCOUNTS_OFFERED = 10
ASK_AN_ADMIN = "Ask an admin to add people."
NOBODY_READABLE = "This email names no address that could be read, so nobody can be added from it."


def unknown_person(
    reader: Reader, fetched: FetchedMessage, known: Known, *, author: Author
) -> UnknownPerson:
    """The form's content, or why there is no form."""
    rules, chosen = known.rules, known.policies
    stranger = _stranger(fetched, rules.team)
    if stranger is None:
        return _refused(reader, NamedAddress("", "", ""), NOBODY_READABLE)
    field, who = stranger
    candidate = Candidate(
        address=who.key,
        field=field,
        author=author,
        path=Path.ONE_CLICK,
        standing=Standing.NEVER_LOGGED
        if blocked(Envelope(who.key), "", rules.never_log)
        else Standing.FREE,
    )
    answer = may_create(candidate, team=rules.team, creation=chosen.contact_creation)
    if isinstance(answer, MayNotCreate):
        return _refused(reader, who, answer.sentence)
    if not allowed(Role(reader.actor.role), Permission.CONTACT_CREATE, own=True):
        return _refused(reader, who, ASK_AN_ADMIN)
    return _form(reader, who, rules.team, chosen)


def _form(reader: Reader, who: NamedAddress, team: Team, chosen: Policies) -> UnknownPerson:
    company = company_domain(who.key, team)
    domains = {company, *domain_and_parents(domain_of(who.key))} if company else set()
    stranger = Stranger(
        domains=sorted(domain for domain in domains if domain),
        hashed=reader.deps.keyed_hash.of(reader.actor.workspace_id, who.key),
        but=reader.gmail_id,
    )
    found = guesses(reader.deps.store, reader.actor, stranger, accounts=ACCOUNTS_OFFERED)
    suggestion = suggest(who.name, who.key, company=company, accounts=found.hints)
    hint = suggestion.account
    return UnknownPerson(
        gmail_id=reader.gmail_id,
        address=who.address,
        name=suggestion.name,
        account=AccountLine(id=hint.account_id, name=hint.name) if hint else None,
        new_account_name=suggestion.new_account_name,
        accounts=found.latest,
        earlier_count=0 if chosen.late_match is LateMatch.OFF else found.left_out,
        refusal=None,
    )


def _stranger(fetched: FetchedMessage, team: Team) -> tuple[MatchField, NamedAddress] | None:
    """Who wrote; for a mail of ours, to whom."""
    parsed = fetched.parsed
    placed = [(MatchField.FROM, parsed.sender)] if parsed.sender else []
    fields = ((MatchField.TO, parsed.to), (MatchField.CC, parsed.cc), (MatchField.BCC, parsed.bcc))
    placed += [(field, who) for field, people in fields for who in people]
    return next(((field, who) for field, who in placed if who.key and not team.owns(who.key)), None)


def _refused(reader: Reader, who: NamedAddress, why: str) -> UnknownPerson:
    return UnknownPerson(
        gmail_id=reader.gmail_id,
        address=who.address or who.key,
        name=who.name,
        account=None,
        new_account_name=None,
        accounts=(),
        earlier_count=0,
        refusal=why,
    )
