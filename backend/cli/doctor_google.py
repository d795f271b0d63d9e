"""The checks of `rapport doctor` at Google, and on people's consent flows."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from backend.cli.outside import outside_world
from backend.deps import Deps
from backend.domain.oauth.funnel import WaysToGoogle
from backend.domain.oauth.testing_mode import FOR_THE_OPERATOR
from backend.domain.setup.checks import Check, CheckState
from backend.errors import ProviderUnavailable, RapportError
from backend.google.oauth import CONNECTING, SIGNING_IN
from backend.queries import metrics
from backend.queries.installation_checks import arrival_checks, google_client, ways_to_google
from backend.services.client_check import check_client
from backend.settings import Settings

Found = tuple[str, str | None]
"""The result of a check, and what to do when it fails."""

STAYED_AWAY = (
    "More people left for Google than came back. Google may be refusing them on a page of its "
    "own: ask one of them what it said, and look it up on the page Admin setup (/setup)."
)
ADDON = (
    "Set RAPPORT_ADDON_SERVICE_ACCOUNT and RAPPORT_ADDON_AUDIENCES to what `gcloud "
    "workspace-add-ons get-authorization` prints, or the side panel is refused."
)


def look_at_addon(settings: Settings) -> Iterator[Found]:
    """Whether the add-on's own identity is known."""
    known = settings.addon_service_account and settings.addon_audiences
    yield "the add-on's identity", None if known else ADDON


def ask_google(settings: Settings) -> Iterator[Found]:
    """Whether Google accepts the client, and whether consent flows complete. Needs the database."""
    try:
        with outside_world(settings) as deps:
            yield "Google accepts the client", client_advice(deps)
            for name, purposes in (("sign in", SIGNING_IN), ("connect Gmail", CONNECTING)):
                yield from ways_found(name, ways_to_google(deps, purposes), deps.now())
            weekly = metrics.ended_as_in_testing(deps)
            yield "permissions that last", FOR_THE_OPERATOR if weekly else None
            for one in arrival_checks(deps):
                if one.at is not None or one.is_trouble:
                    yield evidence_of(one)
    except (RapportError, SQLAlchemyError):
        return  # no client, no database or no schema, as reported above


def evidence_of(one: Check) -> Found:
    """A check that Admin setup shows as well, with its evidence."""
    broken = one.state is CheckState.BROKEN
    told = f"{one.sentence} {one.advice}".rstrip()
    return f"{one.name.lower()}: {one.sentence}", told if broken else None


def client_advice(deps: Deps) -> str | None:
    """The advice for a client that Google does not accept. Health shows this answer from now on."""
    try:
        check_client(deps)
    except ProviderUnavailable as error:
        return f"{error.sentence} Look at the way out of this machine, then run this again."
    answer = google_client(deps)
    return f"{answer.sentence} {answer.advice}" if answer.is_trouble else None


def ways_found(name: str, ways: WaysToGoogle, now: datetime) -> Iterator[Found]:
    """How this consent flow ended for people in the last seven days."""
    for trouble in ways.troubles:
        times = f"{trouble.seen} time{'' if trouble.seen == 1 else 's'}"
        yield (
            f"Google's answer {trouble.code} to people who {name} ({times})",
            f"{trouble.happened} {trouble.advice}" if trouble.stands(now) else None,
        )
    counts = f"{ways.arrived} let in, {ways.cancelled} pressed Cancel, {ways.gone} did not return"
    yield (
        f"people who {name} get through (7 days: {counts})",
        STAYED_AWAY if ways.is_suspicious else None,
    )
