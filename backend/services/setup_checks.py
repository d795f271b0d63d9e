"""Tests what can be tested of the set-up, in a job with progress; keeps what admins confirm.

Google is asked whether it accepts our client; the mailbox of the admin who asked is opened, and a
push notification requested for it, which Google sends at once; DNS is asked for the records of the
workspace's own domains. Everything else is seen in the requests that arrive.
"""

from collections.abc import Callable, Sequence

import structlog

from backend.deps import Deps
from backend.domain.ids import MailboxKey, WorkspaceId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.domain.setup import mail_domain
from backend.domain.setup.by_hand import ByHand
from backend.domain.setup.checks import Check, CheckState
from backend.errors import InputError, RapportError, TryLater
from backend.jobs import JobName
from backend.provider.dns_lookup import DnsUnavailable
from backend.services.client_check import check_again
from backend.services.importing.opening import open_mailbox
from backend.services.importing.push import watch_alone
from backend.services.settings.rights import require
from backend.store import audit, choices, mailboxes, polling, setup_results
from backend.store.session import after_commit

log = structlog.get_logger(__name__)

GMAIL, PUSH, DOMAINS = "gmail", "push", "domain"
"""Groups of stored results."""

NO_GMAIL = "Your own Gmail is not connected, so this was not tested."
CONNECT_FIRST = "Connect your Gmail, then run the checks again."
MOST_DOMAINS = 20


def ask_for_checks(deps: Deps, actor: Actor) -> None:
    """Have a worker run the tests."""
    require(actor, Permission.GMAIL_SWITCH)
    with deps.store.begin(actor.workspace_id) as session:
        setup_results.begin_run(session, actor, deps.now())
        job = JobName.CHECK_SETUP
        after_commit(session, lambda: deps.jobs.enqueue(job, actor.workspace_id))


def run_checks(deps: Deps, workspace_id: WorkspaceId) -> None:
    """The job. A second one at the same time finds the same."""
    with deps.store.begin(workspace_id) as session:
        run = setup_results.run(session)
        if run is None or run.finished_at is not None:
            return
        box = mailboxes.of_member(session, run.asked_by)
        key = MailboxKey(workspace_id, box.id) if box and box.sealed_token else None
        domains = [row.domain for row, _ in choices.domains(session)][:MOST_DOMAINS]
    tests: list[tuple[str, Callable[[], Sequence[Check]]]] = [
        (GMAIL, lambda: [gmail_answers(deps, key)]),
        (PUSH, lambda: push_requested(deps, key)),
        (DOMAINS, lambda: [one for domain in domains for one in records_of(deps, domain)]),
    ]
    check_again(deps)
    for number, (group, test) in enumerate(tests, start=1):
        found = test()
        with deps.store.begin(workspace_id) as session:
            setup_results.replace_findings(session, workspace_id, group, found, deps.now())
            setup_results.advance(session, done=number, steps=len(tests) + 1)
    with deps.store.begin(workspace_id) as session:
        setup_results.finish(session, deps.now())
    log.info("setup_checked", workspace_id=workspace_id)


def gmail_answers(deps: Deps, key: MailboxKey | None) -> Check:
    """Whether the Gmail API is on and lets us into the admin's own mailbox."""
    name = "Gmail API"
    if key is None:
        return Check(name=name, state=CheckState.UNSEEN, sentence=NO_GMAIL, advice=CONNECT_FIRST)
    try:
        open_mailbox(deps, key).profile()
    except RapportError as error:
        return Check(
            name=name,
            state=state_after(error),
            sentence=error.sentence,
            advice="In the Google Cloud project: APIs and services, enable the Gmail API. In "
            "Google Admin: API controls, trust Rapport.",
        )
    return Check(
        name=name, state=CheckState.WORKS, sentence="It is enabled and opens your mailbox."
    )


def push_requested(deps: Deps, key: MailboxKey | None) -> Sequence[Check]:
    """Request a notification for the admin's mailbox. Its arrival is noted on the mailbox."""
    topic = deps.google.push_topic
    if key is None or topic is None:
        return ()
    try:
        gmail = open_mailbox(deps, key)
        with deps.store.begin(key.workspace_id) as session:
            polling.begin_push_test(session, key.mailbox_id, deps.now())
        watch_alone(gmail, topic)
    except RapportError as error:
        return (
            Check(
                name="Push topic",
                state=state_after(error),
                sentence=error.sentence,
                advice="Create the topic in the OAuth client's project, let gmail-api-push@system."
                "gserviceaccount.com publish on it, and set RAPPORT_PUSH_TOPIC to its full name.",
            ),
        )
    return (
        Check(name="Push topic", state=CheckState.WORKS, sentence=f"Gmail publishes on {topic}."),
    )


def state_after(error: RapportError) -> CheckState:
    """A transient error shows nothing."""
    return CheckState.UNSEEN if isinstance(error, TryLater) else CheckState.BROKEN


def records_of(deps: Deps, domain: str) -> Sequence[Check]:
    """SPF, DKIM and DMARC of one domain."""
    names = (domain, f"{mail_domain.SELECTOR}._domainkey.{domain}", f"_dmarc.{domain}")
    try:
        questions = deps.dns.fresh_questions()
        answers = [
            [one.decode("utf-8", "replace") for one in questions.text(name)] for name in names
        ]
    except DnsUnavailable as error:
        return (mail_domain.unanswered(domain, error.sentence),)
    judges = (mail_domain.spf, mail_domain.dkim, mail_domain.dmarc)
    return tuple(judge(domain, records) for judge, records in zip(judges, answers, strict=True))


def confirm_step(deps: Deps, actor: Actor, *, key: str, value: str) -> None:
    """An admin says that a step is right at Google, where `value` is shown to them here."""
    require(actor, Permission.GMAIL_SWITCH)
    step = known(key)
    with deps.store.begin(actor.workspace_id) as session:
        setup_results.confirm(session, actor, step, value, deps.now())
        audit.note(session, actor, "setup.confirmed", f"setup:{step}", now=deps.now())


def withdraw_step(deps: Deps, actor: Actor, *, key: str) -> None:
    """An admin says that a step has to be checked again."""
    require(actor, Permission.GMAIL_SWITCH)
    step = known(key)
    with deps.store.begin(actor.workspace_id) as session:
        if setup_results.withdraw(session, step):
            audit.note(session, actor, "setup.withdrawn", f"setup:{step}", now=deps.now())


def known(key: str) -> ByHand:
    """The step of this key. Raises InputError."""
    try:
        return ByHand(key)
    except ValueError as error:
        raise InputError("There is no such step. Open Admin setup again.") from error
