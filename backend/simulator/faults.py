"""Faults on demand: which misbehaviour is switched on, for which calls, and how often still."""

import itertools
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """Ways in which Google, or the line to it, misbehaves."""

    STATUS = "status"
    GARBLED = "garbled"
    RETRY_AFTER = "retry_after"
    DELAY = "delay"
    DROP_BEFORE = "drop_before"
    DROP_AFTER_ACCEPT = "drop_after_accept"
    RST = "rst"
    HISTORY_EXPIRED = "history_expired"
    HISTORY_EMPTY_PAGES = "history_empty_pages"
    SENT_VIA_LABELS = "sent_via_labels"
    LIST_UNORDERED = "list_unordered"
    SEARCH_LAG = "search_lag"
    PUSH_LATE = "push_late"
    PUSH_TWICE = "push_twice"
    PUSH_OUT_OF_ORDER = "push_out_of_order"
    PUSH_SILENT = "push_silent"
    TOKEN_REVOKE = "token_revoke"  # noqa: S105 - a name
    INVALID_GRANT = "invalid_grant"
    CONSENT_REFUSED = "consent_refused"
    UNREADABLE_MESSAGE = "unreadable_message"
    REFUSE_ADDON_IDS = "refuse_addon_ids"


# These happen once unless configured otherwise; all others last until they are removed.
ONCE = frozenset(
    {
        FaultKind.STATUS,
        FaultKind.GARBLED,
        FaultKind.RETRY_AFTER,
        FaultKind.DELAY,
        FaultKind.DROP_BEFORE,
        FaultKind.DROP_AFTER_ACCEPT,
        FaultKind.RST,
        FaultKind.INVALID_GRANT,
    }
)
# Done when they are asked for, and not kept.
IMMEDIATE = frozenset({FaultKind.HISTORY_EXPIRED, FaultKind.TOKEN_REVOKE})


class FaultError(ValueError):
    """A fault that nobody could act on; the text tells why."""


@dataclass(frozen=True)
class Occasion:
    """A moment at which a fault could strike."""

    method: str = ""
    path: str = ""
    user: str = ""
    message: str = ""
    is_page: bool = False  # Gmail's own page uses up none of the faults meant for the product


@dataclass
class Fault:
    """One misbehaviour. `left` None lasts until it is taken away."""

    id: int
    kind: FaultKind
    match: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, object] = field(default_factory=dict)
    left: int | None = None
    struck: int = 0
    gone: threading.Event = field(default_factory=threading.Event, repr=False, compare=False)

    def fits(self, occasion: Occasion) -> bool:
        """A method matches by its end (`messages.send`), a path by its beginning."""
        method, path = self.match.get("method", ""), self.match.get("path", "")
        user, message = self.match.get("user", ""), self.match.get("message", "")
        return (
            (occasion.method == method or occasion.method.endswith(f".{method}") or not method)
            and occasion.path.startswith(path)
            and user in {"", occasion.user}
            and message in {"", occasion.message}
        )

    def hold(self) -> None:
        """Wait as long as a delay says, or until it is taken away."""
        self.gone.wait(self.number("seconds", 1))

    @property
    def is_aimed(self) -> bool:
        return bool(self.match.get("method") or self.match.get("path"))

    def number(self, name: str, default: float) -> float:
        value = self.params.get(name, default)
        return float(value) if isinstance(value, int | float | str) else default

    def text(self, name: str, default: str) -> str:
        value = self.params.get(name, default)
        return str(value)

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "kind": self.kind,
            "match": dict(self.match),
            "params": dict(self.params),
            "times": self.left,
            "struck": self.struck,
        }


class Faults:
    """The faults that are switched on, in the order they were asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._active: list[Fault] = []
        self.act_at_once: Callable[[Fault], None] = lambda _: None

    def add(self, wanted: Mapping[str, object]) -> Fault:
        """Switch one on. FaultError for what cannot be understood."""
        fault = self._parsed(wanted)
        if fault.kind in IMMEDIATE:
            self.act_at_once(fault)
            fault.struck = 1
            return fault
        with self._lock:
            self._active.append(fault)
        return fault

    def take(
        self, kinds: Iterable[FaultKind], occasion: Occasion, *, if_aimed: bool = False
    ) -> Fault | None:
        """The first fault of these kinds that strikes now; it has one time less afterwards.

        With `if_aimed`, only one whose match names a method or a path.
        """
        wanted = frozenset() if occasion.is_page else frozenset(kinds)
        with self._lock:
            for fault in self._active:
                if if_aimed and not fault.is_aimed:
                    continue
                if fault.kind in wanted and fault.left != 0 and fault.fits(occasion):
                    fault.struck += 1
                    fault.left = None if fault.left is None else fault.left - 1
                    return fault
        return None

    def listing(self) -> list[dict[str, object]]:
        with self._lock:
            return [fault.as_json() for fault in self._active]

    def clear(self, ident: int | None = None) -> None:
        """Remove one fault, or all. Requests they hold at the moment stay held."""
        with self._lock:
            gone = [one for one in self._active if ident in {None, one.id}]
            self._active = [one for one in self._active if one not in gone]
        for fault in gone:
            fault.gone.set()

    def _parsed(self, wanted: Mapping[str, object]) -> Fault:
        try:
            kind = FaultKind(str(wanted.get("kind")))
        except ValueError as error:
            known = ", ".join(FaultKind)
            raise FaultError(f"There is no fault of that kind. Known are {known}.") from error
        times = wanted.get("times", 1 if kind in ONCE else None)
        if times is not None and (not isinstance(times, int) or times < 1):
            raise FaultError("times is a number from 1 on, or null for always.")
        params = wanted.get("params", {})
        if not isinstance(params, dict):
            raise FaultError("params is an object.")
        return Fault(next(self._numbers), kind, _match(wanted.get("match")), params, times)


def _match(wanted: object) -> Mapping[str, str]:
    """A bare string is a path when it starts with a slash, else a method."""
    if wanted is None:
        return {}
    if isinstance(wanted, str):
        return {"path" if wanted.startswith("/") else "method": wanted}
    if not isinstance(wanted, dict) or not wanted.keys() <= {"method", "path", "user", "message"}:
        raise FaultError("match is a string, or an object with method, path, user, message.")
    return {str(name): str(value) for name, value in wanted.items()}
