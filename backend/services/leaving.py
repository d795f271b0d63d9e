"""A member leaves the team: the admin is asked first, their work stops, and what they looked after
goes to a colleague. Letting them back in returns it.

All of it is one transaction, and only then Google is informed: whether that succeeds or not,
nothing leaves in their name any more, and nothing more of their mail is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxId, MemberId, PendingId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, Role
from backend.domain.reasons import Reason
from backend.domain.sending.pending import PendingState
from backend.domain.summaries.people import MemberLine
from backend.errors import Conflict, InputError, NotFound, SettledAlready
from backend.services.composing.changing import reassign
from backend.services.connecting.grants import cut_off
from backend.services.planning import free_held, replan
from backend.services.settings.rights import require
from backend.services.transitions import Because, move
from backend.store import audit, capture_addresses, handing_over, mailboxes, team, team_rows
from backend.store.capture_addresses import Owner
from backend.store.models import Mailbox, PendingMessage, TeamMember
from backend.store.outbox.rows import locked, note_step
from backend.store.outbox.turns import turn_to_plan
from backend.store.team import member_line

HANDED = "handed over"
"""The event of a message that was held or had failed already when it went to the colleague."""

HOLD, HAND = "hold", "hand"
"""What happens to waiting messages: they are held, or go to the colleague."""


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """What the admin is asked before a member is removed. `senders` are colleagues whose Gmail
    works, so that messages can go to them.
    """

    member: MemberLine
    accounts: int
    contacts: int
    pending: int
    tasks: int
    mailbox: str
    colleagues: tuple[MemberLine, ...]
    senders: frozenset[MemberId]


def leaving(deps: Deps, actor: Actor, *, member_id: MemberId) -> Leaving:
    """What depends on a member. Raises NotAllowed, NotFound or Conflict."""
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        member = _leaver(session, member_id)
        found = handing_over.counts(session, member_id)
        box = mailboxes.of_member(session, member_id)
        others = [one for one in team.members(session) if one.deactivated_at is None]
        colleagues = [one for one in others if one.id != member_id]
        return Leaving(
            member=member_line(member),
            accounts=found.accounts,
            contacts=found.contacts,
            pending=found.pending,
            tasks=found.tasks,
            mailbox=box.email if box is not None and box.sealed_token is not None else "",
            colleagues=tuple(map(member_line, colleagues)),
            senders=frozenset(one.id for one in colleagues if _sends(session, one.id)),
        )


def remove(
    deps: Deps, actor: Actor, *, member_id: MemberId, heir: MemberId | None, mail: str
) -> str:
    """Revoke a member's access, hold or hand over waiting messages, reassign what they looked
    after, and disconnect their Gmail. Returns their name. Raises NotAllowed, NotFound, InputError
    or Conflict; SettledAlready when nothing is left to do.
    """
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        member = _leaver(session, member_id)
        to = _heir(session, member_id, heir)
        target = _target(session, to, mail)
        member.deactivated_at = deps.now()
        capture_addresses.end_of_member(session, member_id, deps.now())
        handing_over.give(session, actor.workspace_id, member_id, to)
        _settle_mail(session, deps, actor, member_id, target)
        audit.note(
            session,
            actor,
            "member.deactivated",
            f"member:{member_id}",
            now=deps.now(),
            detail={"heir": to} if to is not None else {},
        )
        goodbyes = [
            cut_off(session, deps, actor, one)
            for one in handing_over.mailboxes_of(session, member_id)
            if mailboxes.get(session, one).sealed_token is not None
        ]
        name = member.name
    for tell_google in goodbyes:
        tell_google()
    return name


def readmit(deps: Deps, actor: Actor, *, member_id: MemberId) -> None:
    """Let a member sign in again, and return what the colleague still has."""
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        member = team_rows.by_id(session, member_id)
        if member is None:
            raise NotFound("There is no such team member.")
        if member.address_ended_at is not None:
            raise Conflict(
                f"{member.email} belongs to somebody else now. Invite {member.name} again."
            )
        if member.deactivated_at is None:
            raise SettledAlready(f"{member.name} can sign in already.")
        member.deactivated_at = None
        session.flush()
        owner = Owner(member_id=member_id)
        capture_addresses.draw(
            session,
            actor.workspace_id,
            owner,
            random_bytes=deps.random_bytes,
            now=deps.now(),
        )
        own = handing_over.mailboxes_of(session, member_id)
        for pending_id in handing_over.give_back(session, member_id):
            _return_mail(session, deps, actor, pending_id, own)
        for mailbox_id in own:
            free_held(session, mailbox_id, (Reason.SENDER_GONE,), deps.now())
            replan(session, mailbox_id, deps.now())
        audit.note(session, actor, "member.activated", f"member:{member_id}", now=deps.now())


def _leaver(session: Session, member_id: MemberId) -> TeamMember:
    member = team_rows.by_id(session, member_id)
    if member is None:
        raise NotFound("There is no such team member.")
    if member.deactivated_at is not None:
        raise SettledAlready(f"{member.name} was removed already and can't sign in.", gone=True)
    if member.role == Role.ADMIN and not team_rows.other_admins(session, member_id):
        raise Conflict(
            f"{member.name} is the only admin. Make somebody else an admin first, so that the "
            "workspace can still be administered."
        )
    return member


def _heir(session: Session, member_id: MemberId, heir: MemberId | None) -> MemberId | None:
    if heir is None:
        return None
    if heir == member_id or team.by_id(session, heir) is None:
        raise InputError(
            "Nobody was removed.", {"heir": "Choose a colleague who stays in the team."}
        )
    return heir


def _target(session: Session, heir: MemberId | None, mail: str) -> Mailbox | None:
    """The mailbox that receives waiting messages; None where they are held."""
    if mail != HAND:
        return None
    if heir is None or not _sends(session, heir):
        raise InputError(
            "Nobody was removed.",
            {"mail": "Choose a colleague whose Gmail is connected, or let the mail be held."},
        )
    return mailboxes.of_member(session, heir)


def _sends(session: Session, member_id: MemberId) -> bool:
    box = mailboxes.of_member(session, member_id)
    return box is not None and box.state in mailboxes.WORKING


def _settle_mail(
    session: Session, deps: Deps, actor: Actor, member_id: MemberId, target: Mailbox | None
) -> None:
    own = handing_over.mailboxes_of(session, member_id)
    shared = handing_over.shared_in_use(session, member_id)
    for mailbox_id in sorted({*own, *shared, *([target.id] if target else [])}):
        turn_to_plan(session, mailbox_id)
    for row in handing_over.waiting_mail(session, member_id):
        if target is not None and target.owner_id is not None:
            heir = target.owner_id
            handing_over.note(session, actor.workspace_id, member_id, row.id, heir)
            _hand_to(session, row, target, heir)
        reason = Reason.HANDED_OVER if target else Reason.SENDER_GONE
        if row.state == PendingState.SCHEDULED:
            because = Because(reason)
            now = deps.now()
            move(session, row, PendingState.HELD, now=now, because=because, by=actor.member_id)
        elif target:
            note_step(session, row, now=deps.now(), by=actor.member_id, detail=HANDED)
        row.version += 1


def _hand_to(session: Session, row: PendingMessage, mailbox: Mailbox, heir: MemberId) -> None:
    """It leaves from the colleague's own mailbox, or still from a shared one."""
    shared = mailboxes.get(session, row.mailbox_id).owner_id is None
    reassign(row, mailboxes.get(session, row.mailbox_id) if shared else mailbox, heir)


def _return_mail(
    session: Session,
    deps: Deps,
    actor: Actor,
    pending_id: PendingId,
    own: Sequence[MailboxId],
) -> None:
    """Return a message that nobody changed since it was handed over."""
    row = locked(session, pending_id)
    waits = row.reason == Reason.HANDED_OVER
    if not own or not (waits or handing_over.last_step(session, row.id) == HANDED):
        return
    mailbox = mailboxes.get(session, own[0])
    if mailbox.owner_id is None:
        return
    _hand_to(session, row, mailbox, mailbox.owner_id)
    if waits:
        move(session, row, PendingState.SCHEDULED, now=deps.now(), by=actor.member_id)
    else:
        note_step(session, row, now=deps.now(), by=actor.member_id, detail="given back")
    row.version += 1
