"""The home card's rows about the rep's mailbox: connect it, wait for it, or repair it.

Without a mailbox this is all the card shows.
"""

from backend.domain.summaries.mailbox import MailboxState, MailboxSummary
from backend.domain.summaries.panel import HomePanel
from cards.calls import Call
from cards.card_context import CardContext
from cards.clicks import CONNECT_PAGE, Json, call, overlay, page
from cards.smart_bcc_rows import smart_bcc_rows
from cards.text import BESIDE_BUTTON, SUBTITLE, colored, cut, plain
from cards.widgets import Row, button, card, footer, known_icon, own_icon, paragraph, section

RED = "#8f1a1a"
ADMIN_PAGE = "/settings/integrations/gmail"

WHAT_IS_READ = (
    ("EMAIL", "Mail with your contacts", "New mail within seconds, and your recent history once."),
    ("MULTIPLE_PEOPLE", "Not mail among colleagues", "Internal mail is never logged."),
    ("PERSON", "Not mail with strangers", "Nothing readable of it is stored."),
)

REQUEST_TO_ADMIN = (
    "Rapport can't reach my Gmail until it is trusted for our Google Workspace: Admin console, "
    "Security, API controls, Manage third-party app access. The client ids to search for are on "
)


def needs_connection(panel: HomePanel) -> bool:
    """Whether the rep has no mailbox that was ever connected."""
    return panel.mailbox is None or panel.mailbox.state is MailboxState.UNCONNECTED


def connect_card(panel: HomePanel, context: CardContext) -> Json:
    """The first run: what will be read, and the button that starts it."""
    if not panel.gmail_enabled:
        return _not_switched_on(context)
    rows = [
        Row(icon=known_icon(icon, what), text=plain(what), bottom=more, wrap=True).widget()
        for icon, what, more in WHAT_IS_READ
    ]
    said = "Google will ask whether Rapport, a service outside Google, may use your mailbox."
    return card(
        "Connect Gmail to start",
        cut(f"Hello {panel.greeting_name}", SUBTITLE),
        [
            section([paragraph(plain(said))]),
            section(rows, header="What Rapport reads"),
            section(smart_bcc_rows(panel, context)),
        ],
        foot=footer(button("Connect Gmail", overlay(context, CONNECT_PAGE))),
    )


def mailbox_rows(mailbox: MailboxSummary, context: CardContext) -> list[Json]:
    """Rows above everything else; none while the mailbox works."""
    match mailbox.state:
        case state if mailbox.reconnects or state is MailboxState.DISCONNECTED:
            return [_ended(mailbox, context)]
        case MailboxState.IMPORTING | MailboxState.RESYNCING:
            return [_importing(mailbox, context)]
        case MailboxState.BLOCKED:
            return _blocked(mailbox, context)
        case MailboxState.DELAYED:
            return [_delayed(mailbox)]
        case MailboxState.LIVE | MailboxState.UNCONNECTED | MailboxState.DISCONNECTED:
            return []


def _not_switched_on(context: CardContext) -> Json:
    said = (
        "Gmail is not switched on for your workspace yet. An admin does that once, "
        "then you can connect your mailbox here."
    )
    return card(
        "Gmail is not switched on",
        "An admin does this first",
        [section([paragraph(plain(said))])],
        foot=footer(button("Open settings", page(context, ADMIN_PAGE))),
    )


def _importing(mailbox: MailboxSummary, context: CardContext) -> Json:
    run = mailbox.running_import
    done = f"{run.scanned:,} of {run.wanted or run.listed:,}" if run else "Starting"
    return Row(
        icon=known_icon("EMAIL", "Import"),
        top="Importing mail",
        text=plain(cut(done, BESIDE_BUTTON)),
        bottom=f"{run.kept:,} with people you know so far" if run else "",
        button=button("Refresh", call(context, Call.REFRESH_HOME)),
    ).widget()


def _ended(mailbox: MailboxSummary, context: CardContext) -> Json:
    return Row(
        icon=own_icon(context, "alert", "Warning"),
        top="Your mailbox",
        text=colored("Google refuses access" if mailbox.works else "Gmail access ended", RED),
        bottom=mailbox.explanation or "Nothing is read or sent until you reconnect.",
        button=button("Reconnect", overlay(context, CONNECT_PAGE)),
        wrap=True,
    ).widget()


def _blocked(mailbox: MailboxSummary, context: CardContext) -> list[Json]:
    row = Row(
        icon=own_icon(context, "alert", "Warning"),
        top="Your mailbox",
        text=colored("Your Google admin must allow Rapport", RED),
        bottom=mailbox.explanation or "",
        wrap=True,
    )
    request = f"{REQUEST_TO_ADMIN}{context.page(ADMIN_PAGE)}"
    return [row.widget(), paragraph(plain("Text for your admin:")), paragraph(plain(request))]


def _delayed(mailbox: MailboxSummary) -> Json:
    return Row(
        icon=known_icon("CLOCK", "Delayed"),
        top="Your mailbox",
        text=plain("New mail arrives late"),
        bottom=mailbox.explanation or "Nothing is lost: Rapport looks again by itself.",
        wrap=True,
    ).widget()
