"""The notice after queueing a message: when it leaves, why then, and how to undo it."""

from datetime import timedelta
from math import ceil

from flask import url_for

from backend.console.context import current_actor, current_deps
from backend.console.flash import Undo, say
from backend.console.labels import PENDING_WORDS
from backend.domain.sending.pending import PendingState
from backend.domain.summaries.pending import PendingDetail
from backend.queries.pending.lines import spoken


def say_queued(detail: PendingDetail, *, url: str = "", label: str = "", before: str = "") -> None:
    """Show when a queued message leaves, with Undo while that works."""
    line = detail.line
    left = line.undo_until - current_deps().now() if line.undo_until else timedelta(0)
    undo = None
    if left > timedelta(0) and line.changeable:
        undo = Undo(
            url=url_for("pending.take_back", pending_id=line.id),
            version=line.version,
            seconds=ceil(left.total_seconds()),
        )
    say(before + outcome_line(detail), url=url, label=label, undo=undo)


def outcome_line(detail: PendingDetail) -> str:
    """When a message leaves, in one line: "Leaves Tue 24 Nov, 09:00. Waits because …"."""
    line = detail.line
    if line.state != PendingState.SCHEDULED or line.leaves_at is None:
        return f"{PENDING_WORDS[line.state].text}. {line.why}"
    now = current_deps().now()
    if line.leaves_at <= now:
        return f"It leaves in a moment. {detail.files_warning}".strip()
    if line.leaves_at == line.undo_until:
        seconds = ceil((line.leaves_at - now).total_seconds())
        return f"It leaves in {seconds} seconds. {detail.files_warning}".strip()
    when = spoken(current_actor(), line.leaves_at)
    return f"{line.before_time} {when}. {line.why} {detail.files_warning}".strip()
