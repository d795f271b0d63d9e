"""A rep's clicks on tasks: the form of a new one, and done."""

from addon.addon_request import AddonRequest
from addon.notices import task_notice
from addon.responses import closed, pushed, redrawn
from backend.domain.ids import AccountId, ContactId, ConversationId, TaskId
from backend.domain.summaries.panel import KnownPerson, MessagePanel, TaskOffer
from backend.domain.tasks import suggested_due
from backend.errors import InputError
from backend.queries.panel.message import open_message
from backend.queries.settings.team import assignable
from backend.services import tasks
from backend.services.tasks import TaskPlace, TaskText
from cards.clicks import Json
from cards.panel import panel_card
from cards.task import task_card

NOBODY = "The person is no longer on this card. Open the email again."


def new_task(request: AddonRequest) -> Json:
    """Open the form above the card."""
    shown = _shown(request)
    if not isinstance(shown, KnownPerson):
        raise InputError(NOBODY)
    members = assignable(request.deps, request.actor)
    me = request.actor.member_id
    offer = TaskOffer(
        person=shown,
        title=f"Follow up with {shown.contact.name}",
        due_on=suggested_due(tasks.today(request.deps, request.actor)),
        members=tuple(sorted(members, key=lambda one: one.id != me)),
    )
    return pushed(task_card(offer, request.context))


def add_task(request: AddonRequest) -> Json:
    """Create the task, close the form, and show the task on the card below."""
    event = request.event
    due = event.moments.get("due")
    text = TaskText(
        title=event.text("title"),
        due=due.date().isoformat() if due else "",
        assignee=event.text("assignee"),
        if_unanswered=event.ticked("if_unanswered"),
    )
    tasks.create(request.deps, request.actor, text, _place(request), nonce=request.nonce)
    notice = task_notice(due.date() if due else None, request.context)
    return closed(panel_card(_shown(request), request.context), notice=notice)


def task_done(request: AddonRequest) -> Json:
    """Mark a task as done."""
    number = request.number("task")
    if number is None:
        raise InputError("The card names no task. Open the email again.")
    tasks.complete(request.deps, request.actor, TaskId(number))
    return redrawn(panel_card(_shown(request), request.context), notice="Done", stale=True)


def close(request: AddonRequest) -> Json:
    """Leave the form. Nothing was written."""
    del request
    return closed(notice="No task was added")


def _place(request: AddonRequest) -> TaskPlace:
    contact, account = request.number("contact"), request.number("account")
    conversation = request.number("conversation") if request.event.ticked("link") else None
    return TaskPlace(
        contact_id=ContactId(contact) if contact else None,
        account_id=AccountId(account) if account else None,
        conversation_id=ConversationId(conversation) if conversation else None,
    )


def _shown(request: AddonRequest) -> MessagePanel:
    """The card's current state, for the same person as before."""
    return open_message(request.deps, request.actor, request.opened, about=request.about)
