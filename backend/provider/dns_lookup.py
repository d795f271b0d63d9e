"""DNS questions with a time limit: TXT, A, AAAA, MX and PTR records."""

from dataclasses import dataclass, field
from time import monotonic

import dns.exception
import dns.resolver
from dns.rdata import Rdata
from dns.rdtypes.txtbase import TXTBase

from backend.errors import TryLater

TOGETHER = 15.0
"""Seconds for all questions about one mail."""
EACH = 5.0
REMEMBERED = 5000
"""Answers in the cache, each as long as its TTL says."""


class DnsUnavailable(TryLater):
    """DNS gave no answer in time, or a name server failed."""


@dataclass
class Dns:
    """Asks `server` (address:port), or the machine's own resolvers."""

    server: str | None = None
    _resolver: dns.resolver.Resolver | None = field(default=None, init=False)

    def questions(self) -> "Questions":
        """The questions about one mail."""
        if self._resolver is None:
            self._resolver = self._configured()
        return Questions(self._resolver, monotonic() + TOGETHER)

    def fresh_questions(self) -> "Questions":
        """The same without the cache: somebody has just changed a record and looks for it."""
        resolver = self._configured()
        resolver.cache = None
        return Questions(resolver, monotonic() + TOGETHER)

    def _configured(self) -> dns.resolver.Resolver:
        try:
            resolver = dns.resolver.Resolver(configure=self.server is None)
        except dns.resolver.NoResolverConfiguration as error:
            raise DnsUnavailable("This machine has no DNS resolver configured.") from error
        if self.server is not None:
            host, _, port = self.server.rpartition(":")
            resolver.nameservers, resolver.port = [host.strip("[]")], int(port)
        resolver.cache = dns.resolver.LRUCache(REMEMBERED)
        return resolver


@dataclass(frozen=True)
class Questions:
    """Questions that share a deadline."""

    resolver: dns.resolver.Resolver
    deadline: float

    def ask(self, name: str, kind: str) -> list[Rdata]:
        """The records; empty when there are none. Raises DnsUnavailable."""
        left = self.deadline - monotonic()
        if left <= 0:
            raise DnsUnavailable("DNS took too long.")
        try:
            found = self.resolver.resolve(name, kind, lifetime=min(EACH, left), search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.Timeout, dns.resolver.NoNameservers, OSError) as error:
            raise DnsUnavailable("DNS gave no answer.") from error
        except dns.exception.DNSException:
            return []  # no name that could have records
        return list(found)

    def text(self, name: str) -> list[bytes]:
        """The TXT records, each in one piece."""
        found = self.ask(name, "TXT")
        return [b"".join(record.strings) for record in found if isinstance(record, TXTBase)]
