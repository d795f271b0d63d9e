import pytest

from backend.domain.writing.recipients import (
    MAX_RECIPIENTS,
    RecipientRules,
    Recipients,
    check_recipients,
)
from backend.errors import InputError

RULES = RecipientRules(
    key=lambda text: text.lower() if "@" in text else "",
    is_internal=lambda key: key.endswith("@ours.example"),
)


def fields(to: list[str], cc: list[str] | None = None, bcc: list[str] | None = None) -> str:
    with pytest.raises(InputError) as refused:
        check_recipients(to, cc or [], bcc or [], rules=RULES)
    assert all(text.endswith(".") for text in refused.value.fields.values())
    return " ".join(refused.value.fields)


def test_each_address_stands_once_in_its_strongest_field() -> None:
    found = check_recipients(
        ["Mia@alpha.example", " mia@ALPHA.example ", ""],
        ["bo@alpha.example", "mia@alpha.example"],
        ["bo@alpha.example", "crm@ours.example"],
        rules=RULES,
    )
    assert found == Recipients(
        to=("mia@alpha.example",), cc=("bo@alpha.example",), bcc=("crm@ours.example",)
    )
    assert len(found.everybody) == 3


@pytest.mark.parametrize(
    ("to", "cc", "bcc", "wrong"),
    [
        (["nobody"], [], [], "to"),
        (["mia@alpha.example"], ["x"], ["y"], "cc bcc"),
        ([], ["mia@alpha.example"], [], "to"),
        (["ann@ours.example"], ["mia@alpha.example"], [], "to"),
    ],
    ids=[
        "an unusable address",
        "every bad field at once",
        "nobody in To",
        "only colleagues in To",
    ],
)
def test_a_bad_field_is_named(to: list[str], cc: list[str], bcc: list[str], wrong: str) -> None:
    assert fields(to, cc, bcc) == wrong


def test_a_colleague_may_stand_beside_a_contact() -> None:
    found = check_recipients(["mia@alpha.example", "ann@ours.example"], [], [], rules=RULES)
    assert found.to == ("mia@alpha.example", "ann@ours.example")


@pytest.mark.contract("D-32")
def test_a_hundred_recipients_fit_and_one_more_does_not() -> None:
    people = [f"p{number}@alpha.example" for number in range(MAX_RECIPIENTS)]
    assert len(check_recipients(people, [], [], rules=RULES).everybody) == 100
    assert fields(people[:50], people[50:], ["one@more.example"]) == "to"
