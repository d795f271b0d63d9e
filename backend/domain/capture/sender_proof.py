"""Whether a mail's From is proven by its receiving server, as that server tells (RFC 8601).

Only the topmost Authentication-Results of a server configured as trusted counts: anyone can write
such a header into a mail, and the trusted server removes those that bear its name. A pass proves
From only when it is aligned: signed or sent by the same organisation (RFC 7489 §3.1).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.domain.mail.address import domain_of
from backend.domain.mail.domains import domain_key, registrable_domain

LONGEST = 4000
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_PAIR = re.compile(r"([a-z][a-z0-9.-]{0,40})\s{0,3}=\s{0,3}\"?([^\s;\"]{1,300})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Passes:
    """What passed: the domains that signed, the domain that may send from there, and the From whose
    own policy was met.
    """

    dkim: frozenset[str] = frozenset()
    spf: frozenset[str] = frozenset()
    dmarc: frozenset[str] = frozenset()

    def as_json(self) -> Mapping[str, Sequence[str]]:
        """The domains by method, as they are stored."""
        return {"dkim": sorted(self.dkim), "spf": sorted(self.spf), "dmarc": sorted(self.dmarc)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Sequence[str]]) -> "Passes":
        """The inverse of `as_json`."""
        return cls(*(frozenset(stored.get(name, ())) for name in ("dkim", "spf", "dmarc")))


def passes_told(headers: Sequence[str], trusted: str | None) -> Passes | None:
    """What the trusted server's own header says; None where there is none.

    >>> told = passes_told(["mx.ours.example; dkim=pass header.d=a.example"], "mx.ours.example")
    >>> told and told.dkim
    frozenset({'a.example'})
    >>> passes_told(["mx.else.example; dkim=pass header.d=a.example"], "mx.ours.example")
    """
    if not trusted or not headers:
        return None
    server, *results = _COMMENT.sub(" ", headers[0][:LONGEST]).split(";")
    if not server.split() or server.split()[0].lower() != trusted.lower():
        return None
    found: dict[str, set[str]] = {"dkim": set(), "spf": set(), "dmarc": set()}
    for result in results:
        pairs = _PAIR.findall(result)
        if not pairs:
            continue
        method, outcome = pairs[0][0].lower(), pairs[0][1].lower()
        if outcome == "pass" and method in found:
            found[method] |= _domains(method, {name.lower(): text for name, text in pairs[1:]})
    return Passes(*(frozenset(found[method]) for method in ("dkim", "spf", "dmarc")))


def is_aligned(sender: str, passes: Passes) -> bool:
    """Whether From's organisation signed the mail or may send from where it came.

    >>> is_aligned("lee@mail.acme.com", Passes(dkim=frozenset({"acme.com"})))
    True
    >>> is_aligned("lee@acme.com", Passes(spf=frozenset({"other.com"})))
    False
    """
    own = domain_of(sender)
    if own in passes.dmarc:
        return True
    return any(same_organisation(own, one) for one in (*passes.dkim, *passes.spf))


def same_organisation(one: str, other: str) -> bool:
    """Whether one party registered both names (RFC 7489, relaxed alignment).

    >>> same_organisation("acme.co.uk", "mail.acme.co.uk"), same_organisation("", "")
    (True, False)
    """
    organisations = {registrable_domain(name) or name for name in (one, other)}
    return len(organisations) == 1 and organisations != {""}


def _domains(method: str, told: Mapping[str, str]) -> set[str]:
    names = {
        "dkim": ("header.d", "header.i"),
        "spf": ("smtp.mailfrom", "smtp.helo"),
        "dmarc": ("header.from",),
    }[method]
    texts = [told[name] for name in names if name in told][:1]
    return {key for text in texts if (key := domain_key(text.rpartition("@")[2]))}
