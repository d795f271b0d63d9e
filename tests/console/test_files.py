"""The front end's own rules: no foreign code, no inline code, every icon there, sums that agree."""

import hashlib
import re
from pathlib import Path

import pytest

CONSOLE = Path(__file__).resolve().parents[2] / "backend" / "console"
PROJECT = CONSOLE.parents[1]
TEMPLATES = sorted((CONSOLE / "templates").rglob("*.html"))
VENDOR = (CONSOLE / "static" / "vendor", PROJECT / "tests" / "browser" / "vendor")
MAILS_OWN = "conversations/body.html"
"""The page inside the sandboxed frame: it has a policy of its own."""

FORBIDDEN = {
    "a text that is not escaped": re.compile(r"\|\s*safe\b|autoescape false"),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)"),
    "an event handler": re.compile(r"\son[a-z]+="),
    "an inline style": re.compile(r"\sstyle="),
    "htmx code that needs eval": re.compile(r"hx-on|hx-vals|js:"),
    "an address outside that learns of this one": re.compile(
        r'src="https?:|href="https?:(?![^>]*\brel="noreferrer")'
    ),
}


def relative(path: Path) -> str:
    return str(path.relative_to(CONSOLE / "templates"))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what: str) -> None:
    found = [relative(path) for path in TEMPLATES if FORBIDDEN[what].search(path.read_text())]
    assert found == []


def test_only_the_framed_page_has_a_style_element() -> None:
    found = [relative(path) for path in TEMPLATES if "<style" in path.read_text()]
    assert found == [MAILS_OWN]


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    sprite = (VENDOR[0] / "icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    sources = [*TEMPLATES, CONSOLE / "navigation.py", CONSOLE / "labels.py"]
    text = "\n".join(path.read_text() for path in sources)
    named = set(re.findall(r'\bicon\("([a-z-]+)"', text))
    named |= set(re.findall(r'\btag\([^()]*, "[a-z]+", "([a-z-]+)"\)', text))
    named |= set(re.findall(r'Word\("[^"]+", "[a-z]+", "([a-z-]+)"\)', text))
    assert len(named) > 20
    assert named <= known


@pytest.mark.parametrize("folder", VENDOR, ids=lambda path: path.parent.name)
def test_the_files_of_others_are_those_that_were_locked(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    sums = {line.partition("  ")[2]: line.partition("  ")[0] for line in lines}
    files = {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    assert set(sums) == files
    for name, expected in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected, name


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("app.css", 25_000),
        ("app.js", 10_000),
        ("people.js", 7_000),
        ("counts.js", 2_000),
        ("theme.js", 1_000),
    ],
)
def test_our_own_files_stay_small(name: str, most: int) -> None:
    content = (CONSOLE / "static" / name).read_text()
    assert len(content.encode()) <= most
    if name == "app.js":
        assert content.count("\n") < 200
