import string

import pytest

from backend.domain.reasons import (
    SENTENCES,
    TABLE,
    UNKNOWN_DETAILS,
    Group,
    Reason,
    sentence,
)
from tests.domain.mail import group_of

OPENINGS = {
    Group.KEPT: "Logged because ",
    Group.SKIPPED: "Not ",
    Group.QUARANTINED: "Set aside because ",
    Group.POSTPONED: "Waits ",
    Group.HELD: "Held because ",
    Group.DISCARDED: "Not sent because ",
}
BANNED = ("!", "successfully", "please", "oops", "sorry")


def test_every_reason_stands_in_exactly_one_group() -> None:
    listed = [reason for reasons in TABLE.values() for reason in reasons]
    assert sorted(listed) == sorted(Reason)
    assert len(listed) == len(set(listed))
    assert set(TABLE) == set(Group)
    assert set(listed) == SENTENCES.keys()


@pytest.mark.parametrize("reason", Reason)
def test_a_sentence_reads_as_one_even_without_details(reason: Reason) -> None:
    text = sentence(reason)
    assert text[0].isupper()
    assert text.endswith(".")
    assert "{" not in text
    assert not any(word in text.lower() for word in BANNED)
    assert text.startswith(OPENINGS.get(group_of(reason), ""))


@pytest.mark.parametrize("reason", Reason)
def test_a_code_is_its_name_in_lower_case(reason: Reason) -> None:
    assert reason.value == reason.name.lower()


def test_every_placeholder_has_a_paraphrase() -> None:
    used = {
        name
        for text in SENTENCES.values()
        for _, name, _, _ in string.Formatter().parse(text)
        if name is not None
    }
    assert used == set(UNKNOWN_DETAILS)


def test_details_are_filled_in_as_they_are() -> None:
    text = sentence(Reason.DAILY_LIMIT, limit=250, until="Tuesday 09:00")
    assert (
        text
        == "Waits because the limit of 250 messages in 24 hours is used up until Tuesday 09:00."
    )
    assert sentence(Reason.INVALID_ADDRESS, address="{mia}").startswith("{mia} is not")
