"""Address headers as hostile senders write them."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.mail.address_list import MAX_ADDRESSES, parse_address_list, parse_sender

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
    "commas in a bare name": ("Lang, Mia T - Acme, WA <m@x.example>", ["m@x.example"]),
    "commas in every bare name": (
        "Lang, Mia <m@x.example>, k@x.example, Roth, Bert, PhD <b@x.example>",
        ["m@x.example", "k@x.example", "b@x.example"],
    ),
    "a quote that is never closed": (
        '"Mia <m@x.example>, Kim <k@x.example>',
        ["m@x.example", "k@x.example"],
    ),
    "quotes that pair up wrongly": (
        'Mia" <m@x.example>, "Kim <k@x.example>',
        ["m@x.example", "k@x.example"],
    ),
    "a bracket that is never closed": (
        "Mia <m@x.example, Kim <k@x.example Bert <b@x.example",
        ["m@x.example", "k@x.example", "b@x.example"],
    ),
    "a comment that is never closed": ("Mia (Acme <m@x.example>", ["m@x.example"]),
    "two in one pair of brackets": ("<a@x.example; b@x.example>", ["a@x.example", "b@x.example"]),
    "a link inside the brackets": ("M <m@x.example<mailto:m@x.example>>", ["m@x.example"]),
    "a scheme before it": (
        "L <SMTP:l@x.example>, K <mailto:k@x.example?subject=Hi>, smtp:m@x.example",
        ["l@x.example", "k@x.example", "m@x.example"],
    ),
    "quotes inside the brackets": (
        "L <'l@x.example'>, K <\"k@x.example\">, M <\u201cm@x.example\u201d>",
        ["l@x.example", "k@x.example", "m@x.example"],
    ),
    "a quoted address alone": ('"m@x.example"', ["m@x.example"]),
    "a quoted name before a bare address": ('"Lang, Mia" m@x.example', ["m@x.example"]),
    "blanks instead of commas": ("a@x.example b@x.example", ["a@x.example", "b@x.example"]),
    "brackets of a web page": ("Mia &lt;m@x.example&gt;", ["m@x.example"]),
    "a full stop behind it": ("m@x.example., M <k@x.example.>", ["m@x.example", "k@x.example"]),
    "only in parentheses": ("Mia (m@x.example)", ["m@x.example"]),
    "all of it encoded": ("=?utf-8?q?Mia_=3Cm=40x.example=3E?=", ["m@x.example"]),
    "an @ in a name": ("Sales @ Acme, Mia <m@x.example>", ["m@x.example"]),
    "a quoted local part with blanks and commas": (
        'Mia <"mia lang"@x.example>, "lang, mia"@x.example, k@x.example',
        ['"mia lang"@x.example', '"lang, mia"@x.example', "k@x.example"],
    ),
    "an address literal": (
        "m@[IPv6:2001:db8::1], k@x.example",
        ["m@[IPv6:2001:db8::1]", "k@x.example"],
    ),
    "an escaped comma": ("Lang\\, Mia <m@x.example>", ["m@x.example"]),
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
    "commas in a bare name stay": ("Lang, Zoë T - Acme <z@x.example>", "Lang, Zoë T - Acme"),
    "curly quotes around it go": ("\u201cZoë Lang\u201d <z@x.example>", "Zoë Lang"),
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
    "unit",
    ["(", "<", '"', "a@", "a ", "<a@x>", ",", "=?utf-8?q?", "\\", ". ", "a,", '"<@', "<a@b<"],
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
