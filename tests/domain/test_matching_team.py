"""Which addresses are our own."""

from dataclasses import replace

import pytest

from backend.domain.ids import MemberId
from backend.domain.mail.envelope import Envelope, domain_and_parents, envelope_of
from backend.domain.mail.message import NamedAddress, ParsedMessage
from backend.domain.people.team import Team, own_domain
from tests.domain.mail import ANA_AT, KIM, KIM_AT, MIA_AT, SUPPORT, TEAM, mail

GMAIL_TEAM = Team(members={"kim.doyle@gmail.com": KIM}, domains=frozenset({"gmail.com"}))


@pytest.mark.contract("S-11")
@pytest.mark.contract("S-12")
@pytest.mark.parametrize(
    ("team", "address", "ours"),
    [
        pytest.param(TEAM, KIM_AT, True, id="a member"),
        pytest.param(TEAM, SUPPORT, True, id="a shared mailbox on another domain"),
        pytest.param(TEAM, "someone@ours.example", True, id="anybody at the listed domain"),
        pytest.param(TEAM, "x@labs.ours.example", True, id="a listed subdomain"),
        pytest.param(TEAM, "x@shop.ours.example", False, id="a subdomain that is not listed"),
        pytest.param(TEAM, "x@notours.example", False, id="a domain that ends alike"),
        pytest.param(TEAM, "x@ours.example.evil.io", False, id="a domain that begins alike"),
        pytest.param(TEAM, "else@help.example", False, id="a neighbour of the shared mailbox"),
        pytest.param(GMAIL_TEAM, "kim.doyle@gmail.com", True, id="a free-mail member"),
        pytest.param(GMAIL_TEAM, "k.imdoyle+x@googlemail.com", True, id="in another spelling"),
        pytest.param(GMAIL_TEAM, "mia@gmail.com", False, id="not a free-mail neighbour"),
    ],
)
def test_what_is_ours(team: Team, address: str, *, ours: bool) -> None:
    assert team.owns(address) is ours


@pytest.mark.contract("S-14")
@pytest.mark.contract("S-15")
@pytest.mark.parametrize(
    ("address", "member"),
    [
        pytest.param("kim.doyle@ours.example", KIM, id="firstname.lastname"),
        pytest.param("kim@ours.example", KIM, id="firstname"),
        pytest.param("kim+events@ours.example", KIM, id="with a tag, at our own domain"),
        pytest.param("k.im@ours.example", None, id="dots count outside Gmail's own domains"),
        pytest.param(MIA_AT, None, id="a contact"),
    ],
)
def test_who_of_us_it_is(address: str, member: MemberId | None) -> None:
    assert TEAM.member(address) == member


@pytest.mark.parametrize(
    ("envelope", "internal"),
    [
        pytest.param(mail(KIM_AT, ANA_AT), True, id="among us"),
        pytest.param(mail(KIM_AT), True, id="to nobody yet"),
        pytest.param(mail(KIM_AT, ANA_AT, bcc=MIA_AT), False, id="with a hidden copy outside"),
        pytest.param(mail(None, ANA_AT), False, id="from nobody knows whom"),
    ],
)
def test_internal_mail(envelope: Envelope, *, internal: bool) -> None:
    assert TEAM.wrote_alone(envelope) is internal


@pytest.mark.contract("S-12")
def test_a_free_mail_domain_never_becomes_our_own_by_itself() -> None:
    assert own_domain("kim@ours.example") == "ours.example"
    assert own_domain("kim@gmail.com") is None


def test_a_last_label_is_not_a_domain() -> None:
    assert list(domain_and_parents("example")) == []
    assert list(domain_and_parents("a.example")) == ["a.example"]


def test_an_envelope_holds_the_keys_of_a_message_and_leaves_out_what_has_none() -> None:
    message = ParsedMessage(
        message_id=None,
        in_reply_to=(),
        references=(),
        subject="Hello",
        sender=NamedAddress("Mia", "Mia@Alpha.example", MIA_AT),
        reply_to=(),
        to=(NamedAddress("", "undisclosed", ""), NamedAddress("Kim", KIM_AT, KIM_AT)),
        cc=(NamedAddress("", ANA_AT, ANA_AT),),
        bcc=(),
        date=None,
        text="",
        html=None,
        attachments=(),
        headers={},
        send_id=None,
        defects=(),
    )
    assert envelope_of(message) == mail(MIA_AT, KIM_AT, cc=ANA_AT)
    assert envelope_of(replace(message, sender=None)).sender is None
