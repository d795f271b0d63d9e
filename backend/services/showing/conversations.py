"""Conversations as lists and as pages, each only as far as the reader may read it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId, MemberId, MessageId
from backend.domain.mail.foreign_html import has_remote_images, shown_html
from backend.domain.paging import ListQuery, Page, whole_id
from backend.domain.people.actor import Actor
from backend.domain.people.visibility import Hidden, Readable, who_can_read
from backend.domain.summaries.mail import ConversationLine, ConversationView, ListedUnder
from backend.errors import NotFound
from backend.queries.accounts import account_line
from backend.queries.contacts import contact_summaries
from backend.queries.pending.lines import of_conversation
from backend.services.deps import Deps
from backend.services.showing.answering import reply_all
from backend.services.showing.changes import change_lines
from backend.services.showing.conversation_rows import (
    access_to,
    conversation_lines,
    copies_of,
    readable_message,
)
from backend.services.showing.message_rows import message_views, taken_out_lines
from backend.services.showing.reply_to import answer_goes_to
from backend.store import conversation_lists, conversation_views, mailboxes, message_sight

MESSAGES_SHOWN = 30
GONE = "There is no such conversation. It may have been merged into another or taken out."
ROLES = {
    "from": "in From",
    "to": "in To",
    "cc": "in Cc",
    "bcc": "in Bcc",
    "reply_to": "in Reply-To",
}


@dataclass(frozen=True)
class Body:
    """A message's text for its frame. `remote_images` says that pictures could be asked for."""

    html: str | None
    text: str
    remote_images: bool


def active(deps: Deps, actor: Actor, query: ListQuery) -> Page[ConversationLine]:
    """A page of conversations, newest first. Filters: `member` (whose mailbox holds it), `waiting`,
    `plan`, `account`, `heard` (see domain.recency).
    """
    named = whole_id(query.filters.get("member"))
    holder = MemberId(named) if named else None
    with deps.store.begin(actor.workspace_id) as session:
        found, total = conversation_lists.conversations_page(
            session, query, reader=actor.member_id, holder=holder, now=deps.now()
        )
        lines = conversation_lines(actor, session, [row[0] for row in found.rows])
    return Page(tuple(lines), found.next_cursor, found.previous_cursor, total, found.partial)


def conversation(
    deps: Deps, actor: Actor, conversation_id: ConversationId, *, before: MessageId | None = None
) -> ConversationView:
    """One conversation with its newest messages, or those before a given one. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        row = conversation_lists.conversation(session, conversation_id)
        if row is None:
            raise NotFound(GONE)
        holders = conversation_lists.holders_of(session, [row.id]).get(row.id, ())
        access = access_to(actor, row, holders)
        line = conversation_lines(actor, session, [row])[0]
        rows = conversation_views.newest_messages(
            session,
            conversation_id,
            reader=actor.member_id,
            before=before,
            limit=MESSAGES_SHOWN + 1,
        )
        shown = rows[:MESSAGES_SHOWN][::-1] if _readable(access) else ()
        contacts = contact_summaries(
            deps, actor, session, conversation_views.contacts_on(session, conversation_id)
        )
        answers = answer_goes_to(session, rows)
        return ConversationView(
            line=line,
            listed_under=tuple(
                ListedUnder(
                    account=account_line(one.account),
                    because=f"{one.address} is {ROLES.get(one.role, 'on it')}",
                )
                for one in conversation_views.listings(session, conversation_id)
            ),
            contacts=tuple(contacts),
            messages=tuple(message_views(actor, session, shown)),
            pending=of_conversation(actor, session, conversation_id, now=deps.now())
            if _readable(access)
            else (),
            readable_by=who_can_read(copies_of(row, holders)),
            followed=row.followed_at is not None,
            reply_block=_reply_block(actor, session, access),
            reply_to=(reply_to := ", ".join(answers.addresses)),
            reply_warning=answers.outside,
            reply_all=reply_all(session, actor, rows, reply_to),
            has_earlier=len(rows) > MESSAGES_SHOWN,
            taken_out=taken_out_lines(actor, session, conversation_id) if _readable(access) else (),
            kept_back=message_sight.count_kept_back(session, conversation_id, actor.member_id)
            if _readable(access)
            else 0,
            changes=change_lines(actor, session, conversation_id) if _readable(access) else (),
            colleagues=conversation_views.members_on(
                session, conversation_id, reader=actor.member_id
            )
            if _readable(access)
            else (),
        )


def body_html(deps: Deps, actor: Actor, message_id: MessageId, *, images: str = "blocked") -> Body:
    """What a message says, cleaned. Raises NotFound for everybody who may not read it."""
    with deps.store.begin(actor.workspace_id) as session:
        found = conversation_views.message_with_body(session, message_id)
        if found is None:
            raise NotFound("There is no such message.")
        message, body = found
        thread = message.conversation_id
        if not readable_message(actor, session, thread, message_id):
            raise NotFound("There is no such message for you to read.")
    if body is None or body.html is None:
        return Body(None, body.text if body else "", remote_images=False)
    clean = shown_html(body.html, images=images)
    return Body(clean, body.text, remote_images=has_remote_images(body.html))


def _readable(access: Readable | Hidden) -> bool:
    return isinstance(access, Readable) and access.level.shows_text


def _reply_block(actor: Actor, session: Session, access: Readable | Hidden) -> str | None:
    """Why this reader cannot reply from here, if so."""
    if not _readable(access):
        return "You can reply once you may read the conversation."
    mailbox = mailboxes.of_member(session, actor.member_id)
    if mailbox is None or mailbox.state not in mailboxes.WORKING:
        return "Connect your Gmail under Settings, Email settings, to reply from here."
    return None
