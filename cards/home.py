"""C-1, the home card: the rep's mailbox, what goes out today, and what waits for the rep."""

from backend.domain.summaries.panel import HomePanel
from backend.domain.summaries.pending import PendingLine, SendingOutlook
from cards.clicks import Json, page
from cards.drawing import Drawing
from cards.mailbox_rows import connect_card, mailbox_rows, needs_connection
from cards.text import BESIDE_BUTTON, BESIDE_ICON, cut, plain
from cards.times import moment, today
from cards.waiting_rows import SHOWN, waiting_row
from cards.widgets import Row, button, card, footer, known_icon, own_icon, paragraph, section

PENDING_PAGE = "/conversations/pending"


def home_card(panel: HomePanel, drawing: Drawing) -> Json:
    """The rep's day, or the one step that is missing before there can be one."""
    if needs_connection(panel):
        return connect_card(panel, drawing)
    mailbox = mailbox_rows(panel.mailbox, drawing) if panel.mailbox else []
    mail_out = [*_paused(panel.outlook, drawing), *_pending(panel, drawing), *_held(panel, drawing)]
    waiting = [waiting_row(line, drawing) for line in panel.waiting]
    nothing = [] if mail_out or waiting else [paragraph(plain("Nothing waiting."))]
    return card(
        "Today",
        today(drawing),
        [
            section(mailbox),
            section([*mail_out, *nothing]),
            section(waiting, header="Waiting on you", shown=SHOWN),
        ],
        foot=footer(button("Open console", page(drawing, "/"))),
    )


def _paused(outlook: SendingOutlook | None, drawing: Drawing) -> list[Json]:
    if outlook is None or outlook.paused is None:
        return []
    icon = own_icon(drawing, "alert", "Warning")
    row = Row(icon=icon, top="Sending", text=plain("Paused"), bottom=outlook.paused)
    return [row.widget()]


def _pending(panel: HomePanel, drawing: Drawing) -> list[Json]:
    outlook = panel.outlook
    if outlook is None or not (panel.leaving_today or outlook.waiting):
        return []
    number = panel.leaving_today
    text = f"{number:,} go out today" if number > 1 else ("None today", "1 goes out today")[number]
    row = Row(
        icon=known_icon("CLOCK", "Pending"),
        top="Pending",
        text=plain(cut(text, BESIDE_BUTTON)),
        bottom=f"Next: {moment(outlook.next_at, drawing)}" if outlook.next_at else "",
        button=button("Review", page(drawing, PENDING_PAGE)),
    )
    return [row.widget()]


def _held(panel: HomePanel, drawing: Drawing) -> list[Json]:
    number = panel.outlook.held if panel.outlook else 0
    if not number:
        return []
    row = Row(
        icon=own_icon(drawing, "alert", "Held"),
        top="Held",
        text=plain("1 waits for you" if number == 1 else f"{number:,} wait for you"),
        bottom=_why(panel.held),
        button=button("Review", page(drawing, f"{PENDING_PAGE}?view=held")),
    )
    return [row.widget()]


def _why(held: tuple[PendingLine, ...]) -> str:
    return cut(held[0].why, 3 * BESIDE_ICON) if held else ""
