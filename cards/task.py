"""C-9, the form of a new task, above the card of the open email."""

from backend.domain.summaries.panel import KnownPerson, TaskOffer
from cards.button_parameters import button_parameters
from cards.calls import Call
from cards.card_context import CardContext
from cards.clicks import Json, call
from cards.text import CHOICE, cut
from cards.widgets import (
    button,
    card,
    date_field,
    dropdown,
    footer,
    section,
    text_input,
    ticked,
    unticked,
)

MOST_MEMBERS = 50


def task_card(offer: TaskOffer, context: CardContext) -> Json:
    """The form. Where the email is logged, its conversation is linked."""
    panel = offer.person
    place = {
        **button_parameters(panel),
        "contact": str(panel.contact.id),
        "account": str(panel.account.id) if panel.account else "",
        "conversation": str(panel.conversation_id or ""),
    }
    add = call(
        context,
        Call.ADD_TASK,
        {key: value for key, value in place.items() if value},
        required=("title",),
    )
    members = [(str(one.id), cut(one.name, CHOICE)) for one in offer.members[:MOST_MEMBERS]]
    return card(
        "Add a task",
        panel.account.name if panel.account else panel.contact.name,
        [
            section(
                [
                    text_input("title", "Task", value=offer.title),
                    date_field("due", "Due", offer.due_on),
                    dropdown("assignee", "Assigned to", members),
                    *_conversation(panel),
                ]
            )
        ],
        foot=footer(button("Add task", add), button("Cancel", call(context, Call.CLOSE))),
    )


def _conversation(panel: KnownPerson) -> list[Json]:
    if panel.conversation_id is None:
        return []
    return [
        ticked("link", "Link this conversation"),
        unticked("if_unanswered", "Only if they don't answer by then"),
    ]
