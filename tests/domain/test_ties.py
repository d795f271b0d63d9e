"""Two customers never share a conversation because of an invalid or a shared id."""

import pytest

from backend.domain.capture.participants import ContactOn
from backend.domain.mail.envelope import envelope_of
from backend.domain.mail.parse import parse_message
from backend.domain.policies import MatchField
from backend.domain.threads.ties import Party, Tie, Ties, holds, is_real, ties_of
from tests.domain.mail import JON_AT, KIM_AT, MIA, MIA_AT, MIA_HOME, SUPPORT, TEAM

FORM = "form@site.example"
DESK_OF_MIA = "desk@alpha.example"
NO_IDS = """a@ @x nothing 0@scanner.local 000@x null@x none@none .@. ""@x
{{message_id}}@x ${id}@x %%id%%@x [%id%]@x"""


def ties(*headers: str, sender: str = MIA_AT, to: str = KIM_AT, contacts: bool = False) -> Ties:
    lines = [f"From: {sender}", f"To: {to}", *headers, "", "Hello"]
    message = parse_message("\r\n".join(lines).encode())
    found = [ContactOn(MIA, MatchField.FROM, sender)] if contacts else []
    return ties_of(message, envelope_of(message), found, TEAM)


@pytest.mark.parametrize("rfc_id", ["", "@", *NO_IDS.split()])
def test_what_could_stand_on_every_mail_is_no_id(rfc_id: str) -> None:
    assert not is_real(rfc_id)


@pytest.mark.parametrize(
    "rfc_id", ["CAF=+a1@mail.gmail.com", "1@x", '"a b"@x', "20261128.7@[10.0.0.1]", "a@b@c"]
)
def test_an_id_with_something_on_both_sides_is_one(rfc_id: str) -> None:
    assert is_real(rfc_id)


@pytest.mark.parametrize(
    "address", [MIA_AT, MIA_AT.upper(), KIM_AT, SUPPORT, "info@ours.example", "kim@ours.example"]
)
def test_an_address_of_ours_or_of_somebody_on_the_mail_is_no_id(address: str) -> None:
    found = ties(
        f"Message-ID: <{address}>",
        f"In-Reply-To: Your message to <{address}> of Monday <real-1@x>",
        f"References: <{address}> <older@x> <real-1@x>",
    )
    assert (found.own, found.cited) == (None, ("real-1@x", "older@x"))


def test_ids_of_our_own_mail_server_are_ids() -> None:
    assert ties("In-Reply-To: <2026.77@ours.example>").cited == ("2026.77@ours.example",)


def test_the_answered_mail_comes_first_of_those_cited() -> None:
    found = ties(
        "Message-ID: <m4@x>",
        "In-Reply-To: <m3@x> <side@x>",
        "References: <m1@x> <m2@x> <m3@x> <m4@x>",
    )
    assert found.cited == ("m3@x", "side@x", "m2@x", "m1@x")


def party(*addresses: str, addressed: str = "", contacts: tuple[int, ...] = ()) -> Party:
    return Party(frozenset(addresses), frozenset(contacts), frozenset(addressed.split()))


@pytest.mark.parametrize("tie", Tie)
def test_an_id_ties_only_mail_that_shares_a_person_besides_us(tie: Tie) -> None:
    mia = ties("Cc: ana@ours.example").party
    assert holds(tie, mia, party(MIA_AT, JON_AT))
    assert not holds(tie, mia, party(JON_AT))
    assert holds(tie, ties(sender=KIM_AT, to=MIA_AT).party, party(MIA_AT))


@pytest.mark.parametrize("tie", Tie)
def test_one_contact_is_one_person_whatever_the_address(tie: Tie) -> None:
    home = ties(sender=MIA_HOME, contacts=True).party
    assert holds(tie, home, party(MIA_AT, contacts=(MIA,)))


def test_a_colleague_of_who_was_written_to_answers_in_the_same_conversation() -> None:
    boss = ties(sender="boss@eu.alpha.example").party
    assert holds(Tie.CITED, boss, party(MIA_AT))
    assert holds(Tie.THREAD, boss, party(MIA_AT))
    assert not holds(Tie.GHOST, boss, party(MIA_AT))
    neighbour = ties(sender="a@gmail.com").party
    assert not holds(Tie.CITED, neighbour, party("b@gmail.com"))


def test_where_there_is_nobody_but_us_a_mail_that_is_there_suffices() -> None:
    among_us = ties(sender=KIM_AT, to="ana@ours.example").party
    assert holds(Tie.CITED, among_us, party(MIA_AT))
    assert not holds(Tie.GHOST, among_us, party(MIA_AT))


@pytest.mark.parametrize("tie", Tie)
def test_a_contact_form_makes_no_two_visitors_one(tie: Tie) -> None:
    visit = ties(f"Reply-To: {MIA_AT}", sender=FORM, contacts=True).party
    earlier = party(FORM, JON_AT, addressed=JON_AT, contacts=(MIA,))
    assert not holds(tie, visit, earlier)
    assert holds(tie, visit, party(FORM, MIA_AT, addressed=MIA_AT))
    assert holds(tie, visit, party(FORM, JON_AT, addressed=f"{FORM} {JON_AT}"))


def test_whoever_has_answers_go_to_a_colleague_stays_who_they_are() -> None:
    asks = ties(f"Reply-To: {DESK_OF_MIA}").party
    assert holds(Tie.CITED, asks, party(MIA_AT))
    assert holds(Tie.GHOST, asks, party(MIA_AT, addressed=MIA_AT))
