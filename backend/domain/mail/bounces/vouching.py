"""Decides who sent a report, and for which addresses that sender may report.

A report itself proves nothing: every recipient of our mail knows its ids and can forge a report
about the other recipients. Google may report on every address, since it delivers our mail; any
other mail system only on its own domain. The sender is what the receiving server verified (RFC
8601), not what the message says.
"""

from backend.domain.mail.bounces.phrases import STRONG_DAEMON
from backend.domain.mail.domains import company_domains, domain_key
from backend.domain.mail.message import ParsedMessage

_WHO_RECEIVED = "mx.google.com"
_DELIVERS_OURS = frozenset({"google.com", "googlemail.com"})
_MAX_CHARS = 4_000


def proven_domain(message: ParsedMessage) -> str:
    """The domain of the mail system that sent a report; empty where it was not verified, or where a
    person may have sent it.
    """
    sender = message.sender.address.lower() if message.sender else ""
    domain = sender.rpartition("@")[2]
    by_system = message.report_type == "feedback-report" or STRONG_DAEMON.search(sender)
    return domain if domain and by_system and _has_passed(message, domain) else ""


def may_speak_for(domain: str, address: str) -> bool:
    """Whether a mail system of this domain knows the outcome of mail to the address.

    >>> may_speak_for("googlemail.com", "mia@alpha.example")
    True
    >>> may_speak_for("mx.alpha.example", "mia@alpha.example"), may_speak_for("", "mia@a.example")
    (True, False)
    """
    of_address = domain_key(address.rpartition("@")[2])
    if not domain or domain in _DELIVERS_OURS or domain == of_address:
        return bool(domain)
    return not set(company_domains(domain)).isdisjoint(company_domains(of_address))


def _has_passed(message: ParsedMessage, domain: str) -> bool:
    """Whether Google's own verdict, the topmost one, is that this domain sent the mail."""
    verdict = message.first("authentication-results")[:_MAX_CHARS].lower()
    whose, *results = [part.split() for part in verdict.split(";")]
    if whose[:1] != [_WHO_RECEIVED]:
        return False
    proofs = {
        "dmarc=pass": (f"header.from={domain}",),
        "dkim=pass": (f"header.i=@{domain}", f"header.d={domain}"),
    }
    return any(
        proof in result for result in results for proof in proofs.get((result or [""])[0], ())
    )
