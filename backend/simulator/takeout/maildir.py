"""Mails out of a folder: a Maildir with its subfolders, or a heap of .mbox and .eml files."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from backend.simulator.takeout.found import Found
from backend.simulator.takeout.mbox import read_mbox

# Names that mail programs give their folders (Maildir++ puts a dot before them).
FOLDERS = {
    "sent": "SENT",
    "sent items": "SENT",
    "sent mail": "SENT",
    "drafts": "DRAFT",
    "trash": "TRASH",
    "deleted items": "TRASH",
    "junk": "SPAM",
    "spam": "SPAM",
}


def is_maildir(folder: Path) -> bool:
    return (folder / "cur").is_dir() or (folder / "new").is_dir()


def read_folder(folder: Path) -> Iterator[Found]:
    """Every mail in it, in a fixed order; `done_bytes` adds up over all files."""
    done = 0
    for path, label in _files(folder):
        if path.suffix.lower() == ".mbox":
            for found in read_mbox(path):
                yield replace(found, done_bytes=done + found.done_bytes)
        else:
            size = path.stat().st_size
            yield Found(path.read_bytes(), "", _labels(path, label), done + size)
        done += path.stat().st_size


def size_of(path: Path) -> int:
    """The bytes there are to read."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file, _ in _files(path))


def _files(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """(file, label of its folder); None for what is no Maildir."""
    if is_maildir(folder):
        inner = sorted(one for one in folder.iterdir() if one.is_dir() and is_maildir(one))
        for maildir in (folder, *inner):
            name = "" if maildir == folder else maildir.name.lstrip(".").lower()
            label = FOLDERS.get(name.rpartition(".")[2], "" if name else "INBOX")
            for part in ("cur", "new"):
                for path in sorted((maildir / part).glob("*")):
                    yield path, label
    else:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in {".mbox", ".eml"} and path.is_file():
                yield path, None


def _labels(path: Path, label: str | None) -> tuple[str, ...] | None:
    if label is None:
        return None
    flags = path.name.partition(":2,")[2]
    unread = "S" not in flags and label == "INBOX"
    flagged = ("STARRED",) if "F" in flags else ()
    return (*((label,) if label else ()), *(("UNREAD",) if unread else ()), *flagged)
