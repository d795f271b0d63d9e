"""The add-on's configuration: addresses, Google's service account, client ids.

Shared by auth, routes, deployment.json and the composition root.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cards.calls import Call


@dataclass(frozen=True, kw_only=True)
class AddonConfig:
    """One installation's add-on. Audiences are configured, never taken from the Host header."""

    public_url: str
    service_account: str | None
    client_ids: frozenset[str] = frozenset()
    extra_urls: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        *,
        public_url: str,
        service_account: str | None,
        audiences: Iterable[str],
    ) -> "AddonConfig":
        """From the settings, which have OAuth client ids and further URLs in one list."""
        listed = frozenset(audiences)
        urls = frozenset(one for one in listed if one.startswith(("https://", "http://")))
        return cls(
            public_url=public_url,
            service_account=service_account,
            client_ids=listed - urls,
            extra_urls=urls,
        )

    @property
    def audiences(self) -> frozenset[str]:
        """Every audience a request from Google may have: each call's address and the bare URL."""
        calls = {self.public_url + call.path for call in Call}
        return self.extra_urls | calls | {self.public_url, f"{self.public_url}/"}
