"""What is the same for a whole batch: the team, the never-log list, the policies and the mailbox.

One statement reads all of it, for each card and each small batch of live mail. `RULES` is the part
that a larger statement can include.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.domain.capture.blocklist import Entry, EntryKind, NeverLog, Scope, never_log
from backend.domain.capture.match_policy import match_policy
from backend.domain.capture.rule import CaptureRules, MailboxFacts
from backend.domain.ids import MemberId
from backend.domain.people.team import Team
from backend.domain.policies import Policies
from backend.store.models import Mailbox, PolicyChoice

Found = Mapping[str, Any]

TEAM = """
  'members', (
    SELECT json_agg(json_build_array(t.email_key, t.id))
      FROM team_members t WHERE t.deactivated_at IS NULL),
  'boxes', (
    SELECT json_agg(json_build_array(x.key, x.owner_id)) FROM (
      SELECT b.email_key AS key, b.owner_id FROM mailboxes b
       UNION ALL
      SELECT a.key, b.owner_id FROM mailbox_aliases a JOIN mailboxes b ON b.id = a.mailbox_id) x),
  'domains', (SELECT json_agg(d.domain) FROM internal_domains d)
"""
RULES = f"""
  'policies', (SELECT json_object_agg(p.name, p.value) FROM policies p),
  'never_log', (
    SELECT json_agg(json_build_array(n.kind, n.value, n.member_id IS NOT NULL))
      FROM never_log n WHERE n.member_id IS NULL OR n.member_id = :owner),
  {TEAM}
"""  # noqa: S608 - only our own text is put together
ONLY_TEAM = text(f"SELECT json_build_object({TEAM})")
ONLY_RULES = text(f"SELECT json_build_object({RULES})")


def policies(session: Session) -> Policies:
    """The workspace's choices over the defaults."""
    rows = session.execute(select(PolicyChoice.name, PolicyChoice.value)).all()
    return Policies.from_overrides(dict(rows))


def team(session: Session) -> Team:
    """Every address of ours: members, their aliases, shared mailboxes, internal domains."""
    return team_of(session.execute(ONLY_TEAM).scalar_one())


def workspace_rules(session: Session) -> tuple[Team, NeverLog]:
    """The team, and what the workspace never logs for anybody."""
    found = session.execute(ONLY_RULES, {"owner": None}).scalar_one()
    entries = (Entry(EntryKind(kind), value) for kind, value, _ in found["never_log"] or ())
    return team_of(found), never_log(entries)


def rules_for(session: Session, mailbox: Mailbox) -> CaptureRules:
    """The capture rule's facts about the workspace and this mailbox."""
    found = session.execute(ONLY_RULES, {"owner": mailbox.owner_id}).scalar_one()
    owner = mailbox.owner_id
    facts = MailboxFacts(mailbox.kind, mailbox.capture, owner)
    return rules_of(found, facts)


def rules_of(found: Found, mailbox: MailboxFacts) -> CaptureRules:
    """The rules from the result of `RULES`, for this mailbox."""
    chosen = policies_of(found)
    entries = (
        Entry(EntryKind(kind), value, Scope.PERSONAL if personal else Scope.WORKSPACE)
        for kind, value, personal in found["never_log"] or ()
    )
    return CaptureRules(
        team=team_of(found),
        never_log=never_log(entries),
        matching=match_policy(chosen),
        mailbox=mailbox,
    )


def policies_of(found: Found) -> Policies:
    """The policies from the result of `RULES`."""
    return Policies.from_overrides(found["policies"] or {})


def team_of(found: Found) -> Team:
    """The team from the result of `TEAM`."""
    members = {key: MemberId(member_id) for key, member_id in found["members"] or ()}
    shared: set[str] = set()
    for key, owner_id in found["boxes"] or ():
        if owner_id is None:
            shared.add(key)
        else:
            members.setdefault(key, MemberId(owner_id))
    return Team(
        members=members,
        shared=frozenset(shared),
        domains=frozenset(found["domains"] or ()),
    )
