"""What Google shows to nobody but its own administrators: steps that a person has to check there.

No API tells the audience of the consent screen, the redirect addresses of a client, the scopes of
a Marketplace listing, or whether an id is trusted. Each of these steps has the value to compare,
what can be seen of it from here, and who has checked it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.setup.checks import Check, CheckState


class ByHand(StrEnum):
    """The steps, in the order in which they are taken."""

    AUDIENCE = "audience"
    DATA_ACCESS = "data-access"
    REDIRECTS = "redirects"
    LISTING_SCOPES = "listing-scopes"
    LISTING = "listing"
    TRUST = "trust"


TITLES: Mapping[ByHand, tuple[str, str]] = {
    ByHand.AUDIENCE: (
        "The audience is Internal",
        "Google Auth Platform → Audience",
    ),
    ByHand.DATA_ACCESS: (
        "Every scope is listed",
        "Google Auth Platform → Data Access → Add or remove scopes",
    ),
    ByHand.REDIRECTS: (
        "Both redirect addresses are entered",
        "Google Auth Platform → Clients → the client → Authorised redirect URIs",
    ),
    ByHand.LISTING_SCOPES: (
        "The listing has the scopes of the deployment",
        "Google Workspace Marketplace SDK → App Configuration → OAuth scopes",
    ),
    ByHand.LISTING: (
        "The private listing is installed for everybody",
        "Google Admin → Apps → Google Workspace Marketplace apps → Apps list → Install app",
    ),
    ByHand.TRUST: (
        "All client IDs are trusted",
        "Google Admin → Security → Access and data control → API controls",
    ),
}


@dataclass(frozen=True, kw_only=True)
class HandStep:
    """One such step. `values` are what Google must show; `evidence` is what is seen from here.

    `confirmed_for` is what the values were when somebody checked it.
    """

    key: ByHand
    values: tuple[str, ...]
    evidence: Check
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    confirmed_for: str = ""

    @property
    def title(self) -> str:
        """What has to be true."""
        return TITLES[self.key][0]

    @property
    def where(self) -> str:
        """The page at Google."""
        return TITLES[self.key][1]

    @property
    def value(self) -> str:
        """The values as one text, to be remembered with a confirmation."""
        return "\n".join(self.values)

    @property
    def is_outdated(self) -> bool:
        """Whether the values have changed since somebody checked them."""
        return self.confirmed_at is not None and self.confirmed_for != self.value

    @property
    def state(self) -> CheckState:
        """Evidence decides where there is some; else a confirmation for the same values."""
        if self.evidence.state is not CheckState.UNSEEN:
            return self.evidence.state
        if self.confirmed_at is None:
            return CheckState.UNSEEN
        return CheckState.LOOK if self.is_outdated else CheckState.WORKS
