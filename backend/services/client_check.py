"""Whether Google accepts our OAuth client: asked, and kept for Health, Admin setup and doctor.

A worker asks when it starts, as soon as a token is refused for our client, and every minute while
the refusal lasts; `rapport doctor` asks whenever it runs. All of them show the same last answer.
"""

import structlog
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.oauth.funnel import ARRIVED, CLIENT_CHECK, WayEnd
from backend.domain.oauth.refusals import readable, refusal_for
from backend.errors import ClientRefused, ProviderUnavailable, RapportError
from backend.google.client_check import refusal_of_client
from backend.jobs import JobName
from backend.store import consent_counts

log = structlog.get_logger(__name__)


def check_client(deps: Deps) -> None:
    """Ask Google, and keep its answer. Raises ProviderUnavailable when there is none to keep."""
    code = refusal_of_client(deps.google.oauth)
    if code and refusal_for(code).passes:
        raise ProviderUnavailable(f"Google's token endpoint answered {readable(code)}.")
    outcome = readable(code) if code else ARRIVED
    end = WayEnd(workspace_id=None, member_id=None, purpose=CLIENT_CHECK, outcome=outcome)
    with deps.store.begin_global() as session:
        consent_counts.count(session, {end: 1}, deps.now())
    if code:
        log.warning("client_refused", code=readable(code))


def check_again(deps: Deps) -> None:
    """The job: what Google does not answer now is asked again by itself."""
    try:
        check_client(deps)
    except ProviderUnavailable as error:
        log.info("client_not_checked", why=error.sentence)


def is_refused(session: Session) -> bool:
    """Whether Google's last answer was a refusal. Needs a global transaction."""
    ends = consent_counts.latest(session, CLIENT_CHECK)
    return ends not in {None, ARRIVED}


def ask_soon(deps: Deps, error: RapportError) -> None:
    """Have a worker ask Google, if a token was refused because of our client."""
    if isinstance(error, ClientRefused):
        deps.jobs.enqueue(JobName.CHECK_CLIENT)
