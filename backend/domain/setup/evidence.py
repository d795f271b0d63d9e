"""Requests from Google as evidence: an installation cannot request its own public address, because
a router may answer in Google's place; a request that Google signed has come all the way.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.domain.setup.checks import Check, CheckState

FRESH = timedelta(hours=24)
"""A signed request within this time shows that the public address is reachable."""

ADDON_ACCOUNT = re.compile(r"[\w.-]{1,100}@gcp-sa-gsuiteaddons\.iam\.gserviceaccount\.com\Z")
"""Google's own service accounts for add-ons. A token of any other is nobody's but its sender's."""


class Seen(StrEnum):
    """What arrived. Of each kind the last one is kept."""

    PANEL_HOME = "panel.home"
    PANEL_MESSAGE = "panel.message"
    PANEL_REFUSED = "panel.refused"
    PUSH = "push"
    PUSH_REFUSED = "push.refused"


ACCOUNT, AUDIENCE, CLIENT = "service account", "audience", "client"
"""Why a request with a valid signature of Google's was refused."""

SETTING = {
    ACCOUNT: "RAPPORT_ADDON_SERVICE_ACCOUNT",
    AUDIENCE: "RAPPORT_PUBLIC_URL",
    CLIENT: "RAPPORT_ADDON_AUDIENCES",
}
PUSH_SETTING = {ACCOUNT: "RAPPORT_PUSH_SERVICE_ACCOUNT", AUDIENCE: "RAPPORT_PUSH_AUDIENCE"}


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """The last request of a kind. A refused one `what` was wrong with, and what was `given`."""

    kind: Seen
    seen_at: datetime
    what: str = ""
    given: str = ""


Sightings = dict[Seen, Sighting]


def public_address(url: str, seen: Sightings, now: datetime, *, simulated: bool) -> Check:
    """Whether Google reaches the public address. A simulated Google is on this machine."""
    name = "Public address"
    arrived = [one.seen_at for one in seen.values()]
    at = max(arrived, default=None)
    if not url.startswith("https:") and not simulated:
        return Check(
            name=name,
            state=CheckState.BROKEN,
            sentence=f"{url} is not HTTPS, so Google never calls it.",
            advice="Put a proxy with a certificate in front and set RAPPORT_PUBLIC_URL.",
        )
    if at is None or now - at > FRESH:
        return Check(
            name=name,
            state=CheckState.UNSEEN,
            sentence=f"No request signed by Google has reached {url} in the last 24 hours.",
            advice="Open a mail with the side panel, or run the checks with your Gmail connected: "
            "either makes Google call.",
            at=at,
        )
    return Check(
        name=name,
        state=CheckState.WORKS,
        sentence=f"A request signed by Google reached {url}.",
        at=at,
    )


def side_panel(seen: Sightings) -> Check:
    """Whether the deployment calls us, and is let in."""
    name = "Side panel"
    used = [seen[kind] for kind in (Seen.PANEL_HOME, Seen.PANEL_MESSAGE) if kind in seen]
    last = max(used, key=lambda one: one.seen_at, default=None)
    refused = seen.get(Seen.PANEL_REFUSED)
    if refused and (last is None or last.seen_at < refused.seen_at):
        return _refused(name, refused, SETTING)
    if last is None:
        return Check(
            name=name,
            state=CheckState.UNSEEN,
            sentence="Gmail has not called the add-on yet.",
            advice="Hand deployment.json to Google, install the add-on, reload Gmail and open a "
            "mail.",
        )
    where = "beside a mail" if last.kind is Seen.PANEL_MESSAGE else "on its home card"
    return Check(
        name=name,
        state=CheckState.WORKS,
        sentence=f"Gmail opened it {where}, under this address.",
        at=last.seen_at,
    )


def push(seen: Sightings, topic: str | None) -> Check:
    """Whether Gmail's notifications arrive, and are let in."""
    name = "Gmail push"
    if not topic:
        return Check(
            name=name,
            state=CheckState.LOOK,
            sentence="No topic is set, so each mailbox is polled every minute.",
            advice="Set RAPPORT_PUSH_TOPIC.",
        )
    last, refused = seen.get(Seen.PUSH), seen.get(Seen.PUSH_REFUSED)
    if refused and (last is None or last.seen_at < refused.seen_at):
        return _refused(name, refused, PUSH_SETTING)
    if last is None:
        return Check(
            name=name,
            state=CheckState.UNSEEN,
            sentence="No notification has arrived yet.",
            advice="Connect a Gmail and run the checks: Google sends one at once.",
        )
    return Check(
        name=name,
        state=CheckState.WORKS,
        sentence="New mail arrives within seconds.",
        at=last.seen_at,
    )


def _refused(name: str, one: Sighting, settings: dict[str, str]) -> Check:
    """A signed request that no setting allows: nearly always the setting is wrong."""
    setting = settings.get(one.what, one.what)
    return Check(
        name=name,
        state=CheckState.BROKEN,
        sentence=f"Google calls with the {one.what} {one.given}, which no setting allows, so the "
        "request was refused.",
        advice=f"If that is yours, correct {setting} and restart.",
        at=one.seen_at,
    )
