"""What is the same for a whole batch: the team, the never-log list, the policies and the mailbox.

One statement reads all of it: a card and a small batch of live mail ask it each time. `rules_sql`
is the part of it that a statement which asks for more can contain.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.capture.blocklist import Entry, EntryKind, NeverLog, Scope, never_log
from backend.domain.capture.match_policy import match_policy
from backend.domain.capture.rule import CaptureRules, MailboxFacts
from backend.domain.ids import MemberId
from backend.domain.people.team import Team
from backend.domain.policies import Policies
from backend.store.asking import fetch
from backend.store.models import Mailbox, PolicyChoice
from backend.store.statements import sql, statement


@dataclass(frozen=True, kw_only=True)
class TeamFound:
    """What `TEAM` finds: addresses of members, and mailboxes with aliases and their owners."""

    members: tuple[tuple[str, MemberId], ...]
    boxes: tuple[tuple[str, MemberId | None], ...]
    domains: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class RulesFound(TeamFound):
    """What `rules_sql` finds besides: of the never-log list whether an entry is personal."""

    policies: dict[str, str]
    never_log: tuple[tuple[EntryKind, str, bool], ...]


TEAM = sql("team")


def rules_sql(owner: str) -> str:
    """The parts of a statement that finds the rules. `owner` is SQL for whose entries count."""
    return sql("workspace_rules", owner=owner, team=TEAM)


ONLY_TEAM = statement(f"SELECT json_build_object({TEAM})", TeamFound)
ONLY_RULES = statement(
    f"SELECT json_build_object({rules_sql('CAST(%(owner)s AS bigint)')})", RulesFound
)


def policies(session: Session) -> Policies:
    """The workspace's choices over the defaults."""
    rows = session.execute(select(PolicyChoice.name, PolicyChoice.value)).all()
    return Policies.from_overrides(dict(rows))


def team(session: Session) -> Team:
    """Every address of ours: members, their aliases, shared mailboxes, internal domains."""
    return team_of(fetch(session, ONLY_TEAM.bind()))


def workspace_rules(session: Session) -> tuple[Team, NeverLog]:
    """The team, and what the workspace never logs, for any member."""
    found = fetch(session, ONLY_RULES.bind(owner=None))
    entries = (Entry(kind, value) for kind, value, _ in found.never_log)
    return team_of(found), never_log(entries)


def rules_for(session: Session, mailbox: Mailbox) -> CaptureRules:
    """Everything the capture rule asks about the workspace and this mailbox."""
    owner = mailbox.owner_id
    found = fetch(session, ONLY_RULES.bind(owner=owner))
    facts = MailboxFacts(mailbox.kind, mailbox.capture, owner)
    return rules_of(found, facts)


def rules_of(found: RulesFound, mailbox: MailboxFacts) -> CaptureRules:
    """The rules from what was found, for this mailbox."""
    chosen = policies_of(found)
    entries = (
        Entry(kind, value, Scope.PERSONAL if personal else Scope.WORKSPACE)
        for kind, value, personal in found.never_log
    )
    return CaptureRules(
        team=team_of(found),
        never_log=never_log(entries),
        matching=match_policy(chosen),
        mailbox=mailbox,
    )


def policies_of(found: RulesFound) -> Policies:
    """The choices among what was found."""
    return Policies.from_overrides(found.policies)


def team_of(found: TeamFound) -> Team:
    """The team among what `TEAM` found."""
    members = dict(found.members)
    shared: set[str] = set()
    for key, owner_id in found.boxes:
        if owner_id is None:
            shared.add(key)
        else:
            members.setdefault(key, owner_id)
    return Team(
        members=members,
        shared=frozenset(shared),
        domains=found.domains,
    )
