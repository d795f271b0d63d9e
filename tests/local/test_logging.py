"""What libraries log is read by the same eyes, and programs, as what we log."""

import json
import logging

from backend.wiring import handler_of_libraries


def test_what_the_web_server_logs_is_a_line_of_json_without_content() -> None:
    fault = ValueError("kim@alpha.example")
    told = (ValueError, fault, None)
    record = logging.LogRecord(
        "waitress.queue", logging.WARNING, __file__, 1, "Task queue depth is %d", (3,), told
    )
    line = handler_of_libraries().format(record)
    read = json.loads(line)
    assert (read["logger"], read["level"], read["event"]) == (
        *("waitress.queue", "warning", "Task queue depth is 3"),
    )
    assert read["error"] == "ValueError"
    assert "\n" not in line
    assert "kim@" not in line
