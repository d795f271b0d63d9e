"""Requests whose fields, addresses and file names are free of unstorable characters."""

from typing import Any

from flask import Request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict

from backend.domain.typed_text import typed_text


class Typed(ImmutableMultiDict[str, Any]):
    """Fields without characters that a column or a message cannot hold."""

    def __init__(self, mapping: Any = None) -> None:
        given = ImmutableMultiDict(mapping).items(multi=True)
        super().__init__([(typed_text(name), _kept(value)) for name, value in given])


class TypedRequest(Request):
    """A request whose fields are `Typed`."""

    parameter_storage_class = Typed


def _kept(value: Any) -> Any:
    if isinstance(value, FileStorage) and value.filename:
        value.filename = typed_text(value.filename)
    return typed_text(value) if isinstance(value, str) else value
