"""Every behaviour of the contract is shown by a test in `tests/contract`, through an edge of the
running product, or is in the list of those still open.
"""

import re
from pathlib import Path

from tests.house.open_ids import CONTRACT
from tests.house.tree import cited_contract_ids, shown_contract_ids, sources, text_of

OPEN = Path(__file__).with_name("open_contract_ids.txt")
WRITE_ANEW = "python -m tests.house.open_ids > tests/house/open_contract_ids.txt"
BEYOND = re.compile(r"^(M|N|X|SIM|C|P)-?\d+$")


def open_ids() -> set[str]:
    return set(OPEN.read_text(encoding="utf-8").split())


def test_no_test_cites_an_id_that_does_not_exist() -> None:
    unknown = {one for one in cited_contract_ids() - set(CONTRACT) if not BEYOND.match(one)}
    assert unknown == set()


def test_what_is_open_and_what_is_shown_make_up_the_contract() -> None:
    assert (shown_contract_ids() & set(CONTRACT)) | open_ids() == set(CONTRACT), WRITE_ANEW


def test_nothing_that_is_shown_is_still_listed_as_open() -> None:
    assert shown_contract_ids() & open_ids() == set(), WRITE_ANEW


def test_the_contract_is_shown_through_edges_only() -> None:
    """No rule, service or row of the product is at hand there, and no SQL."""
    behind = re.compile(
        r"(from|import) (backend\.(domain|store|services|jobs|limits|google)|psycopg|sqlalchemy)"
        r"|\.deps\.store|office\.(rows|value|run|dump)\("
        r"|\b(SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b"
    )
    found = {
        (path.as_posix(), hit.group())
        for path in sources("tests/contract")
        for hit in behind.finditer(text_of(path))
    }
    assert found == set()
