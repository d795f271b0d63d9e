"""The fields of a posted form as the bytes that were sent.

A raw message is not always UTF-8, and decoding it would replace what is not.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from backend.errors import InputError

MOST_FIELDS = 1000
EIGHT_BITS = "latin-1"
"""Maps every byte to one character and back."""


def form_bytes(body: bytes, content_type: str) -> Mapping[str, Sequence[bytes]]:
    """The values of each field, in their order; empty for a body of another type. Raises
    InputError for a form that cannot be read.
    """
    kind, options = parse_options_header(content_type)
    try:
        if kind == "multipart/form-data":
            return _multipart(body, options.get("boundary", "").encode(EIGHT_BITS))
        if kind == "application/x-www-form-urlencoded":
            return _urlencoded(body)
    except (ValueError, RequestEntityTooLarge) as error:
        raise InputError("This form can't be read.") from error
    return {}


def _multipart(body: bytes, boundary: bytes) -> Mapping[str, Sequence[bytes]]:
    decoder = MultipartDecoder(boundary, max_parts=MOST_FIELDS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    found: defaultdict[str, list[bytes]] = defaultdict(list)
    name, pieces = "", list[bytes]()
    while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
        if isinstance(event, Field | File):
            name, pieces = event.name, []
        elif isinstance(event, Data):
            pieces.append(event.data)
            if not event.more_data:
                found[name].append(b"".join(pieces))
    return found


def _urlencoded(body: bytes) -> Mapping[str, Sequence[bytes]]:
    found: defaultdict[str, list[bytes]] = defaultdict(list)
    text = body.decode(EIGHT_BITS)
    for name, value in parse_qsl(
        text, keep_blank_values=True, encoding=EIGHT_BITS, max_num_fields=MOST_FIELDS
    ):
        found[name].append(value.encode(EIGHT_BITS))
    return found
