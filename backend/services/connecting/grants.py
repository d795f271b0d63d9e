"""Grants: the sealed refresh token of a mailbox, stored on connecting, revoked on disconnecting."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import ImportRunId, MailboxId, MailboxKey, MemberId
from backend.domain.mail.address import address_key
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.domain.summaries.mailbox import MailboxState
from backend.domain.sync.import_reach import import_reach
from backend.errors import InputError, NotAllowed, RapportError
from backend.google.apis import Access
from backend.google.oauth import Grant
from backend.jobs import JobName
from backend.rate_limit import pacer
from backend.services.connecting.checks import (
    check_free,
    check_same_person,
    require_may_connect,
    taken,
)
from backend.services.planning import connected_again, replan
from backend.services.redacting import redact_after
from backend.services.settings.rights import require
from backend.store import audit, credentials, elsewhere, import_runs, mailboxes, team
from backend.store.models import Mailbox, TeamMember
from backend.store.sealing import NONCE_SIZE
from backend.store.session import after_commit
from backend.store.workspace_rules import policies


def is_connected(deps: Deps, actor: Actor) -> bool:
    """Whether the member's own mailbox is connected."""
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = mailboxes.of_member(session, actor.member_id)
        return bool(mailbox and mailbox.sealed_token is not None)


def keep(deps: Deps, actor: Actor, grant: Grant, name: str = "") -> MailboxId:
    """Connect the member's mailbox by this grant, under `name` if given."""
    try:
        with deps.store.begin(actor.workspace_id) as session:
            require_may_connect(session, actor)
            mailbox_id = keep_grant(session, deps, actor, grant, name)
    except IntegrityError as clash:
        raise taken(grant) from clash
    deps.google.cache.forget(mailbox_id)
    return mailbox_id


def keep_grant(session: Session, deps: Deps, actor: Actor, grant: Grant, name: str) -> MailboxId:
    """Store the sealed token on the member's own mailbox, and activate it."""
    mailbox = mailboxes.ensure(session, member_of(session, actor), deps.now())
    check_same_person(mailbox, grant)
    return put_to_work(session, deps, actor, mailbox, grant, name)


def member_of(session: Session, actor: Actor) -> TeamMember:
    """The acting member. Raises NotAllowed when they have left."""
    member = team.by_id(session, actor.member_id)
    if member is None:
        raise NotAllowed("Your access to this workspace has ended.")
    return member


def put_to_work(
    session: Session, deps: Deps, actor: Actor, mailbox: Mailbox, grant: Grant, name: str
) -> MailboxId:
    """From now on the mailbox is read and sent from with this grant."""
    elsewhere.turn_to_connect(session, grant.sub)
    check_free(deps, actor, grant, mailbox)
    keep_token(deps, mailbox, grant)
    mailbox.google_sub = grant.sub
    mailbox.email, mailbox.email_key = grant.email, address_key(grant.email)
    mailbox.display_name = name or mailbox.display_name
    mailbox.scopes = sorted(grant.scopes)
    mailbox.connected_at, mailbox.disconnected_at = deps.now(), None
    mailbox.own_addresses_at = None
    mailboxes.start_afresh(mailbox)
    key = (actor.workspace_id, mailbox.id)
    start_first_import(session, deps, mailbox, actor.member_id)
    audit.note(session, actor, "mailbox.connected", f"mailbox:{mailbox.id}", now=deps.now())
    after_commit(session, lambda: deps.jobs.enqueue(JobName.IMPORT_MAILBOX, *key))
    if mailbox.cursor is not None:  # else the import asks for push, once it has the cursor
        after_commit(session, lambda: deps.jobs.enqueue(JobName.RENEW_WATCH, *key))
    session.flush()
    connected_again(session, key[1], deps.now())
    return key[1]


def keep_token(deps: Deps, mailbox: Mailbox, grant: Grant) -> None:
    """Seal the refresh token to its mailbox. Google returns it once; without a new one the old one
    stays.
    """
    if grant.refresh_token is None and mailbox.sealed_token is None:
        raise InputError("Google gave no lasting permission. Connect again and press Allow.")
    if grant.refresh_token is not None:
        mailbox.sealed_token = deps.sealer.seal(
            grant.refresh_token,
            context=credentials.context(mailbox.id),
            nonce=deps.random_bytes(NONCE_SIZE),
        )


def start_first_import(
    session: Session, deps: Deps, mailbox: Mailbox, by: MemberId
) -> ImportRunId | None:
    """The import that starts automatically on the first connection (V-8, D-1)."""
    key = MailboxKey(mailbox.workspace_id, mailbox.id)
    chosen = policies(session)
    first_time = mailbox.cursor is None
    mailbox.state = MailboxState.IMPORTING if first_time else MailboxState.LIVE
    if not first_time or import_runs.running(session, key[1]) is not None:
        return None
    reach = import_reach(
        chosen.import_mode, count=chosen.import_count, days=chosen.import_days, now=deps.now()
    )
    return import_runs.begin(session, key, kind="import", reach=reach, now=deps.now(), by=by)


def disconnect(deps: Deps, actor: Actor, *, mailbox_id: MailboxId) -> str:
    """End the connection; history stays, without its texts where the workspace chose so (D-21).
    Returns the address. Raises NotAllowed or NotFound.
    """
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = mailboxes.get(session, mailbox_id)
        require(actor, Permission.MAILBOX_DISCONNECT, own=mailbox.owner_id == actor.member_id)
        tell_google = cut_off(session, deps, actor, mailbox_id)
        address = mailbox.email
    with deps.store.begin(actor.workspace_id) as session:
        replan(session, mailbox_id, deps.now())
    tell_google()
    return address


def cut_off(
    session: Session, deps: Deps, actor: Actor, mailbox_id: MailboxId
) -> Callable[[], None]:
    """End the connection in this transaction. Returns a callback that informs Google, to run after
    commit: whether it succeeds or not, nothing more is read from the mailbox.
    """
    mailbox = mailboxes.get(session, mailbox_id)
    sealed, context = mailbox.sealed_token, credentials.context(mailbox_id)
    sub = mailbox.google_sub or ""
    end(mailbox, deps.now())
    kept = "keep+redact" if redact_after(session, deps, mailbox) else "keep"
    subject, detail = f"mailbox:{mailbox_id}", {"history": kept}
    audit.note(session, actor, "mailbox.disconnected", subject, now=deps.now(), detail=detail)

    def tell_google() -> None:
        deps.google.cache.forget(mailbox_id)
        if sealed is not None:
            token = deps.sealer.open(sealed, context=context)
            stop_watch_and_revoke(deps, Access(mailbox_id, token), sub)

    return tell_google


def end(mailbox: Mailbox, now: datetime) -> None:
    """Nothing more is read from or sent through it."""
    mailbox.sealed_token = None
    mailbox.state = MailboxState.DISCONNECTED
    mailbox.disconnected_at = now
    mailbox.watch_expires_at = None
    mailbox.last_error = None


def stop_watch_and_revoke(deps: Deps, access: Access, google_sub: str) -> None:
    """Stop push and revoke, best effort: the token is forgotten here in any case. Both hold for the
    whole Google account, so nothing is ended while another workspace has it connected (D-28).
    """
    with deps.store.begin_global() as session:
        if elsewhere.connected(session, google_sub):
            return
    try:
        box = deps.google.mailbox(access, pacer(deps, access.mailbox_id))
        box.stop()
    except RapportError:
        pass  # a mailbox that cannot be reached has no push to stop
    deps.google.oauth.revoke(access.refresh_token)
