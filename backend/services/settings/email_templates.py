"""The branded templates that mail of a mailbox is framed in (K-15): saved, copied and deleted."""

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.writing.branding import REFUSED, branded
from backend.errors import Conflict, InputError
from backend.services.settings.shared_mailboxes import require_sharing
from backend.store import audit, shared_mailboxes
from backend.store.models import EmailTemplate

MAX_NAME = 100


def save_template(
    deps: Deps, actor: Actor, *, template_id: int | None, name: str, source: str
) -> int:
    """Create a template, or change one; mail that waits leaves in it as it is then. Raises
    InputError.
    """
    name = " ".join(name.split())
    html = _checked(name, source)
    with deps.store.begin(actor.workspace_id) as session:
        require_sharing(session, actor)
        namesake = shared_mailboxes.template_named(session, name)
        if namesake is not None and namesake.id != template_id:
            taken = "Another template has this name. Choose a different one."
            raise InputError(REFUSED, {"name": taken})
        if template_id is None:
            row = EmailTemplate(workspace_id=actor.workspace_id)
            session.add(row)
        else:
            row = shared_mailboxes.template(session, template_id)
        row.name, row.source, row.html = name, source, html
        row.saved_by, row.saved_at = actor.member_id, deps.now()
        session.flush()
        subject, detail = f"template:{row.id}", {"name": name}
        audit.note(session, actor, "template.saved", subject, now=deps.now(), detail=detail)
        return row.id


def remove_template(deps: Deps, actor: Actor, *, template_id: int) -> str:
    """Delete a template that no mailbox uses. Returns its name. Raises Conflict or NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        require_sharing(session, actor)
        row = shared_mailboxes.template(session, template_id)
        users = shared_mailboxes.used_by(session, template_id)
        if users:
            raise Conflict(
                f"“{row.name}” frames the mail of {', '.join(users)}. Choose another template "
                "there first."
            )
        session.delete(row)
        subject, detail = f"template:{template_id}", {"name": row.name}
        audit.note(session, actor, "template.removed", subject, now=deps.now(), detail=detail)
        return row.name


def _checked(name: str, source: str) -> str:
    wrong, html = {}, ""
    if not name or len(name) > MAX_NAME or not name.isprintable():
        wrong["name"] = f"Write a name of up to {MAX_NAME} characters."
    try:
        html = branded(source)
    except InputError as error:
        wrong |= error.fields
    if wrong:
        raise InputError(REFUSED, wrong)
    return html
