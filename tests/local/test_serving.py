"""What the web's processes share: made before they part, and never again."""

import gc
from pathlib import Path

from flask import Flask
from jinja2 import DictLoader, Environment

from backend.domain.mail import domains
from backend.local.serving import share
from backend.local.template_cache import template_cache


def test_what_every_process_would_make_is_made_before_they_part() -> None:
    app = Flask("shared")
    app.jinja_loader = DictLoader({"page.html": "Hello"})
    domains._suffixes.cache_clear()
    try:
        share(app)
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
    assert [name for _, name in app.jinja_env.cache or ()] == ["page.html"]
    assert domains._suffixes.cache_info().currsize == 1


def rendered(folder: Path, source: str, *, trim: bool = False) -> str:
    """By a web server that was just started."""
    pages = DictLoader({"page.html": source})
    environment = Environment(loader=pages, autoescape=True, trim_blocks=trim)
    environment.bytecode_cache = template_cache(environment, str(folder))
    return environment.get_template("page.html").render()


def test_the_next_start_compiles_only_templates_that_changed(tmp_path: Path) -> None:
    page = "{% if true %}\nHello{% endif %}"
    assert rendered(tmp_path, page) == "\nHello"
    (kept,) = tmp_path.iterdir()
    first = kept.stat()
    assert rendered(tmp_path, page) == "\nHello"
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (first.st_ino, first.st_mtime_ns)
    assert rendered(tmp_path, page, trim=True) == "Hello"
    assert rendered(tmp_path, "Goodbye") == "Goodbye"
    kept.write_bytes(kept.read_bytes()[:40])  # the machine was switched off while it was written
    assert rendered(tmp_path, page) == "\nHello"
    assert rendered(tmp_path / "missing", page) == "\nHello"
