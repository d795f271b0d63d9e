#!/usr/bin/env python3
"""Sets Rapport up and starts it. Needs Python 3.11 and nothing else.

    python3 run.py                        everything in one terminal: servers, simulator, product
    python3 run.py --mbox FILE            the same, with a mailbox filled from your own mail
    python3 run.py --empty                without the example company: set it up yourself
    python3 run.py test                   every check and test
    python3 run.py test quick             what needs no server, within a minute
    python3 run.py test tests/domain -x   some tests, with pytest's own arguments
    python3 run.py COMMAND …              any command of `rapport`, such as inspect-mail or doctor
    python3 run.py lock                   rewrite the locks from pyproject.toml
    python3 run.py lock --upgrade         the same, with the newest versions
    python3 run.py audit                  look for known vulnerabilities of what the locks name;
                                          the exit code is 0 when there are none, 1 when there are
                                          some, and 3 when this network lets nobody be asked

The dependencies go into .venv beside this file, each checked against the hash in the lock. This
file only prepares and then replaces itself with the program, so that Ctrl-C and the exit code are
the program's own. It uses the standard library only and stays readable for older Pythons, which
must be able to say that they are too old.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = VENV / "tools"
STAMP = VENV / "rapport-stamp.json"
OLDEST = (3, 11)

PRODUCT, LOCAL, DEV = "requirements.lock", "requirements-local.lock", "requirements-dev.lock"
TOOL_LOCK, AUDIT_LOCK = "requirements-tools.lock", "requirements-audit.lock"
# Each lock with uv's arguments for it, and the lock it must agree with.
LOCKS = {
    PRODUCT: (["pyproject.toml"], None),
    LOCAL: (["pyproject.toml", "--extra", "local"], PRODUCT),
    DEV: (["pyproject.toml", "--extra", "local", "--group", "dev"], LOCAL),
    TOOL_LOCK: (["--group", "tools"], None),
    AUDIT_LOCK: (["--group", "audit"], None),
}

HEADLESS = "chromium-headless-shell"  # Debian's package, and its program
SHELL = f"/usr/bin/{HEADLESS}"
CHROMIUMS = (
    SHELL,
    "/usr/bin/chromium",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
LAUNCHER = '#!/bin/sh\nexec "$(dirname "$0")/python" -m backend.cli "$@"\n'


class Trouble(Exception):
    """The set-up cannot continue. The message is for the person at the terminal."""


def main(arguments: list[str]) -> None:
    """Prepare, then become the program."""
    if sys.version_info < OLDEST:
        major, minor = sys.version_info[:2]
        sys.exit(f"Rapport needs Python 3.11 or newer, and this is Python {major}.{minor}.")
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return
    try:
        if arguments[:1] == ["lock"]:
            lock(arguments[1:])
            return
        testing = arguments[:1] == ["test"]
        prepare(DEV if testing else LOCAL)
        if arguments == ["audit"]:
            sys.exit(audit())
        if testing:
            prepare_tests(arguments[1:])
    except Trouble as trouble:
        sys.exit(str(trouble))
    except KeyboardInterrupt:
        sys.exit("Interrupted. The next start goes on from here.")
    os.execv(PYTHON, [str(PYTHON), *program(arguments)])  # noqa: S606 - there is no shell to start


def program(arguments: list[str]) -> list[str]:
    """What the venv's Python runs for these arguments."""
    if arguments[:1] == ["test"]:
        return ["-m", "tests", *words_of_tests(arguments[1:])]
    if not arguments or arguments[0].startswith("-"):
        return ["-m", "backend.cli", "up", *arguments]
    return ["-m", "backend.cli", *arguments]


def words_of_tests(words: list[str]) -> list[str]:
    """Every check, the quick ones, or pytest with its own arguments."""
    if words == ["quick"]:
        return words
    return ["test", *words] if words else ["check"]


def prepare(lock: str) -> None:
    """Install `lock` into .venv. Costs nothing when it is installed already."""
    if is_prepared(lock):
        return
    STAMP.unlink(missing_ok=True)
    say(f"Setting up .venv from {lock}. This is done once, and takes up to a minute.")
    if not runs(PYTHON, "-c", "pass"):
        make_venv()
    install(ROOT / lock)
    write_paths()
    # Written last: a set-up that was interrupted leaves none and is repeated.
    STAMP.write_text(json.dumps(stamp(lock)), encoding="utf-8")


def stamp(lock: str) -> dict[str, str]:
    """A fingerprint of the set-up's inputs. The folder counts, since .venv contains paths to it."""
    digest = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    return {"lock": lock, "sha256": digest, "root": str(ROOT)}


def is_prepared(lock: str) -> bool:
    """Whether .venv was made from the current `lock`, or from the tests' larger one."""
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return found in [stamp(lock), stamp(DEV)] and PYTHON.exists()


def make_venv() -> None:
    """A venv without pip in it: Debian's Python cannot make another kind."""
    if VENV.exists():
        shutil.rmtree(VENV)
    call(sys.executable, "-m", "venv", "--without-pip", str(VENV))


def install(lock: Path) -> None:
    """By uv when there is one or pip can fetch one, else by pip itself."""
    arguments = ["--require-hashes", "-r", str(lock)]
    # Compile once here, or every part of the first start would do it at the same time.
    by_uv = ["pip", "install", "-q", "--compile-bytecode", "--python", str(PYTHON), *arguments]
    uv = find_uv()
    # Behind a company's own certificate authority, uv needs the system's certificates.
    trusting = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
    if uv and runs(uv, *by_uv, env=trusting):
        return
    say("Installing with pip, which takes a little longer.")
    call(*find_pip(), "--python", str(PYTHON), "install", "-q", *QUIET_PIP, *arguments)


VULNERABLE, NOBODY_SAID = 1, 3
"""Exit codes of `audit`. Not 2, which pip-audit and argument parsers end with for faults."""
QUIET_PIP = ("--disable-pip-version-check", "--no-input", "--no-warn-script-location")


def find_uv() -> str | None:
    """A working uv: the machine's, or our own inside .venv."""
    found = shutil.which("uv")
    if found and runs(found, "--version", quiet=True):
        return found
    own = TOOLS / "bin" / "uv"
    if not own.exists():
        lock = str(ROOT / TOOL_LOCK)
        arguments = ["install", "-q", *QUIET_PIP, "--target", str(TOOLS), "--require-hashes"]
        runs(*find_pip(), *arguments, "-r", lock, quiet=True)
    return str(own) if runs(own, "--version", quiet=True) else None


def find_pip() -> list[str]:
    """A pip for this Python: installed, from ensurepip, or from Debian."""
    ours = [sys.executable, "-m", "pip"]
    if runs(*ours, "--version", quiet=True):
        return ours
    copy = VENV / "pip"
    if runs(sys.executable, "-m", "venv", str(copy), quiet=True):
        return [str(copy / "bin" / "python"), "-m", "pip"]
    if can_install_packages():
        apt_install("python3-pip")
        if runs(*ours, "--version", quiet=True):
            return ours
    raise Trouble(
        "Neither uv nor pip is on this machine, and one of them must fetch the dependencies. "
        "On Debian and Ubuntu: apt-get install python3-pip"
    )


def lock(wanted: list[str]) -> None:
    """Write every lock from pyproject.toml: with hashes, without addresses, for all Pythons."""
    uv = find_uv()
    if uv is None:
        raise Trouble("The locks are written by uv, and it could not be fetched.")
    oldest = ".".join(map(str, OLDEST))
    form = ["--universal", "--python-version", oldest, "--generate-hashes", "--no-emit-index-url"]
    form += ["--no-annotate", "--custom-compile-command", "python3 run.py lock", *wanted]
    os.chdir(ROOT)
    for name, (content, agreeing) in LOCKS.items():
        bound = ["-c", agreeing] if agreeing else []
        call(uv, "pip", "compile", "-q", *form, *bound, *content, "-o", name)


def audit() -> int:
    """Ask the index about every version in the locks. The exit code says what was found."""
    tool = VENV / f"audit-{hashlib.sha256((ROOT / AUDIT_LOCK).read_bytes()).hexdigest()[:8]}"
    if not tool.exists():
        arguments = ["install", "-q", *QUIET_PIP, "--require-hashes", "-r", str(ROOT / AUDIT_LOCK)]
        call(*find_pip(), *arguments, "--target", str(tool))
    found = {audited(tool, name) for name in (DEV, TOOL_LOCK, AUDIT_LOCK)}
    return VULNERABLE if VULNERABLE in found else max(found)


def audited(tool: Path, lock: str) -> int:
    """Known vulnerabilities in one lock: 0 none, 1 some, 3 no answer."""
    argv = [str(PYTHON), "-m", "pip_audit", "--progress-spinner", "off", "-f", "json"]
    argv += ["--no-deps", "--disable-pip", "-r", str(ROOT / lock)]
    env = {**os.environ, "PYTHONPATH": str(tool)}
    done = subprocess.run(argv, check=False, env=env, capture_output=True, text=True)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        say(f"{lock}: not checked, since nobody could be asked. {reason}")
        return NOBODY_SAID
    return print_audit(lock, packages)


def print_audit(lock: str, packages: list[dict[str, Any]]) -> int:
    """Print what pip-audit found."""
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    known = [(one, fault) for one in packages for fault in one.get("vulns", [])]
    for one, fault in known:
        mended = " or ".join(fault["fix_versions"]) or "no version yet"
        say(f"{lock}: {one['name']} {one['version']} has {fault['id']}, mended in {mended}.")
    if unknown:
        say(
            f"{lock}: {len(unknown)} of {len(packages)} packages could not be checked, since the "
            "index that was asked does not tell about vulnerabilities. Run this where pypi.org "
            "can be reached."
        )
    if not known and not unknown:
        say(f"{lock}: {len(packages)} packages, none with a known vulnerability.")
    return VULNERABLE if known else NOBODY_SAID if unknown else 0


def write_paths() -> None:
    """Put the project on the venv's path, and the command `rapport` into its bin folder."""
    question = "import sysconfig; print(sysconfig.get_path('purelib'))"
    answer = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True, check=True)
    pointer = Path(answer.stdout.strip()) / "rapport.pth"
    pointer.write_text(f"{ROOT}\n", encoding="utf-8")
    launcher = VENV / "bin" / "rapport"
    launcher.write_text(LAUNCHER, encoding="utf-8")
    launcher.chmod(0o755)


def prepare_tests(words: list[str]) -> None:
    """Install what the tests need besides .venv."""
    # They start some hundred processes, each of which would compile the whole project again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if words != ["quick"]:
        prepare_browser(required=not words)


def prepare_browser(*, required: bool) -> None:
    """Ensure there is a Chromium for the browser tests, and what its driver needs."""
    wanted = missing_for_browser(best=required)
    if wanted and can_install_packages() and is_debian():
        install_for_browser(wanted)
    missing = missing_for_browser()
    if not missing:
        return
    advice = (
        f"The browser tests need {' and '.join(missing)}. On Debian: apt-get install "
        f"--no-install-recommends {HEADLESS} libatomic1. Elsewhere install Chromium or Chrome "
        "and name its program in CHROMIUM_PATH. To leave these tests out: "
        'python3 run.py test -m "not browser"'
    )
    if required:
        raise Trouble(advice)
    say(advice)


def install_for_browser(wanted: list[str]) -> None:
    """With a full Chromium installed, the headless shell is only faster: its download may fail."""
    try:
        apt_install(*wanted)
    except Trouble:
        if missing_for_browser():
            raise
        say("It could not be installed. The tests take the Chromium that is there, and longer.")


def missing_for_browser(*, best: bool = False) -> list[str]:
    """The missing Debian packages. With `best`, another Chromium is not enough: in the tests, which
    open many windows, the headless shell costs half as much.
    """
    named = os.environ.get("CHROMIUM_PATH")
    places = (named, SHELL) if best else (named, *CHROMIUMS)
    there = [path for path in places if path and Path(path).exists()]
    missing = [] if there else [HEADLESS]
    if sys.platform == "linux" and not has_library("atomic"):
        missing.append("libatomic1")
    return missing


def has_library(name: str) -> bool:
    """Whether the linker would find it. A bare machine has no tool to ask."""
    triplet = sysconfig.get_config_var("MULTIARCH") or ""
    folders = [Path("/usr/lib") / triplet, Path("/lib") / triplet, Path("/usr/lib64")]
    found = any(any(folder.glob(f"lib{name}.so*")) for folder in folders)
    return found or ctypes.util.find_library(name) is not None


def is_debian() -> bool:
    """Debian itself: Ubuntu's package `chromium` is only a pointer to a snap."""
    try:
        release = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return "ID=debian" in release


def can_install_packages() -> bool:
    """Whether apt exists and we may use it."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> None:
    """Install Debian packages non-interactively."""
    say(f"Installing {' and '.join(packages)} with apt-get.")
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    call("apt-get", "-qq", "update", env=quietly)
    call("apt-get", "-qq", "-y", "install", "--no-install-recommends", *packages, env=quietly)


def say(sentence: str) -> None:
    """Print at once, also into a pipe."""
    print(sentence, flush=True)


def runs(*argv: str | Path, env: dict[str, str] | None = None, quiet: bool = False) -> bool:
    """Whether a command worked."""
    output = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run(argv, check=False, env=env, stdout=output, stderr=output)
    except OSError:
        return False
    return done.returncode == 0


def call(*argv: str, env: dict[str, str] | None = None) -> None:
    """Run a command that must succeed. Its output is shown only on failure."""
    done = subprocess.run(
        argv, check=False, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0:
        said = done.stdout.decode(errors="replace").strip()
        raise Trouble(f"{said}\nThis command failed, and its reason stands above: {' '.join(argv)}")


if __name__ == "__main__":
    main(sys.argv[1:])
