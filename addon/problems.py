"""Turns failures into answers of the panel: the one place where the add-on catches errors.

A trigger must draw something, so it draws a problem card. After a click most refusals are a line at
the bottom, which keeps the card and the typed text.
"""

import traceback
from dataclasses import dataclass
from types import TracebackType

import structlog

from addon.auth import KeysUnavailable, Stranger
from addon.event import TooLarge, UnreadableEvent
from addon.responses import asks_for_scopes, asks_to_sign_in, noticed, opened, redrawn, suggested
from addon.routing import Entry, Kind
from backend.errors import (
    AuthenticationFailed,
    ConfigurationError,
    Conflict,
    InputError,
    LimiterUnavailable,
    MailboxBlocked,
    MailboxDisconnected,
    MessageGone,
    NotAllowed,
    NotFound,
    ProviderUnavailable,
    RapportError,
    RateLimited,
    ScopeMissing,
    StoreUnavailable,
)
from cards.card_context import CardContext
from cards.clicks import Json
from cards.problem import Problem, ProblemKind, problem_card

REFUSED: tuple[tuple[type[RapportError], int], ...] = (
    (TooLarge, 413),
    (AuthenticationFailed, 401),
    (KeysUnavailable, 503),
    (ConfigurationError, 503),
)
"""Errors answered with an HTTP status: the request may not come from Google."""

KINDS: tuple[tuple[type[RapportError], ProblemKind], ...] = (
    (UnreadableEvent, ProblemKind.UNREADABLE),
    (InputError, ProblemKind.CANNOT_USE),
    (Stranger, ProblemKind.NOT_SIGNED_IN),
    (NotAllowed, ProblemKind.NOT_ALLOWED),
    (NotFound, ProblemKind.NOT_FOUND),
    (MessageGone, ProblemKind.NOT_FOUND),
    (Conflict, ProblemKind.CHANGED),
    (MailboxDisconnected, ProblemKind.ACCESS_ENDED),
    (MailboxBlocked, ProblemKind.BLOCKED),
    (LimiterUnavailable, ProblemKind.SENDING_PAUSED),
    (StoreUnavailable, ProblemKind.UNREACHABLE),
    (RateLimited, ProblemKind.TRY_LATER),
    (ProviderUnavailable, ProblemKind.TRY_LATER),
)
SAID_IN_A_LINE = (InputError, NotAllowed, Conflict, RateLimited)
SAFE = "Can't reach Rapport right now. Your email is safe in Gmail."
UNEXPECTED = "This is our mistake, not yours. Nothing was changed. Try again in a moment."
TRACE_LENGTH = 12

log = structlog.get_logger()


@dataclass(frozen=True)
class Refusal:
    """An answer that is not a card."""

    status: int
    sentence: str


def refusal_of(error: RapportError) -> Refusal | None:
    """The refusal of an unverified request; None for every other error."""
    status = next((status for cls, status in REFUSED if isinstance(error, cls)), None)
    if status is None:
        return None
    log.info("addon.refused", status=status, error=type(error).__name__)
    return Refusal(status, error.sentence)


def answer_error(error: RapportError, entry: Entry, context: CardContext) -> Json:
    """The answer for an expected error."""
    if isinstance(error, ScopeMissing):
        return asks_for_scopes(error.scopes or entry.scopes)
    if isinstance(error, Stranger):
        return asks_to_sign_in(problem_card(problem_of(error), context))
    if entry.kind is Kind.ACTION and isinstance(error, SAID_IN_A_LINE):
        return noticed(error.sentence)
    return _answer(problem_of(error), entry, context)


def answer_unexpected(error: Exception, entry: Entry, context: CardContext, reference: str) -> Json:
    """The answer for a bug. Its text may quote mail, so only its place is logged."""
    log.error(
        "addon.unexpected",
        call=entry.call,
        reference=reference,
        error=type(error).__name__,
        trace=places(error.__traceback__),
    )
    problem = Problem(kind=ProblemKind.UNEXPECTED, sentence=UNEXPECTED, reference=reference)
    return _answer(problem, entry, context)


def problem_of(error: RapportError) -> Problem:
    """The problem that a card shows for an error."""
    kind = next((kind for cls, kind in KINDS if isinstance(error, cls)), ProblemKind.TRY_LATER)
    sentence = SAFE if isinstance(error, StoreUnavailable) else error.sentence
    return Problem(kind=kind, sentence=sentence)


def places(trace: TracebackType | None) -> list[str]:
    """Where it happened, innermost last: file, line and function, never a value."""
    frames = traceback.extract_tb(trace)[-TRACE_LENGTH:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def _answer(problem: Problem, entry: Entry, context: CardContext) -> Json:
    match entry.kind:
        case Kind.TRIGGER:
            return opened(problem_card(problem, context, again=entry.again))
        case Kind.ACTION:
            return redrawn(problem_card(problem, context, again=entry.again))
        case Kind.AUTOCOMPLETE:
            return suggested(())
