"""Identity keys, roles and domains of email addresses."""

import pytest

from backend.domain.mail.address import (
    address_key,
    clean_name,
    folded,
    is_contact_address,
    is_role_address,
    is_valid_address,
)
from backend.domain.mail.domains import (
    is_company_domain,
    is_disposable,
    is_free_mail,
    is_shared_host,
    registrable_domain,
)

KEYS = {
    "letter case means nothing": ("Mia.Lang@ACME.Example", "mia.lang@acme.example"),
    "a trailing dot of the domain goes": ("mia@acme.example.", "mia@acme.example"),
    "an international domain becomes ASCII": ("mia@bücher.example", "mia@xn--bcher-kva.example"),
    "full-width letters match plain ones": ("\uff4dia@acme.example", "mia@acme.example"),
    "brackets and spaces around it go": (" <mia@acme.example> ", "mia@acme.example"),
    "dots and plus tags stay": ("m.ia+crm@gmail.com", "m.ia+crm@gmail.com"),
    "a word without @ has no identity": ("postmaster", ""),
    "an empty local part has no identity": ("@acme.example", ""),
    "an empty domain has no identity": ("mia@", ""),
    "a space inside has no identity": ("mia lang@acme.example", ""),
    "a quoted local part may hold spaces": ('"Mia Lang"@acme.example', '"mia lang"@acme.example'),
    "what is only escaped is the same": (r'"mia\ lang"@acme.example', '"mia lang"@acme.example'),
    "an escaped quote stays escaped": (r'"m\"l"@acme.example', r'"m\"l"@acme.example'),
    "quotes that say nothing go": ('"Mia.Lang"@acme.example', "mia.lang@acme.example"),
    "empty quotes have no identity": ('""@acme.example', ""),
    "a control character has no identity": ("mia\x00@acme.example", ""),
    "an address literal is a domain": ("mia@[IPv6:2001:DB8::1]", "mia@[ipv6:2001:db8::1]"),
    "an absurd length has no identity": ("a" * 400 + "@acme.example", ""),
    "a broken international domain has no identity": ("mia@\u2024.example", ""),
}


@pytest.mark.parametrize(("text", "key"), KEYS.values(), ids=KEYS)
def test_keys(text: str, key: str) -> None:
    assert address_key(text) == key


ROLES = {
    "no-reply speaks for a machine": ("no-reply@acme.example", True),
    "a tag does not hide the role": ("support+7@acme.example", True),
    "a bounce path is a role": ("bounce-123@mail.acme.example", True),
    "info in a name is no role": ("infante@acme.example", False),
    "a person stays a person": ("mia.lang@acme.example", False),
}


@pytest.mark.parametrize(("key", "expected"), ROLES.values(), ids=ROLES)
def test_roles(key: str, expected: bool) -> None:  # noqa: FBT001
    assert is_role_address(key) is expected


@pytest.mark.contract("S-14")
def test_only_gmails_own_domains_are_folded() -> None:
    assert folded("first.last+x@googlemail.com") == folded("firstlast@gmail.com")
    assert folded("first.last@acme.example") == "first.last@acme.example"


def test_a_contact_has_a_domain_that_is_no_ip_address() -> None:
    assert is_contact_address("mia@acme.example")
    assert not is_contact_address("root@localhost")
    assert not is_contact_address("mia@[127.0.0.1]")
    assert not is_contact_address("mia@10.1.2.3")


def test_syntax_decides_whether_an_entered_address_can_be_written_to() -> None:
    assert is_valid_address("mia@acme-corp.com")
    assert is_valid_address('"mia lang"@acme-corp.com')
    assert not is_valid_address("mia@@acme-corp.com")
    assert not is_valid_address("mia")


def test_a_name_loses_what_would_turn_or_hide_it() -> None:
    assert clean_name("\u202eaiM\u2069 \x00Lang\r\n") == "aiM Lang"
    assert len(clean_name("x" * 1000)) == 200


REGISTRABLE = {
    "a subdomain belongs to its domain": ("mail.acme.co.uk", "acme.co.uk"),
    "a bare suffix belongs to nobody": ("co.uk", None),
    "an IP address belongs to nobody": ("192.0.2.1", None),
    "a single label belongs to nobody": ("localhost", None),
    "letter case means nothing": ("Mail.ACME.com", "acme.com"),
}


@pytest.mark.parametrize(("domain", "expected"), REGISTRABLE.values(), ids=REGISTRABLE)
def test_registrable_domains(domain: str, expected: str | None) -> None:
    assert registrable_domain(domain) == expected


def test_a_company_is_suggested_only_from_a_domain_of_its_own() -> None:
    assert is_company_domain("acme-corp.com")
    assert is_free_mail("GoogleMail.com")
    assert is_shared_host("mia.blogspot.com")
    assert is_disposable("mailinator.com")
    for domain in ("gmail.com", "mia.blogspot.com", "mailinator.com"):
        assert not is_company_domain(domain)
