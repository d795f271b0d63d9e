"""What holds for a whole batch: the team, the never-log list, the policies and the mailbox."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.domain.blocklist import Entry, EntryKind, Scope, never_log
from backend.domain.capture_facts import CaptureRules, MailboxFacts
from backend.domain.ids import MemberId
from backend.domain.match_policy import match_policy
from backend.domain.policies import MailboxKind, Policies
from backend.domain.team import Team
from backend.store.models import (
    InternalDomain,
    Mailbox,
    MailboxAlias,
    NeverLogEntry,
    PolicyChoice,
    TeamMember,
)


def policies(session: Session) -> Policies:
    """The workspace's choices over the defaults."""
    rows = session.execute(select(PolicyChoice.name, PolicyChoice.value)).all()
    return Policies.from_overrides(dict(rows))


def team(session: Session) -> Team:
    """Every address of ours: members, their aliases, shared mailboxes, internal domains."""
    members = dict(
        session.execute(
            select(TeamMember.email_key, TeamMember.id).where(TeamMember.deactivated_at.is_(None))
        ).all()
    )
    shared: set[str] = set()
    boxes = select(Mailbox.email_key, Mailbox.owner_id)
    aliases = select(MailboxAlias.key, Mailbox.owner_id).join(
        Mailbox, Mailbox.id == MailboxAlias.mailbox_id
    )
    for key, owner_id in session.execute(boxes.union_all(aliases)):
        if owner_id is None:
            shared.add(key)
        else:
            members.setdefault(key, owner_id)
    return Team(
        members={key: MemberId(member_id) for key, member_id in members.items()},
        shared=frozenset(shared),
        domains=frozenset(session.scalars(select(InternalDomain.domain))),
    )


def rules_for(session: Session, mailbox: Mailbox) -> CaptureRules:
    """Everything the capture rule asks about the workspace and this mailbox."""
    chosen = policies(session)
    entries = session.scalars(
        select(NeverLogEntry).where(
            or_(
                NeverLogEntry.member_id.is_(None),
                NeverLogEntry.member_id == mailbox.owner_id,
            )
        )
    )
    listed = [
        Entry(
            EntryKind(entry.kind),
            entry.value,
            Scope.WORKSPACE if entry.member_id is None else Scope.PERSONAL,
        )
        for entry in entries
    ]
    return CaptureRules(
        team=team(session),
        never_log=never_log(listed),
        matching=match_policy(chosen),
        mailbox=MailboxFacts(
            kind=MailboxKind(mailbox.kind),
            capture=chosen.capture,
            owner=MemberId(mailbox.owner_id) if mailbox.owner_id is not None else None,
        ),
    )
