"""The addresses that cards call: one per trigger, click and suggestion list.

Cards, the add-on's routes and deployment.json read this list. Triggers and clicks never share an
address: their answers have different envelopes.
"""

from enum import StrEnum

PREFIX = "/addon"


class Call(StrEnum):
    """An endpoint for Gmail's POST requests; the value is the path below `PREFIX`."""

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
    NEW_TASK = "actions/new-task"
    ADD_TASK = "actions/task"
    TASK_DONE = "actions/task-done"
    CLOSE = "actions/close"

    SUGGEST_ACCOUNTS = "suggest/accounts"

    @property
    def path(self) -> str:
        """The path on our own address."""
        return f"{PREFIX}/{self}"
