"""Connecting a member's Gmail mailbox, and ending the connection.

The web request only keeps the grant; a worker then takes the cursor, asks for push and imports. On
a disconnect everything that was synced stays, nothing new is read or sent.
"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.domain.actor import Actor
from backend.domain.address import address_key
from backend.domain.ids import ImportRunId, MailboxId, MemberId, WorkspaceId
from backend.domain.import_reach import import_reach
from backend.domain.summaries.mailbox import MailboxState
from backend.errors import Conflict, InputError, NotAllowed, RapportError, ScopeMissing
from backend.google.apis import Access
from backend.google.oauth import CONNECT, GMAIL_SCOPE, Grant
from backend.jobs import JobName
from backend.services.consenting import Journey, come_back, leave
from backend.services.deps import Deps
from backend.services.pacing import pacer
from backend.store import audit, credentials, import_runs, mailboxes, team
from backend.store.capture.rules import policies
from backend.store.models import Mailbox, Workspace
from backend.store.outbox.planning import connected_again
from backend.store.sealing import NONCE_SIZE
from backend.store.session import after_commit


def begin(deps: Deps, actor: Actor, *, return_to: str) -> str:
    """The address of Google's consent page. Raises NotAllowed while the workspace switch is off."""
    with deps.store.begin(actor.workspace_id) as session:
        require_switched_on(session, actor.workspace_id)
        mailbox = mailboxes.of_member(session, actor.member_id)
        hint = mailbox.email if mailbox and mailbox.google_sub else actor.email
    journey = Journey(way=CONNECT, return_to=return_to, login_hint=hint)
    return leave(deps, journey, actor)


def finish(
    deps: Deps, actor: Actor, *, state: str, code: str, error: str = ""
) -> tuple[MailboxId, str]:
    """Keep what was granted and start the import. Returns the mailbox and the path to go on to."""
    attempt, grant = come_back(deps, CONNECT, state=state, code=code, error=error)
    if (attempt.workspace_id, attempt.member_id) != (actor.workspace_id, actor.member_id):
        raise NotAllowed("This connection was started by somebody else. Start it again yourself.")
    if GMAIL_SCOPE not in grant.scopes:
        raise ScopeMissing(
            "You did not allow Rapport to read and send your Gmail. Connect again and leave "
            "“Read, compose and send emails from your Gmail account” ticked.",
            (GMAIL_SCOPE,),
        )
    try:
        with deps.store.begin(actor.workspace_id) as session:
            require_switched_on(session, actor.workspace_id)
            mailbox_id = keep_grant(session, deps, actor, grant)
    except IntegrityError as clash:
        raise Conflict(
            f"{grant.email} is already connected in another place. Disconnect it there first."
        ) from clash
    deps.google.cache.forget(mailbox_id)
    return mailbox_id, attempt.return_to


def is_connected(deps: Deps, actor: Actor) -> bool:
    """Whether the member's own mailbox was connected and not ended since."""
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = mailboxes.of_member(session, actor.member_id)
        return bool(mailbox and mailbox.sealed_token is not None)


def require_switched_on(session: Session, workspace_id: WorkspaceId) -> None:
    """Refuse before an admin has turned Gmail on for the workspace (V-27)."""
    enabled = session.scalar(select(Workspace.gmail_enabled_at).where(Workspace.id == workspace_id))
    if enabled is None:
        raise NotAllowed(
            "Gmail is not switched on for this workspace yet. An admin turns it on under "
            "Settings, Integrations, Gmail."
        )


def keep_grant(session: Session, deps: Deps, actor: Actor, grant: Grant) -> MailboxId:
    """Store the sealed token and put the mailbox to work."""
    member = team.by_id(session, actor.member_id)
    if member is None:
        raise NotAllowed("Your access to this workspace has ended.")
    mailbox = mailboxes.ensure(session, member, deps.now())
    check_same_person(mailbox, grant)
    if grant.refresh_token is None and mailbox.sealed_token is None:
        raise InputError("Google gave no lasting permission. Connect again and press Allow.")
    if grant.refresh_token is not None:
        mailbox.sealed_token = deps.sealer.seal(
            grant.refresh_token,
            context=credentials.context(mailbox.id),
            nonce=deps.random_bytes(NONCE_SIZE),
        )
    mailbox.google_sub = grant.sub
    mailbox.email, mailbox.email_key = grant.email, address_key(grant.email)
    mailbox.scopes = sorted(grant.scopes)
    mailbox.connected_at, mailbox.disconnected_at = deps.now(), None
    mailbox.refused_at = mailbox.last_error = mailbox.last_error_at = None
    key = (actor.workspace_id, MailboxId(mailbox.id))
    start_first_import(session, deps, mailbox, MemberId(actor.member_id))
    audit.note(session, actor, "mailbox.connected", f"mailbox:{mailbox.id}", now=deps.now())
    after_commit(session, lambda: deps.jobs.enqueue(JobName.IMPORT_MAILBOX, *key))
    session.flush()
    connected_again(session, key[1], deps.now())
    return key[1]


def start_first_import(
    session: Session, deps: Deps, mailbox: Mailbox, by: MemberId
) -> ImportRunId | None:
    """The import that starts by itself on the first connection (V-8, D-1)."""
    key = (WorkspaceId(mailbox.workspace_id), MailboxId(mailbox.id))
    chosen = policies(session)
    first_time = mailbox.cursor is None
    mailbox.state = MailboxState.IMPORTING.value if first_time else MailboxState.LIVE.value
    if not first_time:
        return None
    reach = import_reach(
        chosen.import_mode, count=chosen.import_count, days=chosen.import_days, now=deps.now()
    )
    return import_runs.begin(session, key, kind="import", reach=reach, now=deps.now(), by=by)


def check_same_person(mailbox: Mailbox, grant: Grant) -> None:
    """One profile has one mailbox: another Google account is refused (V-33)."""
    if mailbox.google_sub is not None and mailbox.google_sub != grant.sub:
        raise InputError(
            f"This is a different Google account. Your mailbox here is {mailbox.email}, and you "
            f"authorised {grant.email}. Go back and choose {mailbox.email}."
        )


def disconnect(deps: Deps, actor: Actor, *, mailbox_id: MailboxId) -> None:
    """End the connection: stop push, give the grant back, forget the token. History stays."""
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = mailboxes.get(session, mailbox_id)
        if mailbox.owner_id != actor.member_id and actor.role != "admin":
            raise NotAllowed("Only the owner of this mailbox or an admin may disconnect it.")
        sealed = mailbox.sealed_token is not None
        token = credentials.refresh_token(session, deps.sealer, mailbox_id) if sealed else None
    if token:
        say_goodbye(deps, mailbox_id, token)
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = mailboxes.get(session, mailbox_id)
        mailbox.sealed_token = None
        mailbox.state = MailboxState.DISCONNECTED.value
        mailbox.disconnected_at = deps.now()
        mailbox.watch_expires_at = None
        mailbox.last_error = None
        audit.note(session, actor, "mailbox.disconnected", f"mailbox:{mailbox_id}", now=deps.now())
    deps.google.cache.forget(mailbox_id)


def say_goodbye(deps: Deps, mailbox_id: MailboxId, token: str) -> None:
    """Stop push and revoke, best effort: the token is forgotten here in any case."""
    try:
        box = deps.google.mailbox(Access(mailbox_id, token), pacer(deps, mailbox_id))
        box.stop()
    except RapportError:
        pass  # a mailbox that cannot be reached has no push to stop
    deps.google.oauth.revoke(token)
