"""Why a message is here or not here: the stored decisions about it, in words (N2).

Of mail that was left out nothing readable is stored, so it is found only by somebody who already
has its id, Gmail's own or the Message-ID of its headers, or the address of somebody on it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from backend.domain.capture.rule import SETTING_BEHIND
from backend.domain.ids import MemberId, MessageId
from backend.domain.mail.address import address_key
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.policies import SETTINGS
from backend.domain.reasons import sentence
from backend.domain.summaries.why import WhyDecision, WhySummary
from backend.google.opened import hexadecimal
from backend.queries.conversations.changes import why_lines
from backend.queries.conversations.messages import failure_lines
from backend.services.deps import Deps
from backend.services.showing.why_search import ids_in_gmail, mails_about
from backend.store import failures
from backend.store import why as rows
from backend.store.models import Decision

OUTCOMES: Mapping[str, str] = {
    "kept": "Logged",
    "skipped": "Not logged",
    "quarantined": "Set aside",
}
RULES: Mapping[str, str] = {
    "reading": "Reading the message",
    "labels": "Gmail's labels",
    "erasure": "Erased people stay erased",
    "person": "Somebody's click",
    "send_id": "Sent from Rapport",
    "never_log": "The never-log list",
    "internal": "Internal mail stays internal",
    "matching": "Matching the people on it",
    "bounce": "Mail that came back",
    "followed": "A followed thread",
    "shared": "A shared mailbox",
}
PATHS: Mapping[str, str] = {
    "import": "First import",
    "live": "Live sync",
    "audit": "Nightly audit",
    "click": "A click in Gmail",
    "late": "A contact added later",
}
MAX_ASKED = 300


def why(
    deps: Deps, actor: Actor, *, asked: str = "", message_id: MessageId | None = None
) -> WhySummary:
    """What was decided about a message: by Gmail's id, by Message-ID, or by our own id. Anything
    else is looked for in subjects and among people.

    Members see the decisions of their own mailbox, admins those of all.
    """
    text = asked.strip()[:MAX_ASKED]
    everybody = allowed(actor.role, Permission.DECISION_SEARCH, own=False)
    owner = None if everybody else actor.member_id
    with deps.store.begin(actor.workspace_id) as session:
        if message_id is not None:
            found = rows.by_message(session, message_id, owner)
        else:
            found = _by_id(session, deps, actor, text, owner)
        if found or message_id is not None:
            return _summary(session, actor, text, found)
    if "@" in text and (gmail_ids := ids_in_gmail(deps, actor, bare(text))):
        with deps.store.begin(actor.workspace_id) as session:
            found = [row for one in gmail_ids for row in rows.by_gmail_id(session, one, owner)]
            return _summary(session, actor, text, found)
    with deps.store.begin(actor.workspace_id) as session:
        person = deps.keyed_hash.of(actor.workspace_id, address_key(text))
        left_out = rows.left_out_of(session, person, owner) if address_key(text) else ()
        return WhySummary(
            asked=text,
            decisions=(),
            mails=mails_about(deps, actor, session, text),
            left_out=tuple(_decision(row.Decision, row.email) for row in left_out),
        )


def bare(text: str) -> str:
    """A Message-ID without its brackets."""
    return text.removeprefix("<").removesuffix(">")


def _by_id(
    session: Session, deps: Deps, actor: Actor, text: str, owner: MemberId | None
) -> Sequence[Row[Any]]:
    if not text:
        return ()
    if "@" not in text:
        return rows.by_gmail_id(session, hexadecimal(text), owner)
    for spelling in (f"<{bare(text)}>", bare(text)):
        rfc_hash = deps.keyed_hash.of(actor.workspace_id, spelling)
        if found := rows.by_rfc_hash(session, rfc_hash, owner):
            return found
    return rows.by_rfc_id(session, bare(text), owner)


def _summary(session: Session, actor: Actor, text: str, found: Sequence[Row[Any]]) -> WhySummary:
    stored = next((row.Decision.message_id for row in found if row.Decision.message_id), None)
    message = rows.message(session, stored) if stored is not None else None
    readable = message is not None and actor.member_id in rows.holders(session, message.id)
    return WhySummary(
        asked=text,
        decisions=tuple(_decision(row.Decision, row.email) for row in found),
        message_id=message.id if message else None,
        conversation_id=message.conversation_id if message else None,
        subject=message.subject if message and readable else None,
        sent_at=message.sent_at if message else None,
        failures=failure_lines(failures.of_messages(session, [message])[message.id])
        if message and readable
        else (),
        changes=why_lines(actor, session, message.id) if message and readable else (),
    )


def _decision(row: Decision, email: str) -> WhyDecision:
    reason = row.reason
    details = {"address": row.deciding_address} if row.deciding_address else {}
    setting = SETTING_BEHIND.get(reason)
    return WhyDecision(
        mailbox_email=email,
        outcome=OUTCOMES.get(row.outcome, row.outcome),
        sentence=sentence(reason, **details),
        rule=RULES.get(row.rule, row.rule),
        path=PATHS.get(row.path, row.path),
        decided_at=row.decided_at,
        setting=SETTINGS[setting].label if setting else None,
    )
