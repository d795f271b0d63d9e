"""C-3, the unknown sender: nothing is stored, and one click creates a contact."""

from backend.domain.capture.late_match import BringIn, LeaveOut, Offer
from backend.domain.summaries.panel import UnknownPerson
from cards.calls import Call
from cards.card_context import CardContext
from cards.clicks import Json, action, call, page
from cards.forwarded import forwarded_widgets
from cards.text import CHOICE, bold, cut, joined, plain
from cards.widgets import (
    Row,
    button,
    card,
    dropdown,
    footer,
    own_icon,
    paragraph,
    section,
    text_input,
    ticked,
)

NOBODY = "Not a contact yet"
"""The fields that name the sender, or the recipient of our own mail."""

NO_ACCOUNT = "none"
NEW_ACCOUNT = "new"
MOST_ACCOUNTS = 20
"""Accounts in the list; any other can be typed by name."""


def unknown_card(panel: UnknownPerson, context: CardContext) -> Json:
    """The form, or the reason why this sender cannot become a contact."""
    who = panel.name or panel.address
    inner = forwarded_widgets(panel.forwarded, context)
    if panel.refusal is not None:
        reason = Row(
            icon=own_icon(context, "alert", "Why not"), text=plain(panel.refusal), wrap=True
        )
        account = panel.account
        link = button("Open account", page(context, f"/accounts/{account.id}")) if account else None
        shown = panel.address if panel.name else ""
        return card(
            who or NOBODY,
            shown,
            [section([reason.widget(), *inner])],
            foot=footer(link) if link else None,
        )
    said = joined(bold(who), plain(" isn't in your workspace yet. Nothing has been stored."))
    parameters = {"message": panel.gmail_id, "new_account": panel.new_account_name or ""}
    add = call(context, Call.ADD_CONTACT, parameters, required=("name", "email"))
    later = call(context, Call.NOT_NOW, {"message": panel.gmail_id})
    return card(
        NOBODY,
        panel.address,
        [section([paragraph(said), *inner]), section(_form(panel, context), header="Add contact")],
        foot=footer(button("Add contact", add), button("Not now", later)),
    )


def unknown_later_card(panel: UnknownPerson, context: CardContext) -> Json:
    """After "Not now": the fact, and a way back to the form."""
    who = panel.name or panel.address
    again = call(context, Call.REFRESH_MESSAGE, {"message": panel.gmail_id})
    said = joined(bold(who), plain(" was not added. Nothing has been stored."))
    return card(
        NOBODY,
        panel.address,
        [section([paragraph(said)])],
        foot=footer(button("Add contact", again)),
    )


def _form(panel: UnknownPerson, context: CardContext) -> list[Json]:
    suggest: Json = {"autoCompleteAction": action(context, Call.SUGGEST_ACCOUNTS)}
    check: Json = {"validation": {"inputType": "EMAIL"}}
    return [
        text_input("name", "Name", value=panel.name),
        text_input("email", "Email", value=panel.address, extra=check),
        dropdown("account", "Account", _accounts(panel)),
        text_input(
            "other_account", "Another account", hint="Instead of the one above", extra=suggest
        ),
        ticked("log", "Log this email"),
        *_earlier(panel),
    ]


def _accounts(panel: UnknownPerson) -> list[tuple[str, str]]:
    """The best guess first: the account of the mail domain, or else a new one of that name."""
    guess = [(str(panel.account.id), panel.account.name)] if panel.account else []
    new = (
        [(NEW_ACCOUNT, f"New: {panel.new_account_name}")]
        if panel.new_account_name and not panel.account
        else []
    )
    others = [
        (str(line.id), line.name)
        for line in panel.accounts[:MOST_ACCOUNTS]
        if panel.account is None or line.id != panel.account.id
    ]
    choices = [*guess, *new, (NO_ACCOUNT, "No account"), *others]
    return [(value, cut(text, CHOICE)) for value, text in choices]


def _earlier(panel: UnknownPerson) -> list[Json]:
    """Earlier mail that was left out (D-5): a question, or what will happen."""
    match panel.earlier:
        case Offer() as offer:
            return [ticked("earlier", cut(offer.sentence, CHOICE))]
        case BringIn() as coming:
            return [Row(text=plain(coming.sentence), wrap=True).widget()]
        case LeaveOut():
            return []
