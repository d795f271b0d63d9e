"""Checks a deployment before it is handed to Google, and the files of its Marketplace listing.

A deployment is live for everybody as soon as it is replaced, so mistakes are found here: addresses
that nothing answers, scopes that the add-on does not ask for, pictures of the wrong size.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from addon.routing import ASKED_FOR, ENTRIES, SCOPES, Kind
from backend.domain.oauth.justifications import JUSTIFICATIONS
from cards.calls import PREFIX

STATIC = Path(__file__).resolve().parent / "static"
SIZES: Mapping[str, tuple[int, int]] = {
    "marketplace/icon-128x128.png": (128, 128),
    "marketplace/icon-32x32.png": (32, 32),
    "marketplace/banner-220x140.png": (220, 140),
    "marketplace/screenshot-1280x800.png": (1280, 800),
    "logo.png": (128, 128),
}
"""What a Marketplace listing takes, in pixels."""

PNG = b"\x89PNG\r\n\x1a\n"
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
LONGEST_NAME = 50
OF_GOOGLE = ("gmail", "google", "workspace")
NAMED_BY_GOOGLE = frozenset({"name", "etag"})
"""Fields that Google adds to a stored deployment."""


@dataclass(frozen=True)
class Found:
    """The result of one check. `advice` says what to do when it fails."""

    what: str
    advice: str = ""


def check(text: str, public_url: str, installed: str | None = None) -> Iterator[Found]:
    """Every check of the manifest `text`. `installed` is what Google has now, as JSON of `gcloud
    workspace-add-ons deployments describe`.
    """
    manifest = json.loads(text)
    yield _address(public_url)
    yield _triggers(manifest, public_url)
    yield _scopes(manifest)
    yield _name(manifest)
    for name, size in SIZES.items():
        yield _picture(name, size)
    if installed is not None:
        yield _same(manifest, installed)


def _address(public_url: str) -> Found:
    parts = urlsplit(public_url)
    usable = parts.scheme == "https" and parts.hostname not in LOCAL
    advice = "Google calls only https addresses that it reaches. Set RAPPORT_PUBLIC_URL."
    return Found(f"the address {public_url}", "" if usable else advice)


def _triggers(manifest: Mapping[str, object], public_url: str) -> Found:
    """Every address in the manifest is ours, and each trigger is one that the routes answer."""
    urls = sorted(_urls(manifest))
    foreign = [one for one in urls if not one.startswith(f"{public_url}/")]
    ours = [one for one in urls if one.startswith(f"{public_url}{PREFIX}/")]
    called = {one for one in ours if "/static/" not in one}
    answered = {public_url + one.call.path for one in ENTRIES.values() if one.kind is Kind.TRIGGER}
    wrong = [*foreign, *sorted(called ^ answered)]
    advice = f"These addresses do not agree with the routes: {', '.join(wrong)}."
    return Found("addresses of the triggers", advice if wrong else "")


def _urls(value: object) -> Iterator[str]:
    match value:
        case dict():
            for one in value.values():
                yield from _urls(one)
        case list():
            for one in value:
                yield from _urls(one)
        case str() if value.startswith(("https://", "http://")) and SCOPES not in value:
            yield value
        case _:
            return


def _scopes(manifest: Mapping[str, object]) -> Found:
    """The scopes are those that the add-on uses, each with its reason."""
    listed = manifest.get("oauthScopes")
    given = set(listed) if isinstance(listed, list) else set()
    wrong = sorted(given ^ set(ASKED_FOR)) or sorted(given - set(JUSTIFICATIONS))
    advice = f"These scopes are missing, not used, or without a reason: {', '.join(wrong)}."
    return Found(f"the {len(ASKED_FOR)} scopes", advice if wrong else "")


def _name(manifest: Mapping[str, object]) -> Found:
    add_ons = manifest.get("addOns")
    common = add_ons.get("common") if isinstance(add_ons, dict) else None
    name = str(common.get("name", "")) if isinstance(common, dict) else ""
    usable = 0 < len(name) <= LONGEST_NAME and not any(one in name.lower() for one in OF_GOOGLE)
    advice = f"A listing takes 1 to {LONGEST_NAME} characters without Google's own names."
    return Found(f"the name {name}", "" if usable else advice)


def _picture(name: str, size: tuple[int, int]) -> Found:
    width, height = size
    what = f"{name}, {width} by {height} pixels"
    try:
        head = (STATIC / name).read_bytes()[:24]
    except OSError:
        return Found(what, "The file is missing. Install the whole package again.")
    found = struct.unpack(">II", head[16:24]) if head.startswith(PNG) and len(head) == 24 else None
    advice = "It has another size, or is no PNG file."
    return Found(what, "" if found == size else advice)


def _same(manifest: Mapping[str, object], installed: str) -> Found:
    what = "Google's copy is the same"
    try:
        theirs = json.loads(installed)
    except ValueError:
        theirs = None
    if not isinstance(theirs, dict):
        return Found(what, "The file is no JSON. Add --format=json to the command of gcloud.")
    stored = {key: value for key, value in theirs.items() if key not in NAMED_BY_GOOGLE}
    differing = sorted(_differences(manifest, stored))
    advice = f"It differs in: {', '.join(differing[:10])}. Replace the deployment."
    return Found(what, advice if differing else "")


def _differences(ours: object, theirs: object, place: str = "") -> Iterator[str]:
    """The places in which two manifests differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted({*ours, *theirs}):
            yield from _differences(ours.get(key), theirs.get(key), f"{place}.{key}".lstrip("."))
    elif _in_order(ours) != _in_order(theirs):
        yield place


def _in_order(value: object) -> object:
    """Google may keep a list of scopes in another order."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return sorted(value)
    return value
