"""Address headers as hostile senders write them."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.address_list import MAX_ADDRESSES, parse_address_list, parse_sender

LISTS = {
    "two plain addresses": ("a@x.example, b@x.example", ["a@x.example", "b@x.example"]),
    "a comma in a quoted name": ('"Lang, Mia" <m@x.example>', ["m@x.example"]),
    "a comma inside an encoded name is no separator": (
        "=?utf-8?q?ceo=40corp=2Eexample=2C?= <e@x.example>",
        ["e@x.example"],
    ),
    "an address before the brackets is only a name": (
        "ceo@corp.example <evil@x.example>",
        ["evil@x.example"],
    ),
    "a group is opened": ("Team: a@x.example, b@x.example;", ["a@x.example", "b@x.example"]),
    "an empty group holds nobody": ("undisclosed-recipients:;", []),
    "a comment is no address": ("a@x.example (b@y.example)", ["a@x.example"]),
    "nested comments inside the brackets go": (
        "Pete <pete(his (own))@silly.example>",
        ["pete@silly.example"],
    ),
    "a semicolon separates, too": ("a@x.example; b@x.example", ["a@x.example", "b@x.example"]),
    "a forgotten comma separates": ("<a@x.example> <b@x.example>", ["a@x.example", "b@x.example"]),
    "spaces around the dot go": ("jdoe@test   . example", ["jdoe@test.example"]),
    "a route goes": ("<@a.example,@b.example:c@x.example>", ["c@x.example"]),
    "an address without brackets after a name": ("Mia Lang m@x.example", ["m@x.example"]),
    "quotes around the address go": ("'m@x.example'", ["m@x.example"]),
    "a quoted local part stays": ('"m l"@x.example', ['"m l"@x.example']),
    "garbage holds nobody": ("((((((((", []),
}


@pytest.mark.parametrize(("header", "addresses"), LISTS.values(), ids=LISTS)
def test_lists(header: str, addresses: list[str]) -> None:
    assert [one.address for one in parse_address_list(header)] == addresses


NAMES = {
    "an encoded name": ("=?iso-8859-1?q?Zo=EB?= <z@x.example>", "Zoë"),
    "an encoded name in quotes": ('"=?utf-8?b?Wm/Dqw==?=" <z@x.example>', "Zoë"),
    "a comment is the name when there is no other": ("z@x.example (Zoë Lang)", "Zoë Lang"),
    "escaped quotes": (r'"Zoë \"Z\" Lang" <z@x.example>', 'Zoë "Z" Lang'),
    "single quotes around it go": ("'Zoë Lang' <z@x.example>", "Zoë Lang"),
    "a direction mark goes": ("Zoë\u202e gnaL <z@x.example>", "Zoë gnaL"),
}


@pytest.mark.parametrize(("header", "name"), NAMES.values(), ids=NAMES)
def test_names(header: str, name: str) -> None:
    assert [one.name for one in parse_address_list(header)] == [name]


def test_a_sender_without_address_keeps_its_name() -> None:
    sender = parse_sender('"Mail Delivery System" <>')
    assert sender is not None
    assert (sender.name, sender.address, sender.key) == ("Mail Delivery System", "", "")
    assert parse_sender("") is None


def test_no_more_than_two_thousand_addresses_are_kept() -> None:
    header = ", ".join(f'"A, {n}" <a{n}@x.example>' for n in range(5000))
    assert len(parse_address_list(header)) == MAX_ADDRESSES


@pytest.mark.parametrize(
    "unit", ["(", "<", '"', "a@", "a ", "<a@x>", ",", "=?utf-8?q?", "\\", ". "]
)
def test_a_hostile_header_costs_less_than_a_second(unit: str) -> None:
    start = process_time()
    parse_address_list(unit * (100_000 // len(unit)))
    assert process_time() - start < 1


@given(st.text(alphabet=st.sampled_from('a@.,;:<>()"\\ =?_\u202e\u00e4-'), max_size=200))
def test_reading_never_raises(header: str) -> None:
    for one in parse_address_list(header):
        assert one.address
    parse_sender(header)
