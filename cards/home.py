"""C-1, the home card: the rep's mailbox, what goes out today, and what waits for the rep."""

from backend.domain.summaries.panel import HomePanel
from backend.domain.summaries.pending import PendingLine, SendingOutlook
from cards.card_context import CardContext
from cards.clicks import Json, page
from cards.mailbox_rows import connect_card, mailbox_rows, needs_connection
from cards.smart_bcc_rows import smart_bcc_rows
from cards.task_rows import task_links
from cards.text import BESIDE_BUTTON, BESIDE_ICON, cut, plain
from cards.times import moment, today
from cards.waiting_rows import SHOWN, waiting_row
from cards.widgets import Row, button, card, footer, known_icon, own_icon, paragraph, section

PENDING_PAGE = "/conversations/pending"


def home_card(panel: HomePanel, context: CardContext) -> Json:
    """The rep's day, or the one missing step before it."""
    if needs_connection(panel):
        return connect_card(panel, context)
    mailbox = mailbox_rows(panel.mailbox, context) if panel.mailbox else []
    mail_out = [
        *_paused(panel.outlook, context),
        *_pending(panel, context),
        *_held(panel, context),
        *_failed(panel.outlook, context),
    ]
    waiting = [waiting_row(line, context) for line in panel.waiting]
    nothing = [] if mail_out or waiting or panel.tasks else [paragraph(plain("Nothing waiting."))]
    return card(
        "Today",
        today(context),
        [
            section(mailbox),
            section([*mail_out, *nothing]),
            section(task_links(panel.tasks, context), header="Tasks for today"),
            section(waiting, header="Waiting on you", shown=SHOWN),
            section(smart_bcc_rows(panel, context)),
        ],
        foot=footer(button("Open console", page(context, "/"))),
    )


def _paused(outlook: SendingOutlook | None, context: CardContext) -> list[Json]:
    if outlook is None or outlook.paused is None:
        return []
    icon = own_icon(context, "alert", "Warning")
    row = Row(icon=icon, top="Sending", text=plain("Paused"), bottom=outlook.paused)
    return [row.widget()]


def _pending(panel: HomePanel, context: CardContext) -> list[Json]:
    outlook = panel.outlook
    if outlook is None or not (panel.leaving_today or outlook.waiting):
        return []
    number = panel.leaving_today
    text = f"{number:,} go out today" if number > 1 else ("None today", "1 goes out today")[number]
    row = Row(
        icon=known_icon("CLOCK", "Pending"),
        top="Pending",
        text=plain(cut(text, BESIDE_BUTTON)),
        bottom=f"Next: {moment(outlook.next_at, context)}" if outlook.next_at else "",
        button=button("Review", page(context, PENDING_PAGE)),
    )
    return [row.widget()]


def _held(panel: HomePanel, context: CardContext) -> list[Json]:
    number = panel.outlook.held if panel.outlook else 0
    if not number:
        return []
    row = Row(
        icon=own_icon(context, "alert", "Held"),
        top="Held",
        text=plain("1 waits for you" if number == 1 else f"{number:,} wait for you"),
        bottom=_why(panel.held),
        button=button("Review", page(context, f"{PENDING_PAGE}?view=held")),
    )
    return [row.widget()]


def _failed(outlook: SendingOutlook | None, context: CardContext) -> list[Json]:
    number = outlook.failed if outlook else 0
    if not number:
        return []
    row = Row(
        icon=own_icon(context, "alert", "Failed"),
        top="Failed",
        text=plain("1 was not sent" if number == 1 else f"{number:,} were not sent"),
        bottom="Correct it or try again",
        button=button("Fix", page(context, f"{PENDING_PAGE}?view=failed")),
    )
    return [row.widget()]


def _why(held: tuple[PendingLine, ...]) -> str:
    return cut(held[0].why, 3 * BESIDE_ICON) if held else ""
