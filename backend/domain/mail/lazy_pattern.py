"""Patterns that are compiled at their first use.

Every process imports the readers of bounces, automatic replies and quoted text, and few meet such
mail. Compiling their patterns would take a tenth of each start.
"""

import re
from functools import cached_property
from typing import cast


class LazyPattern:
    """Takes the place of a pattern. A method that was used once is kept here: from then on its use
    costs no more than the pattern's own.
    """

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself."""
        return re.compile(self._text, self._flags)

    def __getattr__(self, name: str) -> object:
        """What the pattern has by this name."""
        found: object = getattr(self.compiled, name)
        setattr(self, name, found)
        return found


def lazy_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern, to be used like one of `re.compile`."""
    return cast("re.Pattern[str]", LazyPattern(text, flags))
