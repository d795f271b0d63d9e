"""Makes contacts of the recipients of mail copied to Smart BCC: of To, never of Cc or Bcc (H-28,
H-47), and only where the workspace allows it (D-4).
"""

from dataclasses import replace

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.capture.blocklist import blocked
from backend.domain.mail.envelope import Author, Envelope
from backend.domain.mail.message import NamedAddress, ParsedMessage
from backend.domain.people.actor import Actor
from backend.domain.people.creation import Candidate, MayCreate, Path, Standing, may_create
from backend.domain.people.suggestions import company_domain, name_from
from backend.domain.people.team import Team
from backend.domain.policies import MatchField
from backend.services.late_matching import bring_along
from backend.store import accounts, audit, contacts
from backend.store.workspace_rules import policies, workspace_rules

MOST = 20
"""Recipients of one mail who become contacts; more is a circular."""


def create_contacts(deps: Deps, session: Session, actor: Actor, parsed: ParsedMessage) -> None:
    """A contact for each unknown person in To, in the account of their domain if there is one."""
    team, never_log = workspace_rules(session)
    creation = policies(session).contact_creation
    fresh = {one.key: one for one in parsed.to if one.key}
    if len(fresh) > MOST:
        return
    for key, person in sorted(fresh.items()):
        listed = blocked(Envelope(key), "", never_log) is not None
        candidate = Candidate(
            address=key,
            field=MatchField.TO,
            author=Author.PERSON,
            path=Path.SMART_BCC,
            standing=Standing.NEVER_LOGGED if listed else Standing.FREE,
        )
        if isinstance(may_create(candidate, team=team, creation=creation), MayCreate):
            contacts.lock_address(session, actor, key)
            if contacts.with_key(session, key) is None:
                _create(deps, session, actor, person, team)


def _create(deps: Deps, session: Session, actor: Actor, person: NamedAddress, team: Team) -> None:
    now = deps.now()
    named = replace(person, name=name_from(person.name, person.key))
    contact_id = contacts.add(session, actor, named, via="smart_bcc", now=now)
    company = company_domain(person.key, team)
    fitting = accounts.with_domains(session, [company]) if company else []
    if len(fitting) == 1:
        contacts.join_account(session, actor, contact_id, fitting[0].account_id, now)
    audit.note(session, actor, "contact.created", f"contact:{contact_id}", now=now)
    bring_along(session, deps, actor, contact_id, asked=False)
