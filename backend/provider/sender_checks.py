"""Our own checks of who sent a mail, where no trusted server made them: DKIM (RFC 6376), SPF
(RFC 7208), and the alignment that the domain's DMARC record demands (RFC 7489).
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import dkim
import spf
from dkim.util import InvalidTagValueList, parse_tag_value
from dns.rdata import Rdata
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA
from dns.rdtypes.txtbase import TXTBase

from backend.domain.capture.sender_proof import Passes, same_organisation
from backend.domain.mail.address import domain_of
from backend.domain.mail.domains import registrable_domain
from backend.provider.dns_lookup import Dns, DnsUnavailable, Questions

MOST_SIGNATURES = 10
SHORTEST_KEY = 1024
"""Bits of RSA (RFC 8301)."""
UNSAFE = frozenset({b"rsa-sha1"})
SIGNATURE = b"dkim-signature"
STRICT = re.compile(rb"(?:^|;)\s{0,9}(adkim|aspf)\s{0,9}=\s{0,9}s\s{0,9}(?=;|$)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A mail and where it came from: its From, its return path, and the client that gave it to the
    first server we trust.
    """

    raw: bytes
    sender: str
    mail_from: str
    client: str | None
    helo: str | None


def check_sender(dns: Dns, claim: Claim) -> Passes:
    """The passes that are aligned with From. Raises DnsUnavailable when DNS cannot say."""
    questions = dns.questions()
    passes = Passes(
        dkim=frozenset(_signers(questions, claim)), spf=frozenset(_allowed(questions, claim))
    )
    return _as_dmarc_demands(questions, domain_of(claim.sender), passes)


def _signers(questions: Questions, claim: Claim) -> list[str]:
    """Domains of From's organisation whose signatures are valid."""
    try:
        headers = dkim.rfc822_parse(claim.raw)[0]
    except (dkim.DKIMException, ValueError):
        return []
    if sum(name.lower() == b"from" for name, _ in headers) != 1:
        return []
    written = [value for name, value in headers if name.lower() == SIGNATURE]
    own = domain_of(claim.sender)
    found = []
    for number, value in enumerate(written[:MOST_SIGNATURES]):
        domain = _signing_domain(value)
        if domain and same_organisation(own, domain) and _is_valid(questions, claim.raw, number):
            found.append(domain)
    return found


def _signing_domain(value: bytes) -> str:
    """The domain of a signature; empty for one that proves nothing: `l=` lets text be appended."""
    try:
        tags = parse_tag_value(value)
    except InvalidTagValueList:
        return ""
    if b"l" in tags or tags.get(b"a", b"").lower() in UNSAFE:
        return ""
    return str(tags.get(b"d", b"").decode("ascii", "replace")).strip().lower()


def _is_valid(questions: Questions, raw: bytes, number: int) -> bool:
    def key(name: bytes, **_: object) -> bytes | None:
        return next(iter(questions.text(name.decode("ascii", "replace"))), None)

    try:
        return bool(dkim.DKIM(raw, minkey=SHORTEST_KEY).verify(idx=number, dnsfunc=key))
    except DnsUnavailable:
        raise
    except Exception:  # noqa: BLE001 - dkimpy raises many kinds for malformed signatures and keys
        return False


class _SpfQuery(spf.query):  # type: ignore[misc]
    """pyspf with our DNS; its own ignores the deadline."""

    def __init__(self, questions: Questions, client: str, mail_from: str, helo: str) -> None:
        super().__init__(client, mail_from, helo)
        self._questions = questions

    def dns(self, name: str, qtype: str, **how: bool) -> list[object]:
        """Records in pyspf's shapes. `ignore_void` does not count a look-up without an answer."""
        found = [shaped(one) for one in self._questions.ask(str(name), qtype)]
        if not found and not how.get("ignore_void"):
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("Too many lookups without an answer")
        return found


def shaped(record: Rdata) -> object:
    """One record as pyspf expects it."""
    match record:
        case A() | AAAA():
            return record.address
        case MX():
            return record.preference, record.exchange.to_text(omit_final_dot=True)
        case PTR():
            return record.target.to_text(omit_final_dot=True)
        case TXTBase():
            return record.strings
        case _:
            return ()


def _allowed(questions: Questions, claim: Claim) -> Sequence[str]:
    """The return path's domain, if it belongs to From's organisation and lets the client send."""
    domain = domain_of(claim.mail_from) or (claim.helo or "").lower()
    if not claim.client or not same_organisation(domain_of(claim.sender), domain):
        return ()
    try:
        ipaddress.ip_address(claim.client)
        query = _SpfQuery(questions, claim.client, claim.mail_from, claim.helo or domain)
        result = query.check()[0]
    except DnsUnavailable:
        raise
    except Exception:  # noqa: BLE001 - pyspf raises many kinds for malformed records
        return ()
    return (domain,) if result == "pass" else ()


def _as_dmarc_demands(questions: Questions, own: str, passes: Passes) -> Passes:
    """Without the passes of other names in the organisation, where the record is strict."""
    if own in passes.dkim | passes.spf or not (passes.dkim or passes.spf):
        return passes
    for name in dict.fromkeys((own, registrable_domain(own) or own)):
        records = [one for one in questions.text(f"_dmarc.{name}") if one.startswith(b"v=DMARC1")]
        if records:
            strict = {one.lower() for one in STRICT.findall(records[0][:4000])}
            return replace(
                passes,
                dkim=frozenset() if b"adkim" in strict else passes.dkim,
                spf=frozenset() if b"aspf" in strict else passes.spf,
            )
    return passes
