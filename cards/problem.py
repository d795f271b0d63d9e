"""C-14, the problem card: what happened, why in one sentence, and the one button that helps."""

from dataclasses import dataclass
from enum import StrEnum

from cards.calls import Call
from cards.card_context import CardContext
from cards.clicks import CONNECT_PAGE, Json, call, overlay, page
from cards.text import plain
from cards.widgets import Row, button, card, footer, own_icon, section


class ProblemKind(StrEnum):
    """The kind of problem; the value is the card's title."""

    NOT_SIGNED_IN = "You aren't on a team yet"
    NOT_CONNECTED = "Your mailbox isn't connected"
    ACCESS_ENDED = "Gmail access ended"
    BLOCKED = "Your Google admin must allow this"
    NOT_ALLOWED = "You may not do this"
    NOT_FOUND = "This can't be found"
    CANNOT_USE = "Something is missing"
    CHANGED = "This has changed meanwhile"
    UNREACHABLE = "Can't reach Rapport right now"
    TRY_LATER = "This has to wait a moment"
    SENDING_PAUSED = "Sending is paused"
    UNREADABLE = "This request could not be read"
    UNEXPECTED = "Something went wrong here"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One problem. `sentence` says why and what to do; `reference` finds it in the log."""

    kind: ProblemKind
    sentence: str
    reference: str | None = None


CONNECT = frozenset({ProblemKind.NOT_CONNECTED, ProblemKind.ACCESS_ENDED})
OPEN = frozenset({ProblemKind.NOT_SIGNED_IN})
EXPLAIN = frozenset({ProblemKind.BLOCKED})
LOOK = frozenset({ProblemKind.NOT_ALLOWED, ProblemKind.CHANGED})
"""Problems that repeating the click cannot solve: the button reloads the card instead."""


def problem_card(
    problem: Problem, context: CardContext, *, again: Call = Call.REFRESH_HOME
) -> Json:
    """The card. `again` is what "Try again" repeats."""
    more = f"Reference {problem.reference}" if problem.reference else ""
    row = Row(
        icon=own_icon(context, "alert", "Problem"),
        text=plain(problem.sentence),
        bottom=more,
        wrap=True,
    )
    return card(
        problem.kind,
        "",
        [section([row.widget()])],
        foot=footer(_way_out(problem.kind, context, again)),
    )


def _way_out(kind: ProblemKind, context: CardContext, again: Call) -> Json:
    if kind in CONNECT:
        return button("Reconnect", overlay(context, CONNECT_PAGE))
    if kind in OPEN:
        return button("Open Rapport", page(context, "/"))
    if kind in EXPLAIN:
        return button("Open settings", page(context, "/settings/integrations/gmail"))
    return button("Show it now" if kind in LOOK else "Try again", call(context, again))
