"""Every answer of the side panel by its kind and name: what is golden, and what the checks walk."""

from collections.abc import Mapping
from dataclasses import replace

from addon.responses import closed, noticed, opened, pushed, redrawn, suggested
from backend.domain.capture.late_match import BringIn, Offer
from backend.domain.summaries.mailbox import MailboxState
from backend.domain.summaries.panel import FollowSummary, KnownPerson
from cards.calls import Call
from cards.clicks import Json
from cards.home import home_card
from cards.internal import internal_card
from cards.message import message_card
from cards.never import never_card
from cards.problem import Problem, ProblemKind, problem_card
from cards.task import task_card
from cards.unknown import unknown_card, unknown_later_card
from tests.cards import samples as s

ENDED = "Google ended our access on 19 Nov, as after a new password. Reconnect to go on."
ADMIN = "Your Google Workspace admin has not allowed Rapport to use Gmail."
HOSTILE = 'Eve <script>alert("1")</script> & <b>Co</b> with a name that goes on and on'

HOMES = {
    "home-nothing-today": s.HOME,
    "home-normal": replace(
        s.HOME, outlook=s.BUSY_OUTLOOK, leaving_today=3, held=(s.HELD,), waiting=s.WAITING
    ),
    "home-tasks-today": replace(s.HOME, tasks=s.TASKS[:1]),
    "home-first-run": replace(s.HOME, mailbox=None),
    "home-gmail-not-switched-on": replace(s.HOME, mailbox=None, gmail_enabled=False),
    "home-importing": replace(s.HOME, mailbox=s.mailbox(MailboxState.IMPORTING, run=s.IMPORT)),
    "home-delayed": replace(s.HOME, mailbox=s.mailbox(MailboxState.DELAYED)),
    "home-disconnected": replace(s.HOME, mailbox=s.mailbox(MailboxState.DISCONNECTED, ENDED)),
    "home-admin-has-not-allowed": replace(s.HOME, mailbox=s.mailbox(MailboxState.BLOCKED, ADMIN)),
    "home-sending-paused": replace(
        s.HOME,
        outlook=replace(
            s.BUSY_OUTLOOK,
            paused="Sending is paused: the limits can't be checked right now. Nothing is lost.",
        ),
    ),
    "home-without-pending-permission": replace(s.HOME, outlook=None),
}
MESSAGES: Mapping[str, KnownPerson] = {
    "message-not-logged": s.KNOWN,
    "message-logged-by-me": replace(s.KNOWN, log=s.LOGGED_BY_ME),
    "message-logged-by-a-colleague": replace(s.KNOWN, log=s.LOGGED_BY_KIM),
    "message-logged-by-sync": replace(
        s.KNOWN, log=s.LOGGED_BY_SYNC, follow=FollowSummary(on=True, by_sync=True)
    ),
    "message-logged-through-a-colleague": replace(s.KNOWN, log=s.LOGGED_THROUGH_ANA),
    "message-followed": replace(
        s.KNOWN, log=s.LOGGED_BY_ME, follow=FollowSummary(on=True, by_sync=False)
    ),
    "message-several-people": replace(s.KNOWN, people=s.SEVERAL_PEOPLE),
    "message-several-matches": replace(s.KNOWN, doubles=s.DOUBLES),
    "message-several-matches-remembered": replace(
        s.KNOWN, doubles=s.DOUBLES, remembered=True, chosen=True
    ),
    "message-private": replace(
        s.KNOWN, log=s.LOGGED_BY_KIM, private="Only Kim Doyle can read it", readable_by=""
    ),
    "message-unsubscribed": replace(
        s.KNOWN, contact=replace(s.DANA, write_block="Unsubscribed 2 Oct: playbooks skip Dana")
    ),
    "message-assigned-to-me": replace(
        s.KNOWN, contact=replace(s.DANA, assigned_to=s.KIM), assigned_to_me=True
    ),
    "message-assigned-to-a-colleague": replace(s.KNOWN, contact=replace(s.DANA, assigned_to=s.KIM)),
    "message-bounced": replace(s.KNOWN, contact=s.BOUNCED),
    "message-delayed": replace(s.KNOWN, contact=s.DELAYED),
    "message-reported-as-spam": replace(
        s.KNOWN, contact=replace(s.DANA, write_block="Reported our mail as spam 2 Oct")
    ),
    "message-with-pending": replace(s.KNOWN, pending=(s.PENDING, s.HELD)),
    "message-many-pending": replace(s.KNOWN, pending=(s.PENDING,) * 5),
    "message-with-tasks": replace(s.KNOWN, tasks=s.TASKS),
    "message-many-tasks": replace(s.KNOWN, tasks=s.TASKS * 2),
    "message-no-account": replace(
        s.KNOWN,
        contact=replace(s.DANA, title=None, accounts=()),
        account=None,
        recent=(),
        conversation_id=None,
    ),
    "message-several-accounts": replace(
        s.KNOWN, contact=replace(s.DANA, accounts=(s.NORTHWIND, s.FABRIKAM))
    ),
    "message-account-at-risk": replace(
        s.KNOWN, account=replace(s.ACCOUNT, health=12, last_reply_at=None, csm=None, plan=None)
    ),
    "message-hostile-names": replace(
        s.KNOWN,
        contact=replace(s.DANA, name=HOSTILE, title=HOSTILE),
        account=replace(s.ACCOUNT, name=HOSTILE),
        log=s.LOGGED_BY_ME,
        pending=(replace(s.PENDING, subject=HOSTILE, why=HOSTILE),),
        recent=(replace(s.RECENT[0], title=HOSTILE),),
        tasks=(replace(s.TASKS[0], title=HOSTILE, assignee=HOSTILE),),
    ),
}
UNKNOWNS = {
    "unknown-form": s.UNKNOWN,
    "unknown-account-by-domain": replace(s.UNKNOWN, account=s.FABRIKAM, new_account_name=None),
    "unknown-forwarded": replace(s.UNKNOWN, forwarded=s.FORWARDED),
    "unknown-earlier-mail": replace(s.UNKNOWN, earlier=Offer(3)),
    "unknown-earlier-mail-comes-along": replace(s.UNKNOWN, earlier=BringIn(3)),
    "unknown-no-reply-address": replace(
        s.UNKNOWN,
        address="no-reply@shop.example",
        name="Shop",
        refusal="no-reply@shop.example speaks for a machine, so no contact is made of it.",
    ),
    "unknown-filed-by-domain": replace(
        s.UNKNOWN,
        account=s.FABRIKAM,
        refusal="This email is filed under Fabrikam. Nobody on it is a contact.",
    ),
    "unknown-without-permission": replace(s.UNKNOWN, refusal="Ask an admin to add people."),
}
PROBLEMS = {
    kind.name.lower().replace("_", "-"): Problem(
        kind=kind,
        sentence="This is why, and what to do about it.",
        reference="7F3A-19C2" if kind is ProblemKind.UNEXPECTED else None,
    )
    for kind in ProblemKind
}


def triggers() -> dict[str, Json]:
    d = s.DRAWING
    cards = {name: home_card(panel, d) for name, panel in HOMES.items()}
    cards |= {name: message_card(panel, d) for name, panel in MESSAGES.items()}
    cards |= {name: unknown_card(panel, d) for name, panel in UNKNOWNS.items()}
    cards["internal"] = internal_card(s.INTERNAL, d)
    cards["internal-forwarded"] = internal_card(replace(s.INTERNAL, forwarded=s.FORWARDED), d)
    cards["never-log"] = never_card(s.NEVER, d)
    cards["draft"] = never_card(s.DRAFT, d)
    cards["never-log-with-exception"] = never_card(replace(s.NEVER, may_log_anyway=True), d)
    again = Call.REFRESH_MESSAGE
    cards |= {f"problem-{n}": problem_card(p, d, again=again) for n, p in PROBLEMS.items()}
    return {name: opened(card) for name, card in cards.items()}


def actions() -> dict[str, Json]:
    d, mine = s.DRAWING, MESSAGES["message-logged-by-me"]
    logged, waiting = message_card(mine, d), message_card(s.KNOWN, d)
    theirs = message_card(MESSAGES["message-logged-by-a-colleague"], d)
    cleared = message_card(mine, replace(d, note_field="note-k7Q2mX9aLr0"))
    followed = message_card(MESSAGES["message-followed"], d)
    problem = problem_card(PROBLEMS["not-found"], d, again=Call.REFRESH_MESSAGE)
    return {
        "log": redrawn(logged, notice="Logged to Northwind Traders", stale=True),
        "log-colleague-was-faster": redrawn(theirs, notice="Already logged by Kim Doyle"),
        "unlog": redrawn(waiting, notice="Removed from the timeline", stale=True),
        "follow": redrawn(followed, notice="Replies will be logged", stale=True),
        "note": redrawn(cleared, notice="Note saved", stale=True),
        "contact": redrawn(logged, notice="Dana Reyes added", stale=True),
        "contact-with-earlier-mail": redrawn(
            logged, notice="Dana Reyes added, earlier mail is on its way", stale=True
        ),
        "not-now": redrawn(unknown_later_card(s.UNKNOWN, d), notice="Nothing has been stored"),
        "assign": redrawn(
            message_card(MESSAGES["message-assigned-to-me"], d),
            notice="Assigned to you",
            stale=True,
        ),
        "person": redrawn(
            message_card(MESSAGES["message-several-matches-remembered"], d), stale=True
        ),
        "new-task": pushed(task_card(s.TASK_OFFER, d)),
        "new-task-not-logged": pushed(
            task_card(replace(s.TASK_OFFER, person=MESSAGES["message-no-account"]), d)
        ),
        "task": closed(
            message_card(MESSAGES["message-with-tasks"], d), notice="Task added for Fri 27 Nov"
        ),
        "task-done": redrawn(waiting, notice="Done", stale=True),
        "close": closed(notice="No task was added"),
        "refresh-home": redrawn(home_card(s.HOME, d)),
        "refresh-message": redrawn(waiting),
        "refused": noticed("Only admins can undo what somebody else logged."),
        "problem": redrawn(problem),
    }


def autocompletes() -> dict[str, Json]:
    return {
        "accounts": suggested(["Northwind Traders", "Northwind Logistics"]),
        "accounts-none": suggested([]),
    }


STATES: list[tuple[str, str, Json]] = [
    *(("trigger", name, answer) for name, answer in triggers().items()),
    *(("action", name, answer) for name, answer in actions().items()),
    *(("autocomplete", name, answer) for name, answer in autocompletes().items()),
]
