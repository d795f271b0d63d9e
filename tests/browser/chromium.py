"""Debian's Chromium, driven headless: it reaches this machine only, and every complaint is kept."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

PLACES = (
    "/usr/bin/chromium-headless-shell",  # the same pages for half of what a whole browser costs
    *("/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"),
)
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--in-process-gpu", "--disable-site-isolation-trials"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PATIENCE_MS = 15_000  # two cores, shared with everything else


@dataclass
class Complaints:
    """What a page said to its console. Errors of scripts and policies land here."""

    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Window:
    """A page, and what it complained about."""

    page: Page
    complaints: Complaints

    def clear(self) -> None:
        """Be as a new window is, but for what the browser keeps of the whole site."""
        for other in self.page.context.pages:
            if other is not self.page:
                other.close()
        self.page.goto("about:blank")
        self.page.set_viewport_size(DESKTOP)
        self.page.mouse.move(0, 0)
        self.complaints.texts.clear()


def program() -> str:
    """Where the browser is."""
    named = os.environ.get("CHROMIUM_PATH", "")  # noqa: TID251 - as run.py finds it
    found = [path for path in (named, *PLACES) if path and Path(path).exists()]
    return found[0] if found else PLACES[1]


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """One browser process for a whole run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
        expect.set_options(timeout=PATIENCE_MS)
        yield browser
        browser.close()


@contextmanager
def new_context(browser: Browser, root: str) -> Iterator[BrowserContext]:
    """Somebody in Berlin, whose addresses start at `root`."""
    context = browser.new_context(
        base_url=root, viewport=DESKTOP, locale="en-GB", timezone_id="Europe/Berlin"
    )
    context.set_default_timeout(PATIENCE_MS)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=root)
    yield context
    context.close()


@contextmanager
def new_page(context: BrowserContext) -> Iterator[Window]:
    """A page, and what it complains about meanwhile."""
    page, complaints = context.new_page(), Complaints()
    page.on("pageerror", lambda error: complaints.texts.append(str(error)))
    page.on(
        "console",
        lambda line: complaints.texts.append(line.text) if line.type == "error" else None,
    )
    yield Window(page, complaints)
    page.close()
