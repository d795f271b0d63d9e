"""How somebody's own mail comes in: said in the terminal, refused at once when unreadable."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from backend.errors import ConfigurationError
from backend.local.loading import MailLoading, progress_line, require_readable
from tests.support.processes import eventually
from tests.support.simulator import running_simulator

MBOX = "".join(
    f"From x@y Thu Jan  1 00:00:00 2026\nFrom: eva{number}@acme.example\n"
    f"Subject: {number}\nDate: Thu, 1 Jan 2026 00:00:0{number} +0000\n\nHello\n\n"
    for number in range(3)
)


def test_the_terminal_says_how_much_was_loaded_and_then_is_silent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "own.mbox"
    archive.write_text(MBOX)
    with running_simulator(tmp_path, "--mbox", str(archive)) as simulator:
        loading = MailLoading(urlsplit(simulator.root).port or 0, is_over=False)

        def over() -> bool:
            loading.next_look = 0
            loading.tell()
            return loading.is_over

        assert eventually(over)
        loading.tell()
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "Your mail: 3 messages loaded, 100 %."
    assert lines.count(lines[-1]) == 1


def test_broken_mails_are_counted_and_kept() -> None:
    line = progress_line({"messages": 4200, "broken": 2, "percent": 41})
    assert line == "Your mail: 4,200 messages loaded, 2 of them broken but kept, 41 %."


def test_an_archive_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Name an mbox file or a Maildir folder"):
        require_readable(tmp_path / "absent.mbox")
    require_readable(tmp_path)
