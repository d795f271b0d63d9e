"""The web server's word on requests that wait: one line in a while, which says what it left out."""

import logging

from backend.local.crowding import EVERY, Seldom


def test_one_line_tells_of_all_requests_that_waited() -> None:
    now = [0.0]
    seldom = Seldom(lambda: now[0])

    def lines(*depths: int) -> list[str]:
        records = [
            logging.LogRecord("waitress.queue", 30, "", 1, "Task queue depth is %d", (one,), None)
            for one in depths
        ]
        return [one.getMessage() for one in records if seldom.filter(one)]

    assert len(lines(3)) == 1
    assert lines(7, 40, 2) == []
    now[0] += EVERY
    [told] = lines(1)
    assert "4 of them since the last line, up to 40 at once" in told
