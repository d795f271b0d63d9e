"""Tags in texts: Google's cards understand a handful of them, and only in three fields.

A tag that is not understood is most often a name that nobody escaped.
"""

import re
from collections.abc import Iterator
from typing import Final

from backend.simulator.page.checks.card_parse import Part
from backend.simulator.page.checks.findings import Finding, wrong

UNDERSTOOD: Final = frozenset({"a", "b", "br", "font", "i", "s", "time", "u"})
"""Card text formatting of the Workspace add-ons guide."""

MARKED_UP: Final = (("TextParagraph", "text"), ("DecoratedText", "text"), ("Section", "header"))
_TAG = re.compile(r"</?([a-zA-Z][\w:-]*)")


def check_markup(part: Part) -> Iterator[Finding]:
    """Tags of one message that are not drawn, each once."""
    for kind, name in MARKED_UP:
        if part.kind != kind:
            continue
        tags = {tag.lower() for tag in _TAG.findall(str(part.fields.get(name, "")))}
        for tag in sorted(tags - UNDERSTOOD):
            text = f"<{tag}> is no tag of cards. Text that is not ours must be escaped."
            yield wrong(f"{part.path}.{name}", text)
