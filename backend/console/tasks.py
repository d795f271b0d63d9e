"""Tasks: the list, one task with its comments, and the forms that change it."""

from collections.abc import Mapping
from itertools import groupby

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.error_pages import way_back
from backend.console.flash import Undo, go, say
from backend.console.record_forms import UNDO_SECONDS
from backend.console.request_parsing import list_query, nonce, text, version
from backend.console.templating import page
from backend.console.times import plain_date
from backend.domain.ids import AccountId, ContactId, ConversationId, TaskId
from backend.domain.paging import whole_id
from backend.domain.tasks import suggested_due
from backend.errors import Conflict, InputError, SettledAlready
from backend.queries import tasks as showing
from backend.queries.settings.team import assignable
from backend.services import tasks
from backend.services.tasks import TaskPlace, TaskText

bp = members_only("tasks", __name__)

LINKS = ("account", "contact", "conversation")


@bp.get("/tasks")
def index() -> str:
    """A page of tasks; only its region for htmx."""
    deps, actor = current_deps(), current_actor()
    query = list_query("view", "assignee")
    found = showing.tasks(deps, actor, query)
    return page(
        "tasks/index.html",
        fragment="tasks/_list.html",
        query=query,
        found=found,
        groups=[(due, list(lines)) for due, lines in groupby(found.items, lambda one: one.due)],
        members=assignable(deps, actor),
    )


@bp.get("/tasks/new")
def new() -> str:
    """The form, linked to what the address names."""
    due = suggested_due(tasks.today(current_deps(), current_actor())).isoformat()
    me = str(current_actor().member_id)
    return _new({"due": due, "assignee": me, "nonce": nonce()}, _place(request.args), {})


@bp.post("/tasks")
def add() -> Response | tuple[str, int]:
    """Create the task."""
    about = _place(request.form)
    try:
        task_id = tasks.create(
            current_deps(), current_actor(), _typed(), about, nonce=text("nonce")
        )
    except InputError as error:
        return _new(request.form, about, error.fields), 422
    if task_id is None:
        say("This task was created already.")
    else:
        shown = showing.opened(current_deps(), current_actor(), task_id).line
        day = f" for {plain_date(shown.due_on)}" if shown.due_on else ""
        say(f"Task added{day}.", url=url_for("tasks.show", task_id=task_id), label="Open it")
    return go(_back_to(about))


@bp.get("/tasks/<id:task_id>")
def show(task_id: int) -> str:
    """One task: its form, its links, and the comments."""
    return _shown(TaskId(task_id), {})


@bp.post("/tasks/<id:task_id>")
def save(task_id: int) -> Response | tuple[str, int]:
    """Save the form."""
    key = TaskId(task_id)
    try:
        tasks.edit(current_deps(), current_actor(), key, _typed(), version=version())
    except InputError as error:
        return _shown(key, error.fields), 422
    except SettledAlready:
        raise
    except Conflict as error:
        return _shown(key, {"form": error.sentence}), 409
    say("Saved.")
    return go(url_for("tasks.show", task_id=task_id))


@bp.post("/tasks/<id:task_id>/done")
def complete(task_id: int) -> Response:
    """Mark it as done."""
    title = tasks.complete(current_deps(), current_actor(), TaskId(task_id))
    say(f"Done: {title}", undo=_undo("tasks.reopen", task_id))
    return go(_where_it_was())


@bp.post("/tasks/<id:task_id>/reopening")
def reopen(task_id: int) -> Response:
    """Open it again."""
    title = tasks.reopen(current_deps(), current_actor(), TaskId(task_id))
    say(f"Open again: {title}")
    return go(_where_it_was())


@bp.post("/tasks/<id:task_id>/postponing")
def postpone(task_id: int) -> Response:
    """Move its due date."""
    day = tasks.postpone(current_deps(), current_actor(), TaskId(task_id), text("to"))
    say(f"Due {plain_date(day)}.")
    return go(_where_it_was())


@bp.post("/tasks/<id:task_id>/deletion")
def delete(task_id: int) -> Response:
    """Delete it; Undo restores it."""
    title = tasks.delete(current_deps(), current_actor(), TaskId(task_id))
    say(f"Deleted: {title}", undo=_undo("tasks.restore", task_id))
    return go(url_for("tasks.index"))


@bp.post("/tasks/<id:task_id>/restoring")
def restore(task_id: int) -> Response:
    """Restore a deleted one."""
    title = tasks.restore(current_deps(), current_actor(), TaskId(task_id))
    say(f"Restored: {title}")
    return go(url_for("tasks.show", task_id=task_id))


@bp.post("/tasks/<id:task_id>/comments")
def comment(task_id: int) -> Response | tuple[str, int]:
    """Write a comment."""
    key = TaskId(task_id)
    try:
        tasks.comment(current_deps(), current_actor(), key, text("comment"), nonce=text("nonce"))
    except InputError as error:
        return _shown(key, error.fields), 422
    return go(url_for("tasks.show", task_id=task_id, _anchor="comments"))


def _typed() -> TaskText:
    return TaskText(
        title=text("title"),
        due=text("due"),
        assignee=text("assignee"),
        if_unanswered=bool(text("if_unanswered")),
    )


def _place(given: Mapping[str, str]) -> TaskPlace:
    """What a query string or form names."""
    account, contact, conversation = (whole_id(given.get(name, "")) for name in LINKS)
    return TaskPlace(
        account_id=AccountId(account) if account else None,
        contact_id=ContactId(contact) if contact else None,
        conversation_id=ConversationId(conversation) if conversation else None,
    )


def _new(typed: Mapping[str, str], about: TaskPlace, errors: Mapping[str, str]) -> str:
    return render_template(
        "tasks/new.html",
        typed=typed,
        about=about,
        back=_back_to(about),
        members=assignable(current_deps(), current_actor()),
        errors=errors,
    )


def _shown(key: TaskId, errors: Mapping[str, str]) -> str:
    deps, actor = current_deps(), current_actor()
    view, members = showing.opened(deps, actor, key), assignable(deps, actor)
    holder = view.line.assignee
    return render_template(
        "tasks/show.html",
        view=view,
        members=(*members, holder) if holder and holder not in members else members,
        typed=request.form if errors else {},
        errors=errors,
        nonce=nonce(),
    )


def _back_to(about: TaskPlace) -> str:
    """The page that the task was written on."""
    if about.conversation_id is not None:
        return url_for("conversations.show", conversation_id=about.conversation_id)
    if about.contact_id is not None:
        return url_for("contacts.show", contact_id=about.contact_id)
    if about.account_id is not None:
        return url_for("accounts.show", account_id=about.account_id)
    return url_for("tasks.index")


def _where_it_was() -> str:
    """The page whose button was pressed."""
    return way_back(303) or url_for("tasks.index")


def _undo(endpoint: str, task_id: int) -> Undo:
    return Undo(url=url_for(endpoint, task_id=task_id), version=1, seconds=UNDO_SECONDS)
