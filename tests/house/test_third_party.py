"""THIRD_PARTY.md names every third-party part of this tree, in the version that is here."""

import json
import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from tests.support import licences

PACKAGES = json.loads((ROOT / "backend/console/vendor.lock.json").read_text())["packages"]
TOLD = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(one["name"] for one in PACKAGES))
def test_every_vendored_package_is_told_with_its_version_and_place(name: str) -> None:
    package = next(one for one in PACKAGES if one["name"] == name)
    row = next(line for line in TOLD.splitlines() if line.startswith("|") and name in line)
    assert package["version"] in row
    assert package["folder"] in row


def test_every_place_that_is_told_exists() -> None:
    places = [
        place
        for place in TOLD.split("`")
        if "/" in place and place.startswith(("backend/", "tests/"))
    ]
    assert places
    assert [place for place in places if not list(Path(ROOT).glob(place))] == []


def test_every_package_is_told_with_its_licence() -> None:
    told = licences.listed()
    assert set(told) <= set(licences.locked())
    wrong = {
        name: licence for name, licence in licences.installed().items() if told.get(name) != licence
    }
    assert wrong == {}, "Run: python -m tests.support.licences"


def test_no_licence_would_bind_the_whole_product() -> None:
    """LGPL and MPL bind the package alone, used as it is; GPL and AGPL would bind us."""
    bound = {
        name: licence
        for name, licence in licences.listed().items()
        if re.search(r"(?<![A-Za-z])A?GPL", licence) or "Affero" in licence
    }
    assert bound == {}
