"""Shared mailboxes and their templates as pages show them, and the addresses one may write from."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import ConversationId, MailboxId
from backend.domain.people.actor import Actor
from backend.domain.policies import FromName, MailboxKind, Policies
from backend.domain.summaries.shared import (
    SenderChoice,
    SenderChoices,
    SharedMailbox,
    TemplateLine,
)
from backend.queries.mailboxes.lines import all_mailboxes, mailbox_summaries
from backend.store import shared_mailboxes
from backend.store.models import EmailTemplate, Mailbox, Message, MessageCopy
from backend.store.team import member_line
from backend.store.workspace_rules import policies


def shared_list(deps: Deps, actor: Actor) -> tuple[SharedMailbox, ...]:
    """The workspace's shared mailboxes, by address."""
    with deps.store.begin(actor.workspace_id) as session:
        rows = [row for row in all_mailboxes(session) if row.mailbox.kind is MailboxKind.SHARED]
        users = shared_mailboxes.users_of(session, [row.mailbox.id for row in rows])
        summaries = mailbox_summaries(session, rows, deps.now())
        names = {one.id: one.name for one in shared_mailboxes.templates(session)}
        return tuple(
            SharedMailbox(
                summary=summary,
                users=tuple(map(member_line, users.get(row.mailbox.id, ()))),
                from_name=row.mailbox.from_name or "",
                capture=row.mailbox.capture,
                template_id=row.mailbox.template_id,
                template=names.get(row.mailbox.template_id or 0, ""),
            )
            for row, summary in zip(rows, summaries, strict=True)
        )


def templates(deps: Deps, actor: Actor) -> tuple[TemplateLine, ...]:
    """The workspace's templates, with the addresses that use each."""
    with deps.store.begin(actor.workspace_id) as session:
        return tuple(_line(session, one) for one in shared_mailboxes.templates(session))


def template(deps: Deps, actor: Actor, template_id: int) -> TemplateLine:
    """One template. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        return _line(session, shared_mailboxes.template(session, template_id))


def sender_choices(
    deps: Deps, actor: Actor, conversation_id: ConversationId | None = None
) -> SenderChoices:
    """The addresses the reader may write from. A conversation that only a shared mailbox holds is
    answered from there unless they choose otherwise.
    """
    with deps.store.begin(actor.workspace_id) as session:
        usable, chosen = shared_mailboxes.usable_by(session, actor.member_id), policies(session)
        own = next((one for one in usable if one.owner_id == actor.member_id), None)
        holding = [one for one in usable if _holds(session, one, conversation_id)]
        default = own if own in holding else next(iter([*holding, *usable]), None)
        return SenderChoices(
            choices=tuple(_choice(one, actor, own, chosen) for one in usable),
            default=default.id if default else None,
        )


def _holds(session: Session, mailbox: Mailbox, conversation_id: ConversationId | None) -> bool:
    if conversation_id is None:
        return False
    copies = (
        select(MessageCopy.message_id)
        .join(Message, Message.id == MessageCopy.message_id)
        .where(
            Message.conversation_id == conversation_id,
            MessageCopy.mailbox_id == MailboxId(mailbox.id),
        )
    )
    return bool(session.scalar(select(exists(copies))))


def _choice(mailbox: Mailbox, actor: Actor, own: Mailbox | None, chosen: Policies) -> SenderChoice:
    named, note = mailbox.from_name or chosen.from_name, ""
    if mailbox.kind is MailboxKind.SHARED and named is FromName.AGENT:
        note = f"Recipients see {actor.name}."
    elif mailbox.kind is MailboxKind.SHARED and named is FromName.AGENT_ADDRESS:
        address = own.email if own else "your own Gmail, which is not connected"
        note = f"It leaves from {address}; answers go to {mailbox.email}."
    return SenderChoice(id=mailbox.id, name=mailbox.display_name, address=mailbox.email, note=note)


def _line(session: Session, row: EmailTemplate) -> TemplateLine:
    return TemplateLine(
        id=row.id,
        name=row.name,
        source=row.source,
        html=row.html,
        saved_at=row.saved_at,
        used_by=tuple(shared_mailboxes.used_by(session, row.id)),
    )
