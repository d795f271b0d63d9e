"""Imports: what was read from each mailbox, the progress of a running one, and stopping it."""

from flask import Response as FlaskResponse
from flask import make_response, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps, wants_fragment
from backend.console.flash import go, say
from backend.console.request_parsing import list_query
from backend.domain.ids import ImportRunId
from backend.domain.policies import ImportMode, Policies
from backend.errors import NotFound
from backend.queries.mailboxes.imports import import_choice, import_run, imports
from backend.queries.mailboxes.listing import my_mailbox
from backend.services.settings import start_import, stop_import

bp = members_only("imports", __name__)
STOP_POLLING = 286
"""htmx's own status: swap this answer in and stop polling."""


@bp.get("/imports")
def index() -> str:
    """The imports, newest first."""
    deps, actor = current_deps(), current_actor()
    query = list_query(limit=20)
    return render_template(
        "imports/index.html",
        found=imports(deps, actor, query),
        mailbox=my_mailbox(deps, actor),
        **what_is_imported(import_choice(deps, actor)),
    )


@bp.get("/imports/<id:run_id>")
def show(run_id: int) -> str | FlaskResponse:
    """One import; for htmx only its progress, which stops polling when it has ended."""
    run = import_run(current_deps(), current_actor(), ImportRunId(run_id))
    if not wants_fragment():
        choice = import_choice(current_deps(), current_actor())
        return render_template("imports/show.html", run=run, **what_is_imported(choice))
    response = make_response(render_template("imports/_progress.html", run=run))
    if run.finished_at is not None:
        response.status_code = STOP_POLLING
    return response


@bp.get("/imports/pill")
def pill() -> str:
    """The state of the reader's mailbox, for the top of every page."""
    return render_template("_pill.html")


@bp.post("/imports")
def start() -> Response:
    """Read the most recent mail again."""
    deps, actor = current_deps(), current_actor()
    mailbox = my_mailbox(deps, actor)
    if mailbox is None:
        raise NotFound("Connect your Gmail first; then there is something to import.")
    run_id = start_import(deps, actor, mailbox_id=mailbox.id)
    say("The import has started.")
    return go(url_for("imports.show", run_id=run_id))


@bp.post("/imports/<id:run_id>/stop")
def stop(run_id: int) -> Response:
    """Stop a running import; what it fetched stays."""
    stop_import(current_deps(), current_actor(), run_id=ImportRunId(run_id))
    say("The import has stopped. What it read so far stays.")
    return go(url_for("imports.show", run_id=run_id))


def what_is_imported(choice: Policies) -> dict[str, str | bool]:
    """The workspace's choice in words (D-1), and whether there is anything to import."""
    if choice.import_mode is ImportMode.NONE:
        promise = "new mail comes by itself. Nothing older is imported."
        rule = "The policy says that nothing from before a connection is imported."
    elif choice.import_mode is ImportMode.LAST_DAYS:
        promise = f"its mail of the last {choice.import_days} days is looked at."
        rule = f"An import stops at mail older than {choice.import_days} days."
    else:
        number = f"{choice.import_count:,}"
        promise = f"its {number} most recent messages are looked at."
        rule = f"An import stops at the {number} most recent messages, and every reply counts as "
        rule += "one message."
    imports = choice.import_mode is not ImportMode.NONE
    return {"promise": promise, "rule": rule, "imports_mail": imports}
