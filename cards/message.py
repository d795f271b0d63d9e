"""C-2, the message card: who wrote, whether it is logged, and our history with them.

The order is fixed: identity, this email, people, assignment, account, pending, note, tasks, recent,
footer.
"""

from backend.domain.summaries.panel import KnownPerson
from cards.account_rows import account_rows
from cards.assigned_rows import assigned_rows
from cards.button_parameters import button_parameters
from cards.calls import Call
from cards.card_context import CardContext
from cards.clicks import Json, call, page
from cards.doubles_rows import SHOWN as DOUBLES_SHOWN
from cards.doubles_rows import doubles_rows
from cards.log_rows import log_rows
from cards.note_rows import note_rows
from cards.pending_rows import pending_rows
from cards.people_rows import SHOWN as PEOPLE_SHOWN
from cards.people_rows import people_rows
from cards.recent_rows import recent_rows
from cards.task_rows import task_rows
from cards.why import why_menu
from cards.widgets import RECENT_SHOWN, button, card, footer, menu_item, section


def message_card(panel: KnownPerson, context: CardContext) -> Json:
    """The card of a message with a known person on it."""
    return card(
        panel.contact.name,
        _place(panel),
        [
            section(log_rows(panel, context)),
            section(
                doubles_rows(panel, context), shown=DOUBLES_SHOWN if panel.remembered else None
            ),
            section(people_rows(panel, context), header="People", shown=PEOPLE_SHOWN),
            section(
                [*assigned_rows(panel, context), *account_rows(panel, context)],
                header="Account" if panel.account else "",
            ),
            section(pending_rows(panel.pending, context), header="Pending"),
            section(note_rows(panel, context), header="Quick note"),
            section(task_rows(panel, context), header="Tasks"),
            section(recent_rows(panel.recent, context), header="Recent", shown=RECENT_SHOWN),
        ],
        foot=_footer(panel, context),
        menu=[*_conversation(panel, context), *why_menu(panel.gmail_id, context)],
    )


def _place(panel: KnownPerson) -> str:
    """Title and account: "VP Operations, Northwind Traders"; the address where neither is known."""
    parts = [panel.contact.title, panel.account.name if panel.account else None]
    return ", ".join(part for part in parts if part) or panel.contact.address


def _footer(panel: KnownPerson, context: CardContext) -> Json:
    if panel.account is not None:
        primary = button("Open account", page(context, f"/accounts/{panel.account.id}"))
    else:
        primary = button("Open contact", page(context, f"/contacts/{panel.contact.id}"))
    new_task = call(context, Call.NEW_TASK, button_parameters(panel))
    return footer(primary, button("Add task", new_task))


def _conversation(panel: KnownPerson, context: CardContext) -> list[Json]:
    if panel.conversation_id is None or panel.private:
        return []
    thread = page(context, f"/conversations/{panel.conversation_id}")
    return [menu_item("Open conversation", thread)]
