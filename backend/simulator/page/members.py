"""Members of foreign JSON by name and kind: a missing or mistyped one is empty.

Every border of the page reads this way: its own requests, the deployment, the answers.
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
