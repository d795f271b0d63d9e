"""From which messages a contact may be made."""

from dataclasses import replace

import pytest

from backend.domain.mail.envelope import Author
from backend.domain.people.creation import (
    ALLOWED_PATHS,
    Candidate,
    MayCreate,
    MayNotCreate,
    Path,
    Standing,
    may_create,
)
from backend.domain.policies import ContactCreation, MatchField
from tests.domain.mail import KIM_AT, STRANGER, TEAM

LEE = Candidate(address=STRANGER, field=MatchField.FROM, author=Author.PERSON, path=Path.ONE_CLICK)
BOTH = ContactCreation.BOTH


def refusal(candidate: Candidate, creation: ContactCreation = BOTH) -> str | None:
    match may_create(candidate, team=TEAM, creation=creation):
        case MayCreate():
            return None
        case MayNotCreate(sentence):
            return sentence


@pytest.mark.contract("D-4")
@pytest.mark.parametrize(
    ("creation", "path", "allowed"),
    [
        pytest.param(ContactCreation.NEVER, Path.ONE_CLICK, False, id="never: no click"),
        pytest.param(ContactCreation.NEVER, Path.SMART_BCC, False, id="never: no smart BCC"),
        pytest.param(ContactCreation.SMART_BCC, Path.SMART_BCC, True, id="smart BCC alone"),
        pytest.param(ContactCreation.SMART_BCC, Path.ONE_CLICK, False, id="and no click"),
        pytest.param(ContactCreation.ONE_CLICK, Path.ONE_CLICK, True, id="one click alone"),
        pytest.param(ContactCreation.ONE_CLICK, Path.SMART_BCC, False, id="and no smart BCC"),
        pytest.param(BOTH, Path.ONE_CLICK, True, id="both: a click"),
        pytest.param(BOTH, Path.SMART_BCC, True, id="both: smart BCC"),
    ],
)
def test_what_creates(creation: ContactCreation, path: Path, *, allowed: bool) -> None:
    assert (refusal(replace(LEE, path=path), creation) is None) is allowed


@pytest.mark.contract("D-4")
@pytest.mark.parametrize("creation", ContactCreation)
def test_plain_sync_never_creates_anybody(creation: ContactCreation) -> None:
    assert refusal(replace(LEE, path=Path.SYNC), creation) == (
        "Synced mail never adds people. Add lee@else.example with one click or in the console."
    )


@pytest.mark.contract("H-47")
@pytest.mark.parametrize("field", [MatchField.CC, MatchField.BCC])
@pytest.mark.parametrize("path", Path)
def test_who_was_only_copied_is_never_created(field: MatchField, path: Path) -> None:
    assert refusal(replace(LEE, field=field, path=path)) is not None


@pytest.mark.contract("H-28")
def test_smart_bcc_creates_the_contact_it_was_written_to() -> None:
    assert refusal(replace(LEE, field=MatchField.TO, path=Path.SMART_BCC)) is None


@pytest.mark.contract("M8")
@pytest.mark.parametrize(
    ("candidate", "part"),
    [
        pytest.param(replace(LEE, address=KIM_AT), "your team's own", id="a colleague"),
        pytest.param(
            replace(LEE, address="no-reply@alpha.example"), "a function", id="a no-reply address"
        ),
        pytest.param(replace(LEE, address="info@alpha.example"), "a function", id="a function"),
        pytest.param(replace(LEE, author=Author.MACHINE), "automatic or list", id="machine mail"),
        pytest.param(
            replace(LEE, standing=Standing.NEVER_LOGGED),
            "never-log list",
            id="somebody never logged",
            marks=pytest.mark.contract("M1"),
        ),
        pytest.param(
            replace(LEE, standing=Standing.ERASED),
            "was erased",
            id="somebody erased",
            marks=pytest.mark.contract("N16"),
        ),
        pytest.param(
            replace(LEE, address="lee@localhost"), "can be written to", id="no public address"
        ),
    ],
)
def test_nobody_is_made_of(candidate: Candidate, part: str) -> None:
    sentence = refusal(candidate)
    assert sentence is not None
    assert part in sentence
    assert sentence.endswith(".")


def test_every_choice_says_which_paths_it_allows() -> None:
    assert ALLOWED_PATHS.keys() == set(ContactCreation)
    assert all(Path.SYNC not in paths for paths in ALLOWED_PATHS.values())
