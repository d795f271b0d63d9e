"""Where Google's servers are: its real hosts, or one root that replaces them all and keeps the
paths.
"""

from dataclasses import dataclass

GMAIL = "https://gmail.googleapis.com"
ACCOUNTS = "https://accounts.google.com"
OAUTH2 = "https://oauth2.googleapis.com"
CERTS = "https://www.googleapis.com"


@dataclass(frozen=True)
class Roots:
    """Addresses of Google's servers. `replacement` has no slash at its end."""

    replacement: str | None = None

    def at(self, host: str, path: str) -> str:
        """The address of `path` (with its leading slash) on one of Google's hosts."""
        return (self.replacement or host) + path

    @property
    def consent(self) -> str:
        """The page that asks a person for permission."""
        return self.at(ACCOUNTS, "/o/oauth2/v2/auth")

    @property
    def token(self) -> str:
        """Where codes and refresh tokens become access tokens."""
        return self.at(OAUTH2, "/token")

    @property
    def revoke(self) -> str:
        """Where a grant is revoked."""
        return self.at(OAUTH2, "/revoke")

    @property
    def certs(self) -> str:
        """The keys that sign Google's tokens, as a map of key id to PEM certificate."""
        return self.at(CERTS, "/oauth2/v1/certs")
