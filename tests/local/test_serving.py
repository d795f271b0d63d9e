"""What the web's processes share: made before they part, and never again."""

import gc

from flask import Flask
from jinja2 import DictLoader

from backend.domain.mail import domains
from backend.local.serving import share


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
