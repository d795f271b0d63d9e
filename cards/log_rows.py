"""The section "This email": whether it is logged and by whom, the thread, and who can read it.

The heart of the card: a rep's first worry is "was it logged?".
"""

from backend.domain.summaries.panel import KnownPerson
from cards.button_parameters import button_parameters
from cards.calls import Call
from cards.card_context import CardContext
from cards.clicks import Json, action, call
from cards.text import BESIDE_ICON, BESIDE_SWITCH, cut, plain
from cards.times import ago, moment
from cards.widgets import Row, button, known_icon, own_icon

FAILURE = 140
"""Characters of a mail server's answer: enough to know what to do."""


def log_rows(panel: KnownPerson, context: CardContext) -> list[Json]:
    """First row: the state. Then what was decided about the thread and its readers."""
    return [
        _state(panel, context),
        *_follow(panel, context),
        *_readers(panel, context),
        *_write_block(panel, context),
    ]


def _state(panel: KnownPerson, context: CardContext) -> Json:
    log, parameters = panel.log, button_parameters(panel)
    if not log.logged:
        return Row(
            icon=known_icon("EMAIL", "Email"),
            top="This email",
            text=plain("Not logged yet"),
            bottom=log.sentence,
            button=button("Log", call(context, Call.LOG, parameters)) if log.may_log else None,
            wrap=True,
        ).widget()
    where = panel.account.name if panel.account else panel.contact.name
    return Row(
        icon=known_icon("BOOKMARK", "Logged"),
        top="This email",
        text=plain(f"Logged to {cut(where, 2 * BESIDE_ICON)}"),
        bottom=", ".join([log.sentence, *([ago(log.at, context)] if log.at else [])]),
        button=button("Undo", call(context, Call.UNLOG, parameters)) if log.may_undo else None,
        wrap=True,
    ).widget()


def _follow(panel: KnownPerson, context: CardContext) -> list[Json]:
    if panel.private or panel.conversation_id is None:
        return []
    if panel.follow.by_sync:
        said = Row(text=plain("Replies on this thread are logged"), bottom="By your mailbox sync")
        return [said.widget()]
    switch: Json = {
        "name": "follow",
        "value": "on",
        "selected": panel.follow.on,
        "controlType": "SWITCH",
        "onChangeAction": action(context, Call.FOLLOW, button_parameters(panel)),
    }
    text = cut("Log replies on this thread", BESIDE_SWITCH)
    return [Row(text=plain(text), switch=switch).widget()]


def _readers(panel: KnownPerson, context: CardContext) -> list[Json]:
    lock = own_icon(context, "lock", "Privacy")
    if panel.private:
        return [Row(icon=lock, text=plain("Private email"), bottom=panel.private).widget()]
    if not panel.readable_by:
        return []
    who, _, rule = panel.readable_by.partition(": ")
    return [Row(icon=lock, top="Who can read it", text=plain(who), bottom=rule, wrap=True).widget()]


def _write_block(panel: KnownPerson, context: CardContext) -> list[Json]:
    """Why no mail goes to this person, or why the last mail failed."""
    contact, failing = panel.contact, panel.contact.failing
    if not contact.write_block and failing is None:
        return []
    icon = own_icon(context, "alert", "Warning")
    top = f"Writing to {cut(contact.name, BESIDE_ICON - 11)}"
    text = contact.write_block or "The last mail had trouble"
    bottom = ""
    if failing and failing.failure and failing.failed_at:
        bottom = f"{cut(failing.failure, FAILURE)}, {moment(failing.failed_at, context)}"
    return [Row(icon=icon, top=top, text=plain(text), bottom=bottom, wrap=True).widget()]
