"""Who sent a mail, by its signatures and by where it came from, against a real DNS server."""

import base64
from collections.abc import Iterator
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from backend.domain.capture.sender_proof import Passes
from backend.provider.dns_lookup import Dns, DnsUnavailable
from backend.provider.sender_checks import Claim, check_sender
from tests.support.dns import Zone, dns_server, quoted, records
from tests.support.lmtp import written

KEY = generate_private_key(public_exponent=65537, key_size=1024)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
DER = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
PUBLIC = quoted(f"v=DKIM1; k=rsa; p={base64.b64encode(DER).decode()}")
SENDER = "robin@acme.com"
MAIL = written(SENDER, "dana@northwind.example")
NOTHING = Passes()
CLIENT = "192.0.2.7"
ZONE: Zone = {
    ("s1._domainkey.acme.com", "TXT"): [PUBLIC],
    ("s1._domainkey.mail.acme.com", "TXT"): [PUBLIC],
    ("s1._domainkey.else.example", "TXT"): [PUBLIC],
    ("acme.com", "TXT"): ['"v=spf1 include:_spf.else.example -all"'],
    ("_spf.else.example", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 mx ~all"'],
    ("_spf.else.example", "MX"): ["10 mx.else.example."],
    ("mx.else.example", "A"): ["198.51.100.9"],
    ("mail.acme.com", "TXT"): ['"v=spf1 ip4:192.0.2.7 -all"'],
}


@pytest.fixture(autouse=True)
def zone() -> Iterator[None]:
    with records(ZONE):
        yield


def signed(mail: bytes = MAIL, *, domain: str = "acme.com", **how: Any) -> bytes:
    how = {"include_headers": [b"from", b"to", b"subject"], **how}
    signature: bytes = dkim.sign(mail, b"s1", domain.encode(), PEM, **how)
    return signature + mail


def checked(raw: bytes = MAIL, **claim: Any) -> Passes:
    claim = {"mail_from": "", "client": None, "helo": None, "sender": SENDER, **claim}
    return check_sender(Dns(dns_server()), Claim(raw=raw, **claim))


def test_a_valid_signature_of_the_senders_organisation_proves_the_sender() -> None:
    assert checked(signed()).dkim == {"acme.com"}
    assert checked(signed(signed(domain="else.example"))).dkim == {"acme.com"}
    assert checked(signed(domain="mail.acme.com")).dkim == {"mail.acme.com"}


@pytest.mark.parametrize(
    "raw",
    [
        MAIL,
        signed(domain="else.example"),
        signed() + b"and more\r\n",
        signed(length=True) + b"and more\r\n",
        signed().replace(b"s=s1", b"s=s2"),
        signed().replace(b"Subject: Hello", b"Subject: Other"),
        b"DKIM-Signature: nothing\r\n" + MAIL,
        signed().replace(b"From: ", b"From: x@acme.com\r\nFrom: ", 1),
        b"",
    ],
    ids=lambda raw: None,
)
def test_what_proves_nothing_passes_nothing(raw: bytes) -> None:
    assert checked(raw) == NOTHING


@pytest.mark.parametrize(
    ("client", "mail_from", "passed"),
    [
        (CLIENT, SENDER, {"acme.com"}),
        ("198.51.100.9", SENDER, {"acme.com"}),
        ("203.0.113.1", SENDER, set()),
        (CLIENT, "robin@else.example", set()),
        (None, SENDER, set()),
        ("nonsense", SENDER, set()),
    ],
)
def test_the_client_must_be_one_that_the_senders_organisation_lets_send(
    client: str | None, mail_from: str, passed: set[str]
) -> None:
    assert checked(client=client, mail_from=mail_from, helo="mx.else.example").spf == passed


def test_a_strict_record_takes_no_other_name_of_the_organisation() -> None:
    how = {"client": CLIENT, "mail_from": "robin@mail.acme.com"}
    raw = signed(domain="mail.acme.com")
    other = frozenset({"mail.acme.com"})
    assert checked(raw, **how) == Passes(dkim=other, spf=other)
    for written_record, left in (
        ("v=DMARC1; p=none", Passes(dkim=other, spf=other)),
        ("v=DMARC1; p=reject; adkim=s", Passes(spf=other)),
        ("v=DMARC1; p=reject; adkim=s; aspf=s;", NOTHING),
    ):
        with records({**ZONE, ("_dmarc.acme.com", "TXT"): [quoted(written_record)]}):
            assert checked(raw, **how) == left


def test_dns_that_fails_is_no_verdict() -> None:
    mail = written("robin@broken.example", "dana@northwind.example")
    with pytest.raises(DnsUnavailable):
        checked(signed(mail, domain="broken.example"), sender="robin@broken.example")
