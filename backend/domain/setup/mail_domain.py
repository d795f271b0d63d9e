"""Judges what a mail domain publishes in DNS: whether others can tell its mail from forged mail.

Sources: RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC), and Google's requirements for senders,
which ask for all three. Google Workspace signs with the selector "google" by default.
"""

from collections.abc import Sequence

from backend.domain.setup.checks import Check, CheckState

SELECTOR = "google"
GOOGLE_SPF = "include:_spf.google.com"
ADMIN_PAGE = "Google Admin → Apps → Google Workspace → Gmail → Authenticate email"
WORKS, LOOK, BROKEN = CheckState.WORKS, CheckState.LOOK, CheckState.BROKEN


def spf(domain: str, records: Sequence[str]) -> Check:
    """The TXT records of the domain.

    >>> spf("acme.example", ["v=spf1 include:_spf.google.com ~all"]).state.value
    'works'
    >>> spf("acme.example", ["v=spf1 a ~all", "v=spf1 mx -all"]).state.value
    'broken'
    """
    name = f"SPF of {domain}"
    found = [one for one in records if one.lower().split(" ")[0] == "v=spf1"]
    wanted = f'Publish a TXT record at {domain}: "v=spf1 {GOOGLE_SPF} ~all".'
    if not found:
        return Check(name=name, state=BROKEN, sentence="There is no SPF record.", advice=wanted)
    if len(found) > 1:
        told = f"There are {len(found)} SPF records, which counts as none."
        return Check(name=name, state=BROKEN, sentence=told, advice="Merge them into one.")
    if GOOGLE_SPF not in found[0].lower():
        return Check(
            name=name,
            state=LOOK,
            sentence=f"Its record does not name Google: {shown(found[0])}",
            advice=f"Add {GOOGLE_SPF}, unless another record that it includes does.",
        )
    return Check(name=name, state=WORKS, sentence=shown(found[0]))


def dkim(domain: str, records: Sequence[str]) -> Check:
    """The TXT records at Google's usual selector.

    >>> dkim("acme.example", ["v=DKIM1; k=rsa; p="]).state.value
    'broken'
    """
    name, at = f"DKIM of {domain}", f"{SELECTOR}._domainkey.{domain}"
    keys = [
        part.partition("=")[2].strip()
        for one in records
        for part in one.split(";")
        if part.strip().lower().startswith("p=")
    ]
    if not keys:
        return Check(
            name=name,
            state=LOOK,
            sentence=f"There is no key at {at}.",
            advice=f"{ADMIN_PAGE}: generate a key, publish it, press Start authentication. With "
            "another prefix than google it is elsewhere, and this can be left as it is.",
        )
    if not any(keys):
        told = f"The key at {at} is empty, which means that it was revoked."
        return Check(
            name=name, state=BROKEN, sentence=told, advice=f"{ADMIN_PAGE}: make a new one."
        )
    return Check(name=name, state=WORKS, sentence=f"A key is published at {at}.")


def dmarc(domain: str, records: Sequence[str]) -> Check:
    """The TXT records at _dmarc.

    >>> dmarc("acme.example", ["v=DMARC1; p=none"]).state.value
    'works'
    """
    name, at = f"DMARC of {domain}", f"_dmarc.{domain}"
    found = [one for one in records if one.replace(" ", "").lower().startswith("v=dmarc1;")]
    wanted = f'Publish a TXT record at {at}, to begin with "v=DMARC1; p=none".'
    if not found:
        return Check(name=name, state=BROKEN, sentence="There is no DMARC record.", advice=wanted)
    if len(found) > 1:
        told = f"There are {len(found)} DMARC records, which counts as none."
        return Check(name=name, state=BROKEN, sentence=told, advice="Leave one of them.")
    if not any(part.strip().lower().startswith("p=") for part in found[0].split(";")):
        told = f"Its record has no policy: {shown(found[0])}"
        return Check(name=name, state=BROKEN, sentence=told, advice="Add p=none to it.")
    return Check(name=name, state=WORKS, sentence=shown(found[0]))


def unanswered(domain: str, sentence: str) -> Check:
    """DNS gave no answer, which says nothing about the records."""
    return Check(
        name=f"Mail records of {domain}",
        state=CheckState.UNSEEN,
        sentence=sentence,
        advice="Run the checks again later. If it stays like this, look at the resolver of the "
        "machine on which the worker runs.",
    )


def shown(record: str) -> str:
    """A record of strangers, cut and without control characters."""
    return "".join(one for one in record[:200] if one.isprintable())
