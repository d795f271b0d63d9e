"""Exponential backoff with jitter.

Reading and sending both use it. The jitter keeps mailboxes that failed together from retrying
together.
"""

from datetime import timedelta

FIRST = timedelta(seconds=10)
LONGEST = timedelta(hours=1)
SPREAD = 0.2
"""The jitter: the share of a pause by which it is made shorter or longer."""


def pause(
    failures: int, chance: int, *, first: timedelta = FIRST, longest: timedelta = LONGEST
) -> timedelta:
    """The pause after this many failures in a row, with one random byte (0 to 255).

    >>> [pause(n, 128).seconds for n in (1, 2, 3, 30)]
    [10, 20, 40, 3602]
    >>> pause(1, 0), pause(1, 255)
    (datetime.timedelta(seconds=8), datetime.timedelta(seconds=12))
    """
    grown = min(first * (1 << min(max(failures, 1) - 1, 20)), longest)
    return grown * (1 - SPREAD + 2 * SPREAD * chance / 255)
