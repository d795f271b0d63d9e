"""The table of everything Gmail may call: kind, scopes, and what "Try again" repeats.

deployment.json, the routes and the tests read this one list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cards.calls import Call

SCOPES = "https://www.googleapis.com/auth/"
EXECUTE = f"{SCOPES}gmail.addons.execute"
READ_HEADERS = f"{SCOPES}gmail.addons.current.message.metadata"
READ_MESSAGE = f"{SCOPES}gmail.addons.current.message.action"
EMAIL = f"{SCOPES}userinfo.email"
LOCALE = f"{SCOPES}script.locale"

ASKED_FOR = (EXECUTE, READ_HEADERS, READ_MESSAGE, EMAIL, LOCALE)
"""Every scope of deployment.json. Opening a mail reads its headers, a click the whole of it; no
scope here reaches any other mail of the mailbox.
"""


class Kind(StrEnum):
    """Which envelope answers."""

    TRIGGER = "trigger"
    ACTION = "action"
    AUTOCOMPLETE = "autocomplete"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing Gmail calls. `scopes` are asked for when Gmail refuses and does not say which."""

    call: Call
    kind: Kind
    scopes: tuple[str, ...] = (EMAIL,)
    again: Call = Call.REFRESH_MESSAGE


ENTRIES: Mapping[Call, Entry] = {
    entry.call: entry
    for entry in (
        Entry(call=Call.HOME, kind=Kind.TRIGGER, again=Call.REFRESH_HOME),
        Entry(call=Call.MESSAGE, kind=Kind.TRIGGER, scopes=(READ_HEADERS,)),
        Entry(call=Call.REFRESH_HOME, kind=Kind.ACTION, again=Call.REFRESH_HOME),
        Entry(call=Call.REFRESH_MESSAGE, kind=Kind.ACTION, scopes=(READ_HEADERS,)),
        Entry(call=Call.LOG, kind=Kind.ACTION, scopes=(READ_MESSAGE,)),
        Entry(call=Call.UNLOG, kind=Kind.ACTION, scopes=(READ_HEADERS,)),
        Entry(call=Call.FOLLOW, kind=Kind.ACTION, scopes=(READ_MESSAGE,)),
        Entry(call=Call.SAVE_NOTE, kind=Kind.ACTION, scopes=(READ_HEADERS,)),
        Entry(call=Call.ADD_CONTACT, kind=Kind.ACTION, scopes=(READ_MESSAGE,)),
        Entry(call=Call.NOT_NOW, kind=Kind.ACTION, scopes=(READ_HEADERS,)),
        Entry(call=Call.USE_PERSON, kind=Kind.ACTION, scopes=(READ_HEADERS,)),
        Entry(call=Call.ASSIGN, kind=Kind.ACTION, scopes=(READ_HEADERS,)),
        Entry(call=Call.NEW_TASK, kind=Kind.ACTION, scopes=(READ_HEADERS,)),
        Entry(call=Call.ADD_TASK, kind=Kind.ACTION, scopes=(READ_HEADERS,)),
        Entry(call=Call.TASK_DONE, kind=Kind.ACTION, scopes=(READ_HEADERS,)),
        Entry(call=Call.CLOSE, kind=Kind.ACTION),
        Entry(call=Call.SUGGEST_ACCOUNTS, kind=Kind.AUTOCOMPLETE),
    )
}
