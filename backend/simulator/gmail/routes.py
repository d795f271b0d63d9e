"""Every Gmail method the simulator answers: where, at what price, under which scopes.

Units are those of projects created after 1 May 2026 (Google's quota page of 2026-09-10).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from backend.simulator.gmail import (
    drafts,
    history,
    incoming,
    labels,
    listing,
    messages,
    scopes,
    settings,
    threads,
    watch,
)
from backend.simulator.gmail.call import Json
from backend.simulator.gmail.context import Context

Handler = Callable[[Context], Json | str | None]
PREFIX = "/gmail/v1/users/{userId}/"


@dataclass(frozen=True)
class Route:
    """One method. `writes` runs it in a transaction."""

    name: str
    verb: str
    template: str
    units: int
    scopes: frozenset[str]
    handler: Handler
    uploads: bool = False

    @property
    def writes(self) -> bool:
        return self.verb != "GET"


def _route(
    text: str, units: int, allowed: frozenset[str], handler: Handler, *, uploads: bool = False
) -> Route:
    name, verb, path = text.split()
    return Route(f"gmail.users.{name}", verb, PREFIX + path, units, allowed, handler, uploads)


ROUTES = (
    _route("getProfile GET profile", 1, scopes.PROFILE, settings.get_profile),
    _route("watch POST watch", 100, scopes.READS, watch.watch),
    _route("stop POST stop", 50, scopes.READS, watch.stop),
    _route("history.list GET history", 2, scopes.READS, history.list_),
    _route("messages.list GET messages", 5, scopes.READS, listing.list_messages),
    _route("messages.get GET messages/{id}", 20, scopes.READS_OPEN_MESSAGE, messages.get),
    _route("messages.send POST messages/send", 100, scopes.SENDS, incoming.send, uploads=True),
    _route("messages.insert POST messages", 25, scopes.INSERTS, incoming.insert, uploads=True),
    _route(
        "messages.import POST messages/import", 25, scopes.INSERTS, incoming.import_, uploads=True
    ),
    _route(
        "messages.batchModify POST messages/batchModify", 50, scopes.CHANGES, messages.batch_modify
    ),
    _route(
        "messages.batchDelete POST messages/batchDelete", 50, scopes.ERASES, messages.batch_delete
    ),
    _route("messages.modify POST messages/{id}/modify", 5, scopes.CHANGES, messages.modify),
    _route("messages.trash POST messages/{id}/trash", 20, scopes.CHANGES, messages.trash),
    _route("messages.untrash POST messages/{id}/untrash", 5, scopes.CHANGES, messages.untrash),
    _route("messages.delete DELETE messages/{id}", 10, scopes.ERASES, messages.delete),
    _route(
        "messages.attachments.get GET messages/{messageId}/attachments/{id}",
        *(20, scopes.READS_FILES, messages.get_attachment),
    ),
    _route("threads.list GET threads", 10, scopes.READS, listing.list_threads),
    _route("threads.get GET threads/{id}", 40, scopes.READS_OPEN_MESSAGE, threads.get),
    _route("threads.modify POST threads/{id}/modify", 10, scopes.CHANGES, threads.modify),
    _route("threads.trash POST threads/{id}/trash", 20, scopes.CHANGES, threads.trash),
    _route("threads.untrash POST threads/{id}/untrash", 10, scopes.CHANGES, threads.untrash),
    _route("threads.delete DELETE threads/{id}", 20, scopes.ERASES, threads.delete),
    _route("drafts.list GET drafts", 5, scopes.READS_DRAFTS, drafts.list_),
    _route("drafts.get GET drafts/{id}", 20, scopes.READS_DRAFTS, drafts.get),
    _route("drafts.create POST drafts", 10, scopes.DRAFTS, drafts.create, uploads=True),
    _route("drafts.send POST drafts/send", 100, scopes.DRAFTS, drafts.send, uploads=True),
    _route("drafts.update PUT drafts/{id}", 15, scopes.DRAFTS, drafts.update, uploads=True),
    _route("drafts.delete DELETE drafts/{id}", 10, scopes.DRAFTS, drafts.delete),
    _route("labels.list GET labels", 1, scopes.READS_LABELS, labels.list_),
    _route("labels.get GET labels/{id}", 1, scopes.READS_LABELS, labels.get),
    _route("labels.create POST labels", 5, scopes.CHANGES_LABELS, labels.create),
    _route("labels.update PUT labels/{id}", 5, scopes.CHANGES_LABELS, labels.update),
    _route("labels.patch PATCH labels/{id}", 5, scopes.CHANGES_LABELS, labels.update),
    _route("labels.delete DELETE labels/{id}", 5, scopes.CHANGES_LABELS, labels.delete),
    _route(
        "settings.sendAs.list GET settings/sendAs",
        *(1, scopes.READS_SETTINGS, settings.list_send_as),
    ),
    _route(
        "settings.sendAs.get GET settings/sendAs/{sendAsEmail}",
        *(1, scopes.READS_SETTINGS, settings.get_send_as),
    ),
    _route(
        "settings.sendAs.update PUT settings/sendAs/{sendAsEmail}",
        *(100, scopes.CHANGES_SEND_AS, settings.update_send_as),
    ),
    _route(
        "settings.sendAs.patch PATCH settings/sendAs/{sendAsEmail}",
        *(100, scopes.CHANGES_SEND_AS, settings.update_send_as),
    ),
    _route(
        "settings.getVacation GET settings/vacation",
        *(1, scopes.READS_SETTINGS, settings.get_vacation),
    ),
    _route(
        "settings.updateVacation PUT settings/vacation",
        *(5, scopes.CHANGES_SETTINGS, settings.update_vacation),
    ),
)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))


# Fixed last steps (messages/send) come before named ones (messages/{id}).
_COMPILED = [
    (route, _pattern(route.template))
    for route in sorted(ROUTES, key=lambda route: route.template.count("{"))
]


def find_route(verb: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The method of a call and the parameters of its path."""
    for route, pattern in _COMPILED:
        if route.verb == verb:
            found = pattern.fullmatch(path)
            if found:
                return route, found.groupdict()
    return None
