"""One API call and its answer, the same whether it came alone, in a batch or as an upload."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.simulator.drops import Drop
from backend.simulator.gmail.errors import ApiError

Json = dict[str, object]


@dataclass(frozen=True)
class Call:
    """`path` begins at /gmail/v1/. Header names lower-case. `media` is an uploaded mail."""

    verb: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes = b""
    media: bytes | None = None

    @property
    def token(self) -> str:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return token.strip()
        return self.query.get("access_token", [""])[0]


@dataclass(frozen=True)
class Answer:
    """What goes back. `fault` names the fault that shaped it."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    drop: Drop = Drop.NO


def answer_error(error: ApiError) -> Answer:
    return Answer(error.code, json.dumps(error.as_json()).encode(), error.headers)
