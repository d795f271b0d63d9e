"""A member's email settings, saved as the page Email settings saves them."""

from dataclasses import replace
from typing import Any

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.queries.settings.email_settings import email_settings
from backend.services.settings import EmailChoices, change_email_settings


def save_email_settings(deps: Deps, actor: Actor, **changed: Any) -> None:
    """Save the member's settings with these changes; names as in `EmailChoices`."""
    found = email_settings(deps, actor)
    held = EmailChoices(
        daily_limit=str(found.daily_limit),
        hourly_limit=str(found.hourly_limit),
        always_bcc=found.always_bcc,
        signature_html=found.signature_html,
        time_zone=found.time_zone,
        windows=found.windows,
    )
    change_email_settings(deps, actor, wanted=replace(held, **changed))
