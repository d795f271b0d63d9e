"""The store asks no rule: it takes types of the domain, and functions that spell or index."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import sources, text_of

SPELLS = frozenset(
    {
        "address_key",
        "company_domains",
        "could_not",
        "domain_of",
        "domains_in",
        "match_policy",
        "never_log",
        "own_domain",
        "report_key",
        "token_from",
    }
)
"""One value in another form, whatever the workspace has chosen."""

STILL_ASKED = {
    ("backend/store/absorbing.py", "choice_after_merge"),
    ("backend/store/conversation_access.py", "who_may_read"),
}
"""Rules that the store asks as yet. The list only shrinks."""


def asked(path: Path) -> Iterator[str]:
    """The functions of the domain that a module imports."""
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("backend.domain"):
            yield from (one.name for one in node.names if one.name[0].islower())


def test_the_store_asks_no_rule() -> None:
    found = {
        (path.as_posix(), name)
        for path in sources("backend/store")
        for name in asked(path)
        if name not in SPELLS
    }
    assert found == STILL_ASKED
