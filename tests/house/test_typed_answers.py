"""What the database answers has a type: no `Any`, no answers indexed by strings.

`Any` may stay where foreign JSON comes in: backend/google and addon/event.py. The lists only
shrink.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from backend.store.statements import TEXTS
from tests.house.tree import PACKAGES, ROOT, sources, text_of

FOREIGN = ("backend/google/", "backend/simulator/", "addon/event.py")
ANSWERS = ("backend/queries", "backend/services", "backend/store")

STILL_ANY: dict[str, int] = {
    "backend/console/audit_log.py": 1,
    "backend/console/requests.py": 3,
    "backend/console/sessions.py": 1,
    "backend/console/vendor.py": 1,
    "backend/domain/mail/bounces/notices.py": 5,
    "backend/local/web_process.py": 3,
    "backend/queries/keyset.py": 1,
    "backend/store/bulk.py": 1,
    "backend/store/models/base.py": 1,
    "backend/store/people_import.py": 1,
}
"""Lines that name Any as yet."""

STILL_INDEXED: dict[str, int] = {
    "backend/queries/accounts.py": 1,
    "backend/queries/pending/forecasts.py": 1,
    "backend/queries/pending/listing.py": 1,
    "backend/services/customer_lists/uploading.py": 1,
    "backend/services/planning.py": 1,
    "backend/store/filing.py": 1,
    "backend/store/list_journal.py": 4,
    "backend/store/web_sessions.py": 1,
}
"""Values read by a string as yet."""


def names_any(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "Any"


def reads_by_string(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    )


def counted(paths: Iterable[Path], wanted: Callable[[ast.AST], bool]) -> dict[str, int]:
    """How many lines of each module have such a node."""
    found: Counter[str] = Counter()
    for path in paths:
        nodes = filter(wanted, ast.walk(ast.parse(text_of(path))))
        lines = {getattr(node, "lineno", 0) for node in nodes}
        if lines:
            found[path.as_posix()] = len(lines)
    return dict(found)


def test_any_stays_where_foreign_json_comes_in() -> None:
    ours = [one for one in sources(*PACKAGES) if not one.as_posix().startswith(FOREIGN)]
    assert counted(ours, names_any) == STILL_ANY


def test_no_answer_is_read_by_strings() -> None:
    ours = [one for one in sources(*ANSWERS) if "migrations" not in one.parts]
    assert counted(ours, reads_by_string) == STILL_INDEXED


def test_every_statement_in_a_file_opens_with_what_it_does_and_is_used() -> None:
    files = [*TEXTS.glob("*.sql"), *(ROOT / "backend/queries").rglob("*.sql")]
    code = re.sub(r"\(\s+", "(", "".join(text_of(one) for one in sources(*ANSWERS)))
    assert files
    assert [one.name for one in files if not one.read_text().startswith("-- ")] == []
    assert [one.name for one in files if f'sql("{one.stem}"' not in code] == []
