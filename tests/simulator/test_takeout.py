"""Real mail from files: mbox dialects, Takeout's labels and threads, Maildir, broken mail."""

import time
from pathlib import Path
from typing import Any

import pytest

from backend.simulator.config import Config, QuotaMode, Seed
from backend.simulator.takeout.mbox import read_mbox
from backend.simulator.world import World
from tests.simulator.google import ROBIN

MAIL = (
    b"From: a@x.example\nTo: b@y.example\nDate: Wed, 6 Sep 2023 10:00:00 +0200\nSubject: %s\n\n%s\n"
)
MARK = b"From 17@xxx Wed Sep 06 08:00:00 +0000 2023\n"


def mbox(folder: Path, content: bytes) -> Path:
    path = folder / "All mail.mbox"
    path.write_bytes(content)
    return path


def subjects(path: Path) -> list[bytes]:
    return [found.raw.partition(b"Subject: ")[2].partition(b"\n")[0] for found in read_mbox(path)]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        pytest.param(
            MARK + MAIL % (b"1", b"x") + b"\n" + MARK + MAIL % (b"2", b"y"), 2, id="usual"
        ),
        pytest.param(
            MARK + MAIL % (b"1", b"x") + MARK + MAIL % (b"2", b"y"), 2, id="no blank line"
        ),
        pytest.param(
            (MARK + MAIL % (b"1", b"x") + b"\n" + MARK + MAIL % (b"2", b"y")).replace(
                b"\n", b"\r\n"
            ),
            *(2,),
            id="CRLF line ends",
        ),
        pytest.param(
            b"From \n" + MAIL % (b"1", b"x") + b"\nFrom \n" + MAIL % (b"2", b"y"), 2, id="bare"
        ),
        pytest.param(
            b"From - Wed Sep 06 08:00:00 2023\n" + MAIL % (b"1", b"x"), 1, id="Thunderbird"
        ),
        pytest.param(
            MARK + MAIL % (b"1", b"x\n\nFrom here on we walk.\n"), 1, id="prose after a blank"
        ),
        pytest.param(
            MARK + MAIL % (b"1", b"From Monday 10:00 on\nwe walk"), 1, id="prose in a line"
        ),
        pytest.param(b"", 0, id="empty"),
        pytest.param(b"no mail in here\n", 0, id="something else"),
    ],
)
def test_mails_are_told_apart(tmp_path: Path, content: bytes, found: int) -> None:
    shown = [one.strip() for one in subjects(mbox(tmp_path, content))]
    assert shown == [b"1", b"2"][:found]


def test_escaped_lines_are_restored(tmp_path: Path) -> None:
    body = b"a\n>From here\n>>From there\n> quoted"
    (found,) = read_mbox(mbox(tmp_path, MARK + MAIL % (b"1", body)))
    assert found.raw.endswith(b"\n\na\nFrom here\n>From there\n> quoted\n")


def load(archive: Path, data: Path | None = None) -> World:
    config = Config(data=data, seed=Seed.EMPTY, quota=QuotaMode.OFF)
    world = World(config)
    world.loader.load([archive], ROBIN)
    return world


def rows(world: World) -> list[tuple[Any, ...]]:
    with world.store.read() as db:
        found = db.execute("SELECT subject, labels, thread FROM message ORDER BY subject, id")
        return [tuple(row) for row in found.fetchall()]


def takeout(number: int, thread: int, labels: str, *, more: str = "") -> bytes:
    head = f"X-GM-THRID: {thread}\nX-Gmail-Labels: {labels}\nMessage-ID: <{number}@x>\n{more}"
    return MARK + head.encode() + MAIL % (str(number).encode(), b"text") + b"\n"


def test_takeouts_labels_and_threads_are_kept(tmp_path: Path) -> None:
    content = (
        takeout(1, 1700000000000000001, 'Inbox,Unread,"Customers, north"')
        + takeout(2, 1700000000000000001, "Archived,Opened")
        + takeout(3, 1700000000000000003, "=?UTF-8?Q?Gesendet,Ge=C3=B6ffnet?=")
    )
    world = load(mbox(tmp_path, content))
    assert rows(world) == [
        ("1", " INBOX UNREAD Label_1 ", 1700000000000000001),
        ("2", " ", 1700000000000000001),
        ("3", " SENT ", 1700000000000000003),
    ]
    world.close()


def test_without_takeouts_headers_references_make_the_threads(tmp_path: Path) -> None:
    """The newest message comes first, as in Takeout: a reply precedes the message it replies to."""
    answer = MARK + b"Message-ID: <2@x>\nIn-Reply-To: <1@x>\n" + MAIL % (b"Re: one", b"y") + b"\n"
    first = MARK + b"Message-ID: <1@x>\n" + MAIL % (b"one", b"x") + b"\n"
    alone = MARK + b"Message-ID: <3@x>\n" + MAIL % (b"two", b"x")
    world = load(mbox(tmp_path, answer + first + alone))
    threads = {subject: thread for subject, _, thread in rows(world)}
    assert threads["Re: one"] == threads["one"] != threads["two"]
    world.close()


def test_broken_mail_is_kept_and_counted(tmp_path: Path) -> None:
    broken = MARK + b"Subject: 9 no date\n\n\xff\xfe\n\n"
    odd = MARK + b"Date: the day after\nFrom: a@x.example\nSubject: 8 odd date\n\nx\n\n"
    world = load(mbox(tmp_path, takeout(1, 5, "Inbox") + broken + odd))
    progress = world.loader.progress()
    assert (progress["messages"], progress["broken"]) == (3, 1)
    assert [row[0] for row in rows(world)] == ["1", "8 odd date", "9 no date"]
    with world.store.read() as db:
        dates = db.execute("SELECT internal_date FROM message WHERE subject LIKE '8%'").fetchone()
    assert dates[0] == 1_693_987_200_000  # from the mark of the mbox
    world.close()


def test_a_maildir_is_read_with_its_folders_and_flags(tmp_path: Path) -> None:
    for name, content in {
        "cur/1:2,S": b"1",
        "new/2": b"2",
        ".Sent/cur/3:2,S": b"3",
        ".Junk/new/4": b"4",
        ".Projects/cur/5:2,FS": b"5",
    }.items():
        path = tmp_path / "Maildir" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(MAIL % (content, b"x"))
    world = load(tmp_path / "Maildir")
    labels = {subject: column.split() for subject, column, _ in rows(world)}
    assert labels == {
        "1": ["INBOX"],
        "2": ["INBOX", "UNREAD"],
        "3": ["SENT"],
        "4": ["SPAM"],
        "5": ["STARRED"],
    }
    world.close()


def test_a_second_start_loads_nothing_twice(tmp_path: Path) -> None:
    archive = mbox(tmp_path, b"".join(takeout(one, one, "Inbox") for one in range(1, 251)))
    first = load(archive, tmp_path / "data")
    with first.store.write() as db:  # as if it had been stopped after the second portion
        db.execute("DELETE FROM message WHERE CAST(subject AS INTEGER) > 200")
        db.execute("UPDATE archive SET messages = 200, finished = 0")
    first.close()
    second = load(archive, tmp_path / "data")
    assert len(rows(second)) == 250
    assert second.loader.progress()["state"] == "finished"
    second.close()
    third = load(archive, tmp_path / "data")
    assert len(rows(third)) == 250
    third.close()


def test_the_owners_real_address_becomes_an_alias(tmp_path: Path) -> None:
    more = "Delivered-To: real.person@gmail.example\n"
    world = load(mbox(tmp_path, takeout(1, 1, "Inbox", more=more)))
    with world.store.read() as db:
        aliases = [row["email"] for row in db.execute("SELECT email FROM send_as")]
    assert aliases == ["real.person@gmail.example"]
    world.close()


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    world = load(tmp_path / "none.mbox")
    assert world.loader.progress()["problems"] == [
        f"There is no file or folder {tmp_path}/none.mbox."
    ]
    world.close()


def test_two_thousand_mails_load_well_within_their_share_of_a_minute(tmp_path: Path) -> None:
    body = "\n".join(["<p>some words in a line of a mail</p>"] * 300)
    archive = mbox(
        tmp_path,
        b"".join(
            MARK + f"Message-ID: <{one}@x>\n".encode() + MAIL % (str(one).encode(), body.encode())
            for one in range(2000)
        ),
    )
    began = time.thread_time()
    world = load(archive)
    assert world.loader.progress()["messages"] == 2000
    assert time.thread_time() - began < 12  # seconds of work, whatever else the machine does
    world.close()
