"""Tasks as a list, as a page, and as a section of the pages they are about.

A conversation shows its subject only to those who may read it. Account, contact and
colleague of a whole page are read with one query each.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, Select, and_, func, literal_column, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import AccountId, ContactId, ConversationId, MemberId, TaskId
from backend.domain.paging import ListQuery, Page, whole_id
from backend.domain.people.actor import Actor
from backend.domain.summaries.people import AccountLine, ContactLine
from backend.domain.summaries.tasks import PanelTask, TaskComment, TaskLine, TaskSection, TaskView
from backend.domain.tasks import day_at, due_group
from backend.errors import NotFound
from backend.queries.conversations.lines import conversation_lines
from backend.queries.keyset import Order, Slice, count_up_to, page_of
from backend.store import contacts
from backend.store.conversation_access import conversations_by_id
from backend.store.models import Account, Message, Task, TeamMember
from backend.store.models import TaskComment as CommentRow
from backend.store.tasks import TaskPlace
from backend.store.team import member_of, members_by_id

SHOWN = 5
"""Tasks in a section of another page."""

COMMENTS_SHOWN = 200
FOREVER: ColumnElement[date] = literal_column("'infinity'::date", Date)
DUE_ON = func.coalesce(Task.due_on, FOREVER)
OPEN = and_(Task.done_at.is_(None), Task.deleted_at.is_(None))
DONE = and_(Task.done_at.is_not(None), Task.deleted_at.is_(None))
BY_DUE = Order(DUE_ON, Task.id.expression, descending=False)
BY_DONE = Order(Task.done_at.expression, Task.id.expression, descending=True)


def mine(me: MemberId) -> ColumnElement[bool]:
    """The open tasks of a member."""
    return OPEN & (Task.assignee_id == me)


def delegated(me: MemberId) -> ColumnElement[bool]:
    """The open tasks that a member created for somebody else."""
    return OPEN & (Task.created_by == me) & Task.assignee_id.is_distinct_from(me)


VIEWS: Mapping[str, Callable[[MemberId], ColumnElement[bool]]] = {
    "team": lambda _: OPEN,
    "delegated": delegated,
    "done": lambda _: DONE,
}
"""The lists of the page beside one's own."""


def tasks(deps: Deps, actor: Actor, query: ListQuery) -> Page[TaskLine]:
    """A page of tasks, the next due first; done ones by when. Filters: `view` (see VIEWS) and
    `assignee` (a member's id).
    """
    with deps.store.begin(actor.workspace_id) as session:
        found, total = tasks_page(session, query, reader=actor.member_id)
        lines = task_lines(deps, actor, session, [row[0] for row in found.rows])
    return found.showing(lines, total)


def tasks_page(
    session: Session, asked: ListQuery, *, reader: MemberId
) -> tuple[Slice[Task], int | None]:
    """One page of tasks and about how many there are."""
    view = asked.filters.get("view", "")
    query = select(Task).where(VIEWS.get(view, mine)(reader))
    assignee = whole_id(asked.filters.get("assignee"))
    if assignee is not None:
        query = query.where(Task.assignee_id == assignee)
    order = BY_DONE if view == "done" else BY_DUE
    return page_of(session, query, order, asked), count_up_to(session, query)


def open_tasks(session: Session, wanted: ColumnElement[bool]) -> tuple[Sequence[Task], int | None]:
    """The first open tasks that match, the next due first, and how many there are."""
    query: Select[Task] = select(Task).where(wanted)
    rows = session.scalars(query.order_by(DUE_ON, Task.id).limit(SHOWN)).all()
    return rows, count_up_to(session, query) if len(rows) == SHOWN else len(rows)


def due_now(deps: Deps, actor: Actor) -> TaskSection:
    """The reader's tasks that are overdue or due today."""
    until = Task.due_on <= _today(deps, actor)
    with deps.store.begin(actor.workspace_id) as session:
        return _section(deps, actor, session, mine(actor.member_id) & until)


def of_today(deps: Deps, actor: Actor) -> tuple[PanelTask, ...]:
    """The same for the home card."""
    return tuple(
        PanelTask(
            id=one.id,
            title=one.title,
            due_on=one.due_on,
            awaits_answer=one.awaits_answer,
            assignee=None,
        )
        for one in due_now(deps, actor).lines
    )


def about(deps: Deps, actor: Actor, place: TaskPlace) -> TaskSection:
    """The open tasks about an account, a contact, or a conversation."""
    with deps.store.begin(actor.workspace_id) as session:
        return _section(deps, actor, session, open_about(place))


def open_about(place: TaskPlace) -> ColumnElement[bool]:
    """The condition of the open tasks about everything that is named."""
    here = {
        Task.account_id: place.account_id,
        Task.contact_id: place.contact_id,
        Task.conversation_id: place.conversation_id,
    }
    return and_(OPEN, *(column == one for column, one in here.items() if one is not None))


def opened(deps: Deps, actor: Actor, task_id: TaskId) -> TaskView:
    """One task, also a done or deleted one. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        row = session.get(Task, task_id)
        if row is None:
            raise NotFound("There is no such task. It may have been deleted.")
        creator = session.get(TeamMember, row.created_by)
        return TaskView(
            line=task_lines(deps, actor, session, [row])[0],
            created_by=creator.name if creator else "Somebody",
            created_at=row.created_at,
            deleted_at=row.deleted_at,
            comments=_comments(session, task_id),
        )


@dataclass(frozen=True, kw_only=True)
class Around:
    """What the tasks of a page refer to, by id."""

    members: Mapping[int, TeamMember]
    accounts: Mapping[int, AccountLine]
    contacts: Mapping[int, ContactLine]
    subjects: Mapping[int, str]
    answers: Mapping[int, str]
    today: date


def task_lines(deps: Deps, actor: Actor, session: Session, rows: Sequence[Task]) -> list[TaskLine]:
    """The lines of a page, with a fixed number of queries."""
    around = _around(deps, actor, session, rows)
    return [_line(row, around) for row in rows]


def _line(row: Task, around: Around) -> TaskLine:
    done_by = member_of(around.members, row.done_by)
    place = row.conversation_id
    return TaskLine(
        id=row.id,
        title=row.title,
        due_on=row.due_on,
        due=due_group(row.due_on, around.today),
        awaits_answer=row.answer_after is not None,
        assignee=member_of(around.members, row.assignee_id),
        account=around.accounts.get(row.account_id or 0),
        contact=around.contacts.get(row.contact_id or 0),
        conversation_id=place,
        conversation=around.subjects.get(place, "") if place is not None else "",
        done_at=row.done_at,
        done_by=done_by.name if done_by else None,
        answered_by=around.answers.get(row.answered_by or 0),
        version=row.version,
    )


def _around(deps: Deps, actor: Actor, session: Session, rows: Sequence[Task]) -> Around:
    ours = [one for row in rows for one in (row.assignee_id, row.done_by) if one is not None]
    accounts = [row.account_id for row in rows if row.account_id is not None]
    people = [row.contact_id for row in rows if row.contact_id is not None]
    threads = [row.conversation_id for row in rows if row.conversation_id is not None]
    answers = [row.answered_by for row in rows if row.answered_by is not None]
    return Around(
        members=members_by_id(session, ours),
        accounts=_accounts(session, accounts),
        contacts={
            one: ContactLine(id=ContactId(one), name=found.name)
            for one, found in contacts.named(session, people).items()
        },
        subjects=_subjects(actor, session, threads),
        answers=_authors(session, answers),
        today=_today(deps, actor),
    )


def _accounts(session: Session, ids: Sequence[AccountId]) -> Mapping[int, AccountLine]:
    if not ids:
        return {}
    found = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {one: AccountLine(id=one, name=name) for one, name in found}


def _subjects(actor: Actor, session: Session, ids: Sequence[ConversationId]) -> Mapping[int, str]:
    if not ids:
        return {}
    rows = list(conversations_by_id(session, ids).values())
    return {line.id: line.subject for line in conversation_lines(actor, session, rows)}


def _authors(session: Session, ids: Sequence[int]) -> Mapping[int, str]:
    """Who wrote the answers: a name, else an address."""
    if not ids:
        return {}
    name = func.coalesce(func.nullif(Message.sender_name, ""), Message.sender_address)
    found = session.execute(select(Message.id, name).where(Message.id.in_(ids)))
    return dict(found.all())


def _section(
    deps: Deps, actor: Actor, session: Session, wanted: ColumnElement[bool]
) -> TaskSection:
    rows, total = open_tasks(session, wanted)
    return TaskSection(lines=tuple(task_lines(deps, actor, session, rows)), total=total)


def _comments(session: Session, task_id: TaskId) -> tuple[TaskComment, ...]:
    """The newest ones, in the order they were written."""
    query = (
        select(CommentRow, TeamMember.name)
        .outerjoin(TeamMember, TeamMember.id == CommentRow.author_id)
        .where(CommentRow.task_id == task_id)
        .order_by(CommentRow.id.desc())
        .limit(COMMENTS_SHOWN)
    )
    found = [
        TaskComment(author=name or "Somebody", text=row.text, written_at=row.written_at)
        for row, name in session.execute(query)
    ]
    return tuple(reversed(found))


def _today(deps: Deps, actor: Actor) -> date:
    return day_at(deps.now(), actor.time_zone)
