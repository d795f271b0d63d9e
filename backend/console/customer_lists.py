"""Import customers: a CSV file is uploaded, its columns are chosen, it is checked, run and
undone.
"""

from flask import Response as FlaskResponse
from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps, wants_fragment
from backend.console.csv_files import csv_file
from backend.console.flash import go, say
from backend.console.imports import STOP_POLLING
from backend.console.request_parsing import list_query
from backend.domain.customers.columns import MEANING
from backend.domain.customers.lists import (
    KEPT_DAYS,
    MOST_BYTES,
    MOST_ROWS,
    TRAIT,
)
from backend.domain.ids import CustomerListId
from backend.errors import InputError
from backend.queries import customer_lists as reading
from backend.services.customer_lists import uploading
from backend.services.customer_lists.findings import findings

bp = members_only("customer_lists", __name__)
PAGE = 20
UNDOING = (
    "What it added is removed, and what it changed is restored. A record that was changed since, or"
    " has mail or notes by now, stays and is named."
)
BOUNDS = {"most_mb": MOST_BYTES // 1_000_000, "most_rows": MOST_ROWS, "kept_days": KEPT_DAYS}


@bp.get("/imports/customers")
def index() -> str:
    """The form for a file, and the lists so far."""
    return _index({})


@bp.post("/imports/customers")
def upload() -> Response | tuple[str, int]:
    """Store a file, and continue to its columns."""
    chosen = request.files.get("file")
    data = chosen.stream.read(MOST_BYTES + 1) if chosen else b""
    name = (chosen.filename if chosen else None) or "customers.csv"
    try:
        list_id = uploading.upload(current_deps(), current_actor(), name=name, data=data)
    except InputError as error:
        if not error.fields:
            raise
        return _index(error.fields), 422
    return go(url_for("customer_lists.show", list_id=list_id))


@bp.get("/imports/customers/<id:list_id>")
def show(list_id: int) -> str | FlaskResponse:
    """One list; for htmx only its progress, which stops polling when the step has ended."""
    if not wants_fragment():
        return _show(list_id, {})
    found = reading.customer_list(current_deps(), current_actor(), CustomerListId(list_id))
    response = make_response(render_template("customer_lists/_progress.html", found=found))
    if not found.at_work:
        response.headers["HX-Refresh"] = "true"
        response.status_code = STOP_POLLING
    return response


@bp.post("/imports/customers/<id:list_id>/columns")
def check(list_id: int) -> Response | tuple[str, int]:
    """Choose the meaning of the columns, and have the lines checked."""
    words = [request.form.get(f"column-{place}", "") for place in range(_width(list_id))]
    try:
        uploading.check(current_deps(), current_actor(), CustomerListId(list_id), words)
    except InputError as error:
        return _show(list_id, error.fields, words), 422
    return _to(list_id)


@bp.post("/imports/customers/<id:list_id>/run")
def run(list_id: int) -> Response:
    """Have the valid lines written."""
    uploading.run(current_deps(), current_actor(), CustomerListId(list_id))
    say("The import has started.")
    return _to(list_id)


@bp.post("/imports/customers/<id:list_id>/stop")
def stop(list_id: int) -> Response:
    """Stop writing; what is written stays."""
    uploading.stop(current_deps(), current_actor(), CustomerListId(list_id))
    say("The import has stopped. What it wrote so far stays, and can be undone.")
    return _to(list_id)


@bp.get("/imports/customers/<id:list_id>/undo")
def ask_undo(list_id: int) -> str:
    """Asks before an undo, for readers without JavaScript."""
    found = reading.customer_list(current_deps(), current_actor(), CustomerListId(list_id))
    return render_template(
        "question.html",
        heading=f"Undo the import of {found.file_name}?",
        text=UNDOING,
        action=url_for("customer_lists.undo", list_id=list_id),
        hidden={},
        yes="Undo import",
        tone="danger",
        back=url_for("customer_lists.show", list_id=list_id),
    )


@bp.post("/imports/customers/<id:list_id>/undo")
def undo(list_id: int) -> Response:
    """Have everything undone."""
    uploading.undo(current_deps(), current_actor(), CustomerListId(list_id))
    return _to(list_id)


@bp.post("/imports/customers/<id:list_id>/discard")
def discard(list_id: int) -> Response:
    """Discard a list of which nothing was written."""
    uploading.discard(current_deps(), current_actor(), CustomerListId(list_id))
    say("The list is discarded. Nothing of it was written.")
    return go(url_for("customer_lists.index"))


@bp.get("/imports/customers/<id:list_id>/findings.csv")
def download(list_id: int) -> FlaskResponse:
    """Every line with a finding, with its reason and its cells."""
    rows = findings(current_deps(), current_actor(), CustomerListId(list_id))
    return csv_file(f"findings-{list_id}.csv", rows)


def _index(errors: dict[str, str]) -> str:
    deps, actor = current_deps(), current_actor()
    found = reading.customer_lists(deps, actor, list_query(limit=PAGE))
    return render_template("customer_lists/index.html", found=found, errors=errors, **BOUNDS)


def _show(list_id: int, errors: dict[str, str], words: list[str] | None = None) -> str:
    deps, actor = current_deps(), current_actor()
    found = reading.customer_list(deps, actor, CustomerListId(list_id))
    traits = [(TRAIT + name, name) for name in reading.trait_names(deps, actor)]
    return render_template(
        "customer_lists/show.html",
        found=found,
        errors=errors,
        undoing=UNDOING,
        says=words or [one.says for one in found.columns],
        meanings=[(one.value, one.value) for one in MEANING] + traits,
        **BOUNDS,
    )


def _width(list_id: int) -> int:
    found = reading.customer_list(current_deps(), current_actor(), CustomerListId(list_id))
    return len(found.columns)


def _to(list_id: int) -> Response:
    return go(url_for("customer_lists.show", list_id=list_id))
