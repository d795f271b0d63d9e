"""The guide through Google's steps names what the product really asks for and reads."""

import re
from pathlib import Path

import pytest

from addon.deployment import deployment_for
from backend.domain.oauth.refusals import WHERE_NOBODY_RETURNS
from backend.google.oauth import CONNECT, MAILBOX_SCOPES, SIGN_IN
from backend.settings import SETTINGS

PROJECT = Path(__file__).resolve().parents[2]
GUIDE = (PROJECT / "docs" / "google.md").read_text(encoding="utf-8")
README = (PROJECT / "README.md").read_text(encoding="utf-8")
FROM_GOOGLE = sorted(
    name
    for name in SETTINGS
    if name.startswith(("RAPPORT_GOOGLE_CLIENT", "RAPPORT_ADDON", "RAPPORT_PUSH"))
)


@pytest.mark.parametrize("name", FROM_GOOGLE)
def test_each_value_of_googles_has_its_setting(name: str) -> None:
    assert f"`{name}`" in GUIDE
    assert f"`{name}`" in README.partition("## Install for real")[2].partition("## Settings")[0]


def test_every_setting_it_names_exists() -> None:
    assert set(re.findall(r"RAPPORT_[A-Z_]+", GUIDE)) <= set(SETTINGS)


def test_the_permissions_are_those_that_are_asked_for() -> None:
    (row,) = [line for line in GUIDE.splitlines() if line.startswith("| the product (sign-in")]
    named = re.findall(r"`([^`]+)`", row)
    assert named == [scope.rpartition("/")[2] for scope in MAILBOX_SCOPES]
    assert "gmail.modify" not in deployment_for("https://rapport.example.com")


def test_both_redirect_addresses_are_named() -> None:
    for way in (SIGN_IN, CONNECT):
        assert f"https://rapport.example.com{way.callback}" in GUIDE
        assert f"`<public URL>{way.callback}`" in README


def test_each_refusal_on_a_page_of_googles_is_explained() -> None:
    for refusal in WHERE_NOBODY_RETURNS:
        code = "access_denied" if refusal.code == "not_a_test_user" else refusal.code
        assert code in refusal.on_googles_page
        assert f"`{code}`" in GUIDE


def test_its_steps_follow_each_other() -> None:
    steps = [int(number) for number in re.findall(r"^## (\d+)\. ", GUIDE, re.MULTILINE)]
    assert steps == list(range(1, 10))


def test_what_it_links_to_is_there() -> None:
    for target in re.findall(r"\]\((\.\./[^)#]+)", GUIDE):
        assert (PROJECT / "docs" / target).resolve().exists()
