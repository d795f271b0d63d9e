"""Members of foreign JSON by name and kind: what is missing or of another kind is empty.

Separate because every border of the page reads so: its own requests, the deployment, the answers.
"""

Json = dict[str, object]


def object_in(parent: Json, name: str) -> Json:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def list_in(parent: Json, name: str) -> list[object]:
    value = parent.get(name)
    return value if isinstance(value, list) else []


def text_in(parent: Json, name: str) -> str:
    value = parent.get(name)
    return value if isinstance(value, str) else ""
