"""The addresses that cards call: one for each trigger, click and suggestion list.

Separate because cards, the add-on's routes and deployment.json must name the same ones. Triggers
and clicks never share an address: their answers differ in form.
"""

from enum import StrEnum

PREFIX = "/addon"


class Call(StrEnum):
    """What Gmail may post to; the value is the path below `PREFIX`."""

    HOME = "home"
    MESSAGE = "message"

    REFRESH_HOME = "actions/home"
    REFRESH_MESSAGE = "actions/message"
    LOG = "actions/log"
    UNLOG = "actions/unlog"
    FOLLOW = "actions/follow"
    SAVE_NOTE = "actions/note"
    ADD_CONTACT = "actions/contact"
    NOT_NOW = "actions/not-now"
    USE_PERSON = "actions/person"
    ASSIGN = "actions/assign"

    SUGGEST_ACCOUNTS = "suggest/accounts"

    @property
    def path(self) -> str:
        """The path on our own address."""
        return f"{PREFIX}/{self}"
