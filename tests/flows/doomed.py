"""A worker process that is to be killed: it says where it is, and waits there for the end."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from enum import StrEnum
from multiprocessing.connection import Connection
from threading import Event

from backend.domain.ids import MailboxId, WorkspaceId
from backend.google.apis import Access, Google
from backend.google.posting import SentIds
from backend.services import sending
from backend.settings import Settings
from backend.wiring import build_deps, build_redis
from tests.support.company import hurried


class Stage(StrEnum):
    """Where the worker is when it dies."""

    BEFORE = "before the call"
    DURING = "during the call"
    AFTER = "after the call"


class Doomed(Google):
    """The way to Google of a worker that never gets past a stage."""

    told: Connection
    stage: Stage

    def send(self, access: Access, mime: bytes, *, thread_id: str | None) -> SentIds:
        """The real call, with a halt before it or after it."""
        if self.stage is not Stage.AFTER:
            self.told.send("about to post")
        if self.stage is Stage.BEFORE:
            Event().wait()
        ids = super().send(access, mime, thread_id=thread_id)
        if self.stage is Stage.AFTER:
            self.told.send("posted")
        Event().wait()
        return ids


def work(
    environment: Mapping[str, str],
    key: tuple[WorkspaceId, MailboxId],
    moment: datetime,
    stage: Stage,
    told: Connection,
) -> None:
    """Send from the mailbox at `moment`, as a worker with connections of its own."""
    settings = Settings.from_environment(environment)
    deps = hurried(build_deps(settings), build_redis(settings))
    google = Doomed(**{one.name: getattr(deps.google, one.name) for one in fields(deps.google)})
    object.__setattr__(google, "told", told)
    object.__setattr__(google, "stage", stage)
    sending.send_mailbox(replace(deps, google=google, now=lambda: moment), *key)
