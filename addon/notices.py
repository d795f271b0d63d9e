"""The line that says what a click did. Short: Gmail shows it for four seconds."""

from datetime import date

from backend.domain.summaries.mail import LogSummary
from backend.domain.summaries.panel import KnownPerson, MessagePanel
from backend.services.creating_contacts import NewContact
from backend.services.logging_mail import Following
from cards.card_context import CardContext
from cards.text import cut
from cards.times import weekday

MOST = 80
COMING = " added, earlier mail is on its way"


def logged_notice(log: LogSummary, shown: MessagePanel) -> str:
    """Where it was logged to, or who logged it before."""
    if not log.by_me and log.by_name:
        return cut(f"Already logged by {log.by_name}", MOST)
    if not log.by_me:
        return "Already logged"
    if not isinstance(shown, KnownPerson):
        return "Logged"
    where = shown.account.name if shown.account else shown.contact.name
    return cut(f"Logged to {where}", MOST)


def follow_notice(wanted: Following) -> str:
    """What happens with replies from now on."""
    match wanted:
        case Following.ON:
            return "Replies will be logged"
        case Following.OFF:
            return "Replies will not be logged"


def task_notice(due_on: date | None, context: CardContext) -> str:
    """That a task was added, and for when."""
    return f"Task added for {weekday(due_on, context)}" if due_on else "Task added"


def added_notice(person: NewContact) -> str:
    """Who was added, and that earlier mail comes later."""
    if person.earlier:
        return cut(person.name, MOST - len(COMING)) + COMING
    return cut(f"{person.name} added", MOST)
