"""Vendors the front end's libraries: `python -m backend.console.vendor`, on an upgrade.

Each package of `vendor.lock.json` is packed by npm and refused unless its sha512 matches the lock.
The output is committed, with a SHA256SUMS beside it, so that running, building and testing the
product fetch nothing. Standard library and brotli only; the output is reproducible.
"""

import base64
import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
LOCK = HERE / "vendor.lock.json"
SUMS = "SHA256SUMS"
SOURCE_MAP = re.compile(rb"\n?(/\*|//)# sourceMappingURL=[^\n]*")
SVG_INNARDS = re.compile(r"<path(?! stroke=\"none\")[^>]*/>")
COMPRESSED = {".css", ".js", ".svg"}


@dataclass(frozen=True)
class Package:
    """One npm package: its name, version and the sha512 of its tarball as npm writes it."""

    name: str
    version: str
    integrity: str
    folder: str
    files: dict[str, str]
    icons: tuple[str, ...]

    @classmethod
    def read(cls, entry: dict[str, Any]) -> "Package":
        """One entry of the lock. `icons` become one sprite, `files` are copied."""
        return cls(
            name=entry["name"],
            version=entry["version"],
            integrity=entry["integrity"],
            folder=entry["folder"],
            files=entry.get("files", {}),
            icons=tuple(entry.get("icons", ())),
        )


class IntegrityError(Exception):
    """The registry served something other than the lock names."""


def main() -> None:
    """Write every package of the lock, then the checksums of every folder written to."""
    packages = [Package.read(entry) for entry in json.loads(LOCK.read_text("utf-8"))["packages"]]
    for package in packages:
        tarball = packed(package)
        for target, content in sorted(contents(package, tarball).items()):
            write(PROJECT / package.folder / target, content)
    for folder in sorted({PROJECT / package.folder for package in packages}):
        write_sums(folder)
        sys.stdout.write(f"{folder.relative_to(PROJECT)}: {len(list(folder.iterdir()))} files\n")


def packed(package: Package) -> bytes:
    """The tarball of the package from npm. Raises IntegrityError on a different sha512."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603
        tarball = (Path(folder) / done.stdout.split()[-1]).read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    if found != package.integrity:
        raise IntegrityError(f"{package.name} {package.version} has {found}, not the lock's hash.")
    return tarball


def contents(package: Package, tarball: bytes) -> dict[str, bytes]:
    """Target name to bytes for everything wanted from the package."""
    with tarfile.open(fileobj=io.BytesIO(tarball), mode="r:gz") as archive:
        written = {
            target: SOURCE_MAP.sub(b"", member(archive, source))
            for source, target in package.files.items()
        }
        if package.icons:
            written["icons.svg"] = sprite(archive, package.icons)
    return written


def member(archive: tarfile.TarFile, name: str) -> bytes:
    """One file of the tarball, named from the package's root."""
    stream = archive.extractfile(f"package/{name}")
    if stream is None:
        raise FileNotFoundError(name)
    return stream.read()


def sprite(archive: tarfile.TarFile, icons: tuple[str, ...]) -> bytes:
    """The icons as symbols of one SVG file; strokes are set where a symbol is used."""
    symbols = []
    for name in sorted(icons):
        svg = member(archive, f"icons/outline/{name}.svg").decode("utf-8")
        innards = "".join(SVG_INNARDS.findall(svg))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{innards}</symbol>')
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'.encode()


def write(path: Path, content: bytes) -> None:
    """The file, and for a text file its precompressed form."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if path.suffix in COMPRESSED and path.is_relative_to(HERE):
        Path(f"{path}.gz").write_bytes(gzip.compress(content, mtime=0))
        Path(f"{path}.br").write_bytes(brotli.compress(content))


def write_sums(folder: Path) -> None:
    """SHA256SUMS in the form that `sha256sum -c` reads."""
    names = sorted(path.name for path in folder.iterdir() if path.name != SUMS)
    lines = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}" for name in names
    ]
    (folder / SUMS).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
