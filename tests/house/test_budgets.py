"""A file is one concept: none over 300 lines, tests 400, half of all under 90."""

from statistics import median

from tests.house.tree import PACKAGES, lines_of, sources, text_of

MOST_LINES, MOST_TEST_LINES, MEDIAN_LINES = 300, 400, 90


def is_migration(parts: tuple[str, ...]) -> bool:
    return "migrations" in parts


def test_no_module_outgrows_its_budget() -> None:
    long = {
        str(path): lines_of(path)
        for path in sources(*PACKAGES)
        if lines_of(path) > MOST_LINES and not is_migration(path.parts)
    }
    assert long == {}


def test_no_test_module_outgrows_its_budget() -> None:
    long = {
        str(path): lines_of(path) for path in sources("tests") if lines_of(path) > MOST_TEST_LINES
    }
    assert long == {}


def test_half_of_the_modules_are_short() -> None:
    sizes = [lines_of(path) for path in sources(*PACKAGES) if not is_migration(path.parts)]
    assert median(sizes) < MEDIAN_LINES


def test_every_module_opens_with_what_it_decides_or_does() -> None:
    bare = [
        str(path)
        for path in sources(*PACKAGES)
        if not text_of(path).lstrip().startswith(('"""', 'r"""'))
    ]
    assert bare == []
