"""Mail found for "why is it here" by other things than its id: by words, by a person, in Gmail.

Separate because this is search and only finds what the reader may read, while decisions are
explained by the id alone.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId
from backend.domain.mail.address import address_key
from backend.domain.mail.headers import message_id
from backend.domain.paging import ListQuery
from backend.domain.people.actor import Actor
from backend.domain.summaries.why import WhyMail
from backend.errors import RapportError
from backend.google.apis import Access
from backend.queries import contacts
from backend.queries.conversations.lines import NO_SUBJECT
from backend.queries.conversations.listing import conversations_page
from backend.services.deps import Deps
from backend.services.rate_limit import pacer
from backend.store import credentials, mailboxes
from backend.store import why as rows
from backend.store.conversation_access import readable

log = structlog.get_logger(__name__)
PEOPLE = 5
CONVERSATIONS = 10
MAILS = 25
UNREAD = 25
PATIENCE = timedelta(seconds=1)


def mails_about(deps: Deps, actor: Actor, session: Session, words: str) -> tuple[WhyMail, ...]:
    """Stored mails whose subject has these words, or that have this person on them: the newest."""
    query = ListQuery(search=words, limit=CONVERSATIONS)
    if not query.words:
        return ()
    places = [*_by_subject(deps, actor, session, query), *_by_person(deps, session, words)]
    open_to_reader = [
        one for one in dict.fromkeys(places) if readable(actor, session, ConversationId(one))
    ]
    return tuple(
        WhyMail(
            message_id=one.id,
            subject=one.subject or NO_SUBJECT,
            sender=one.sender_name or one.sender_address,
            sent_at=one.sent_at,
        )
        for one in rows.mails_of(session, open_to_reader, actor.member_id, MAILS)
    )


def ids_in_gmail(deps: Deps, actor: Actor, rfc_id: str) -> Sequence[str]:
    """Gmail's ids of a mail in the reader's own mailbox: what was left out unread, as spam is, has
    no other way to be found. The latest of it is asked by itself, since the index behind Gmail's
    search lags. Nothing when Gmail does not answer.
    """
    with deps.store.begin(actor.workspace_id) as session:
        own = mailboxes.of_member(session, actor.member_id)
        if own is None or own.state not in mailboxes.WORKING:
            return ()
        mailbox_id = own.id
        unread = rows.left_out_unread(session, mailbox_id, UNREAD)
        token = credentials.refresh_token(session, deps.sealer, mailbox_id)
    try:
        take = pacer(deps, mailbox_id, patience=PATIENCE)
        gmail = deps.google.mailbox(Access(mailbox_id, token), take)
        named = gmail.message_ids(unread) if unread else {}
        found = [one for one, field in named.items() if message_id(field) == rfc_id]
        return found or gmail.find(rfc_id)
    except RapportError as error:
        log.info("why_not_found_in_gmail", mailbox_id=mailbox_id, error=type(error).__name__)
        return ()


def _by_subject(deps: Deps, actor: Actor, session: Session, query: ListQuery) -> list[int]:
    found, _ = conversations_page(
        session, query, reader=actor.member_id, holder=None, now=deps.now()
    )
    return [int(row[0].id) for row in found.rows]


def _by_person(deps: Deps, session: Session, words: str) -> list[int]:
    """By name, or by address."""
    query = ListQuery(search=address_key(words) or words, limit=PEOPLE)
    found, _ = contacts.contacts_page(session, query, account_id=None, now=deps.now())
    people = [int(row[0].id) for row in found.rows]
    return rows.conversations_with(session, people, CONVERSATIONS)
