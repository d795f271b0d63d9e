"""The tasks of a card: those about the person on the email, and those of the reader's day."""

from collections.abc import Sequence

from backend.domain.summaries.panel import KnownPerson
from backend.domain.summaries.tasks import PanelTask
from cards.button_parameters import button_parameters
from cards.calls import Call
from cards.card_context import CardContext
from cards.clicks import Json, call, page
from cards.text import BESIDE_BUTTON, cut, plain
from cards.times import due, local_day, weekday
from cards.widgets import Row, button, buttons, known_icon

MOST = 5
"""Rows drawn; the rest is a page away."""


def task_rows(panel: KnownPerson, context: CardContext) -> list[Json]:
    """The open tasks, each with a button that completes it, and a way to all of them."""
    rows = [_row(one, _done(one, panel, context), context) for one in panel.tasks[:MOST]]
    if len(panel.tasks) > MOST:
        rows.append(buttons(button("All tasks", page(context, _all(panel)))))
    return rows


def task_links(tasks: Sequence[PanelTask], context: CardContext) -> list[Json]:
    """The same with a way to each task's page."""
    return [_row(one, button("Open", page(context, f"/tasks/{one.id}")), context) for one in tasks]


def _row(task: PanelTask, act: Json, context: CardContext) -> Json:
    return Row(
        icon=known_icon("BOOKMARK", "Task"),
        top=_when(task, context),
        text=plain(cut(task.title, 2 * BESIDE_BUTTON)),
        bottom=task.assignee or "",
        wrap=True,
        button=act,
    ).widget()


def _when(task: PanelTask, context: CardContext) -> str:
    if task.due_on is None:
        return "No date"
    if task.awaits_answer and task.due_on >= local_day(context.now, context):
        return f"If no answer by {weekday(task.due_on, context)}"
    return due(task.due_on, context)


def _done(task: PanelTask, panel: KnownPerson, context: CardContext) -> Json:
    parameters = {**button_parameters(panel), "task": str(task.id)}
    return button("Done", call(context, Call.TASK_DONE, parameters))


def _all(panel: KnownPerson) -> str:
    if panel.account is not None:
        return f"/accounts/{panel.account.id}"
    return f"/contacts/{panel.contact.id}"
