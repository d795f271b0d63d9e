"""The `fields` parameter: which members of an answer are wanted, in Google's selector language."""

from backend.simulator.gmail.errors import bad_request

Selector = dict[str, "Selector"]


def parse_selector(text: str) -> Selector:
    """Members and their inner members.

    >>> parse_selector("messages(id,payload/headers),nextPageToken")
    {'messages': {'id': {}, 'payload': {'headers': {}}}, 'nextPageToken': {}}
    """
    selector, rest = _parse(text.replace(" ", ""), 0)
    if rest != len(text.replace(" ", "")):
        raise bad_request("Invalid field selection", "invalidParameter")
    return selector


def select(value: object, selector: Selector) -> object:
    """Only what the selector names; lists are gone through item by item."""
    if not selector or "*" in selector:
        return value
    if isinstance(value, list):
        return [select(one, selector) for one in value]
    if isinstance(value, dict):
        return {
            name: select(value[name], inner) for name, inner in selector.items() if name in value
        }
    return value


def _parse(text: str, at: int) -> tuple[Selector, int]:
    found: Selector = {}
    while True:
        end = at
        while end < len(text) and text[end] not in "/(),":
            end += 1
        if end == at:
            raise bad_request("Invalid field selection", "invalidParameter")
        name, at = text[at:end], end
        inner: Selector = {}
        if at < len(text) and text[at] == "/":
            inner, at = _step(text, at + 1)
        elif at < len(text) and text[at] == "(":
            inner, at = _parse(text, at + 1)
            if at >= len(text) or text[at] != ")":
                raise bad_request("Invalid field selection", "invalidParameter")
            at += 1
        found[name] = _merged(found.get(name, {}), inner)
        if at < len(text) and text[at] == ",":
            at += 1
            continue
        return found, at


def _step(text: str, at: int) -> tuple[Selector, int]:
    """One path step: what follows belongs to the same item, up to a comma."""
    end = at
    while end < len(text) and text[end] not in "/(),":
        end += 1
    name = text[at:end]
    inner: Selector = {}
    if not name:
        raise bad_request("Invalid field selection", "invalidParameter")
    if end < len(text) and text[end] == "/":
        inner, end = _step(text, end + 1)
    elif end < len(text) and text[end] == "(":
        inner, end = _parse(text, end + 1)
        end += 1
    return {name: inner}, end


def _merged(one: Selector, other: Selector) -> Selector:
    return one | {name: _merged(one.get(name, {}), inner) for name, inner in other.items()}
