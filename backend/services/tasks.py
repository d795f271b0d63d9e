"""Tasks of the team: created, edited, completed, postponed, deleted, commented on.

"If they don't answer": such a task is completed by a person's next message in its conversation,
written by the statement that files the message (`store/sql/tasks_answered.sql`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.customers import edits as reading
from backend.domain.ids import MemberId, TaskId
from backend.domain.paging import whole_id
from backend.domain.people.actor import Actor
from backend.domain.tasks import Postpone, day_at, postponed
from backend.errors import Conflict, InputError, NotFound, SettledAlready
from backend.services.editing import GONE_COLLEAGUE, read_or_note
from backend.store import accounts, clicks, contacts, tasks, team
from backend.store.conversation_access import conversation_by_id
from backend.store.models import Conversation, Task
from backend.store.tasks import TaskFields, TaskPlace

__all__ = ["TaskPlace", "TaskText"]

LONGEST_COMMENT = 5000
GONE = "There is no such task. It may have been deleted."
STALE = "Somebody changed this task meanwhile. The form shows what it says now; save again."
NO_CONVERSATION = "There is no conversation to wait for. Choose a day only."
NO_DAY = "Choose the day by which they should have answered."


@dataclass(frozen=True, kw_only=True)
class TaskText:
    """A task as typed: `due` a day or nothing, `assignee` a member's id or nothing."""

    title: str
    due: str = ""
    assignee: str = ""
    if_unanswered: bool = False


def create(
    deps: Deps, actor: Actor, text: TaskText, about: TaskPlace, *, nonce: str
) -> TaskId | None:
    """Create a task, once for a nonce: None when it was created before. Raises InputError with a
    sentence for each field, and NotFound when what it is about is gone.
    """
    with deps.store.begin(actor.workspace_id) as session:
        if not clicks.is_first(session, actor, nonce, action="task", now=deps.now()):
            return None
        checked, conversation = _checked(session, text), _linked(session, about)
        if text.if_unanswered and conversation is None:
            raise _wrong("if_unanswered", NO_CONVERSATION)
        if text.if_unanswered and checked.due_on is None:
            raise _wrong("due", NO_DAY)
        if conversation is not None and text.if_unanswered:
            checked = replace(checked, answer_after=_newest(conversation, deps.now()))
        return tasks.add(session, actor, about, checked, deps.now())


def edit(deps: Deps, actor: Actor, task_id: TaskId, text: TaskText, *, version: int) -> None:
    """Save the form. Raises InputError, NotFound, and Conflict when the task has changed since."""
    with deps.store.begin(actor.workspace_id) as session:
        row = _locked(session, task_id)
        if row.version != version:
            raise Conflict(STALE)
        checked = _checked(session, text, present=row.assignee_id)
        if row.answer_after is not None and checked.due_on is None and text.if_unanswered:
            raise _wrong("due", NO_DAY)
        if not text.if_unanswered:
            row.answer_after = None
        row.title, row.due_on = checked.title, checked.due_on
        row.assignee_id = checked.assignee_id
        row.version += 1


def complete(deps: Deps, actor: Actor, task_id: TaskId) -> str:
    """Mark a task as done. Returns its title. Raises SettledAlready when it is."""

    def change(_session: Session, row: Task) -> None:
        if row.done_at is not None:
            raise SettledAlready("This task is done already.")
        row.done_at, row.done_by = deps.now(), actor.member_id

    return _changed(deps, actor, task_id, change)


def reopen(deps: Deps, actor: Actor, task_id: TaskId) -> str:
    """Open a completed task again. One that waits for an answer waits for the next one. Returns its
    title. Raises SettledAlready when it is open.
    """

    def change(session: Session, row: Task) -> None:
        if row.done_at is None:
            raise SettledAlready("This task is open already.")
        row.done_at = row.done_by = row.answered_by = None
        place = row.conversation_id
        conversation = conversation_by_id(session, place) if place is not None else None
        if row.answer_after is not None:
            row.answer_after = _newest(conversation, deps.now()) if conversation else None

    return _changed(deps, actor, task_id, change)


def postpone(deps: Deps, actor: Actor, task_id: TaskId, to: str) -> date:
    """Move the due date. Returns the new one. Raises InputError for an unknown choice."""
    if to not in list(Postpone):
        raise InputError("Choose tomorrow, Monday or in a week.")
    day = postponed(Postpone(to), today(deps, actor))

    def change(_session: Session, row: Task) -> None:
        row.due_on = day

    _changed(deps, actor, task_id, change)
    return day


def delete(deps: Deps, actor: Actor, task_id: TaskId) -> str:
    """Delete a task; it can be restored for 30 days. Returns its title."""

    def change(session: Session, row: Task) -> None:
        row.deleted_at = deps.now()
        tasks.purge(session, deps.now())

    return _changed(deps, actor, task_id, change)


def restore(deps: Deps, actor: Actor, task_id: TaskId) -> str:
    """Restore a deleted task. Returns its title."""
    with deps.store.begin(actor.workspace_id) as session:
        row = tasks.locked(session, task_id)
        if row is None:
            raise NotFound(GONE)
        if row.deleted_at is None:
            raise SettledAlready("This task is not deleted.")
        row.deleted_at = None
        row.version += 1
        return row.title


def comment(deps: Deps, actor: Actor, task_id: TaskId, text: str, *, nonce: str) -> None:
    """Write a comment, once for a nonce. Raises InputError for the field `comment`."""
    text = text.strip()
    if not text:
        raise _wrong("comment", "The comment is empty. Type something first.")
    if len(text) > LONGEST_COMMENT:
        too_long = f"The comment has {len(text):,} characters. Shorten it to {LONGEST_COMMENT:,}."
        raise _wrong("comment", too_long)
    with deps.store.begin(actor.workspace_id) as session:
        row = _locked(session, task_id)
        if clicks.is_first(session, actor, nonce, action="task_comment", now=deps.now()):
            tasks.comment(session, actor, row.id, text, deps.now())


def today(deps: Deps, actor: Actor) -> date:
    """The day in the member's calendar."""
    return day_at(deps.now(), actor.time_zone)


def _changed(
    deps: Deps, actor: Actor, task_id: TaskId, change: Callable[[Session, Task], None]
) -> str:
    with deps.store.begin(actor.workspace_id) as session:
        row = _locked(session, task_id)
        change(session, row)
        row.version += 1
        return row.title


def _locked(session: Session, task_id: TaskId) -> Task:
    row = tasks.locked(session, task_id)
    if row is None:
        raise NotFound(GONE)
    if row.deleted_at is not None:
        raise SettledAlready("This task was deleted.")
    return row


def _newest(conversation: Conversation, now: datetime) -> datetime:
    """An answer is newer than this. A sender's clock may be ahead."""
    return min(conversation.last_message_at, now)


def _checked(session: Session, text: TaskText, *, present: MemberId | None = None) -> TaskFields:
    wrong: dict[str, str] = {}
    title = read_or_note(reading.read_reason, text.title, "title", wrong)
    if not title:
        wrong.setdefault("title", "Say what is to be done.")
    due = read_or_note(reading.read_date, text.due, "due", wrong)
    assignee = _assignee(session, text.assignee, present)
    if assignee is None and text.assignee:
        wrong["assignee"] = GONE_COLLEAGUE
    if wrong:
        raise InputError(" ".join(wrong.values()), wrong)
    return TaskFields(
        title=title,
        due_on=date.fromisoformat(due) if due else None,
        assignee_id=assignee,
    )


def _assignee(session: Session, typed: str, present: MemberId | None) -> MemberId | None:
    """An active member, or whom the task has already."""
    member_id = whole_id(typed)
    member = team.by_id(session, MemberId(member_id)) if member_id is not None else None
    if member is not None:
        return member.id
    return present if member_id is not None and member_id == present else None


def _linked(session: Session, about: TaskPlace) -> Conversation | None:
    """The conversation it is about, if any. Raises NotFound when anything named is gone."""
    if about.account_id is not None and not accounts.exists(session, about.account_id):
        raise NotFound("This account is no longer there. Open the page again.")
    if about.contact_id is not None and not contacts.exists(session, about.contact_id):
        raise NotFound("This contact is no longer there. Open the page again.")
    if about.conversation_id is None:
        return None
    conversation = conversation_by_id(session, about.conversation_id)
    if conversation is None:
        raise NotFound("This conversation is no longer there. Open the page again.")
    return conversation


def _wrong(field: str, sentence: str) -> InputError:
    return InputError(sentence, {field: sentence})
