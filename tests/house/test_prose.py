"""Docstrings, comments, screens and documents: no word of this list in them.

Doctest lines and names in backquotes are code and are not read.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import PACKAGES, ROOT, sources, text_of

BANNED = {
    r"who(m)?ever": "say who, or use the passive",
    r"anew": "again, or a verb with re-",
    r"told": "informed, reported, distinguished, signalled",
    r"(stands?|stood|standing)(?!-in| (in )?for\b)": "is, appears",
    r"(lies|lay)": "is",
    r"of before": "previous, earlier",
    r"as far as": "if, where, when",
    r"(becomes?|became) of": "the outcome, the result",
    r"(go|goes|went|going) on": "continue, happen",
    r"separate because": "say what the module is for",
    r"what (is|was) so": "the state",
    r"(can|can't|cannot|could|could not) be had": "available, unavailable",
    r"that (is|are) none": "not a ...",
    r"in sight": "visible",
}
PATTERN = re.compile("|".join(rf"\b(?:{one})\b" for one in BANNED), re.IGNORECASE)
HYPHENATED = re.compile(r"(?<![a-z])e-mail", re.IGNORECASE)
OTHERS_WORDS = frozenset(
    {
        "backend/domain/mail/replies/words.py",
        "tests/domain/test_auto_reply.py",
        "tests/house/test_prose.py",
        "tests/services/test_customer_file.py",
    }
)
"""Files that hold German mail and headings of other products' exports, which write it so."""
TEXTS = frozenset({".css", ".html", ".js", ".json", ".md", ".py", ".sql", ".toml", ".txt"})
NAMES = re.compile(r"`[^`\n]*`")
MARKUP = re.compile(r"(?s)```.*?```|`[^`\n]*`|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def test_prose_uses_the_words_of_the_field() -> None:
    paths = [*sources(*PACKAGES, "tests"), Path("run.py")]
    hits = [hit for path in paths for hit in banned_in(path)]

    assert not hits, "\n".join(hits)


def test_screens_and_documents_use_them_too() -> None:
    pages = (ROOT / "backend/console/templates").rglob("*.html")
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    ours = [path for path in (*pages, *documents) if path.name != "THIRD_PARTY.md"]
    texts = {path: MARKUP.sub(" ", path.read_text(encoding="utf-8")) for path in ours}
    hits = [f"{path.name}: {hit[0]}" for path in ours for hit in PATTERN.finditer(texts[path])]

    assert not hits, "\n".join(hits)


def banned_in(path: Path) -> Iterator[str]:
    """Each banned word of a file as "path:line: word"."""
    source = text_of(path)
    for line, text in prose(source) if PATTERN.search(source) else ():
        for hit in PATTERN.finditer(NAMES.sub(lambda name: "`" * len(name[0]), text)):
            yield f"{path}:{line + text.count(chr(10), 0, hit.start())}: {hit.group()}"


def prose(source: str) -> Iterator[tuple[int, str]]:
    """Docstrings (without doctest lines) and comments, with the line each begins on."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, DOCUMENTED):
            for part in node.body:
                if isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant):
                    yield part.lineno, without_doctests(str(part.value.value))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def without_doctests(text: str) -> str:
    """The text with examples and their output blank, so that line numbers stay."""
    kept: list[str] = []
    example = False
    for line in text.split("\n"):
        example = line.strip() != "" and (example or line.lstrip().startswith(">>>"))
        kept.append("" if example else line)
    return "\n".join(kept)
