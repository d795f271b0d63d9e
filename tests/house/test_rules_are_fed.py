"""A rule exists when the product feeds it: each input is supplied, or listed as coming later.

Reads the tree as text: which frozen dataclasses the rules take, which of their fields some call
outside the tests supplies, and which public functions nothing calls. Rules are everything in
`backend/domain`.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from backend.domain.policies import FACTS_LATER
from tests.house.tree import sources, text_of

DOMAIN = "backend/domain/"


@cache
def trees() -> Mapping[str, ast.Module]:
    """What runs, outside the simulator."""
    return {
        path.as_posix(): ast.parse(text_of(path))
        for path in sources("addon", "backend", "cards", "worker")
        if not path.as_posix().startswith("backend/simulator/")
    }


def rules() -> Iterator[ast.stmt]:
    """The statements in the modules of the rules."""
    for path, tree in trees().items():
        if path.startswith(DOMAIN):
            yield from tree.body


def is_public_function(node: ast.stmt) -> bool:
    """Whether other modules may call it."""
    return isinstance(node, ast.FunctionDef) and not node.name.startswith("_")


def fields_of(node: ast.ClassDef) -> Mapping[str, ast.expr]:
    """The fields of a dataclass with their annotations."""
    return {
        one.target.id: one.annotation
        for one in node.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }


@cache
def frozen() -> Mapping[str, Mapping[str, ast.expr]]:
    """The frozen dataclasses of the rules: their inputs and answers."""
    return {
        node.name: fields_of(node)
        for node in rules()
        if isinstance(node, ast.ClassDef)
        and any("frozen=True" in ast.unparse(one) for one in node.decorator_list)
    }


def named(annotation: ast.expr | None) -> set[str]:
    """The frozen dataclasses that an annotation names."""
    if annotation is None:
        return set()
    return {one.id for one in ast.walk(annotation) if isinstance(one, ast.Name)} & set(frozen())


def taken() -> set[str]:
    """The dataclasses that rules take, and those inside them."""
    return with_inner(
        name
        for node in rules()
        if isinstance(node, ast.FunctionDef) and is_public_function(node)
        for argument in (*node.args.args, *node.args.kwonlyargs)
        for name in named(argument.annotation)
    )


def with_inner(names: Iterable[str]) -> set[str]:
    """These dataclasses and those inside them."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [one for kind in frozen()[name].values() for one in named(kind)]
    return found


def supplied(call: ast.Call, inside: str) -> Iterator[tuple[str, str]]:
    """The fields that one call supplies. `inside` is its class, if any."""
    name = getattr(call.func, "attr", "") or getattr(call.func, "id", "")
    name = inside if name == "cls" else name
    keywords = [one.arg for one in call.keywords]
    if name == "replace":
        yield from ((one, key) for one in frozen() for key in keywords if key)
    if name in frozen():
        fields = list(frozen()[name])
        whole = None in keywords or any(isinstance(one, ast.Starred) for one in call.args)
        given = fields if whole else [*fields[: len(call.args)], *(key for key in keywords if key)]
        yield from ((name, field) for field in given)


@cache
def telling() -> tuple[tuple[str, ast.AST], ...]:
    """Every call, import and attribute of production code, with its class, if any."""
    return tuple(
        (top.name if isinstance(top, ast.ClassDef) else "", node)
        for tree in trees().values()
        for top in tree.body
        for node in ast.walk(top)
        if isinstance(node, ast.Call | ast.ImportFrom | ast.Attribute)
    )


def all_supplied() -> set[tuple[str, str]]:
    """Every field of the rules' dataclasses that something supplies."""
    calls = [(inside, node) for inside, node in telling() if isinstance(node, ast.Call)]
    answers = with_inner(name for _, call in calls for name in decoded(call))
    return {pair for inside, call in calls for pair in supplied(call, inside)} | {
        (name, field) for name in answers for field in frozen()[name]
    }


def decoded(call: ast.Call) -> set[str]:
    """The dataclasses that a statement's answer is decoded into: Postgres supplies their fields."""
    declares = getattr(call.func, "id", "") in {"statement", "optional"} and len(call.args) == 2
    return named(call.args[1]) if declares else set()


def called() -> Iterator[tuple[str, str]]:
    """Module and name of what modules use of others; "" for an unknown module."""
    for _, node in telling():
        if isinstance(node, ast.ImportFrom):
            yield from ((str(node.module), one.name) for one in node.names)
        elif isinstance(node, ast.Attribute):
            yield ("", node.attr)


def uncalled(path: str, used: set[tuple[str, str]]) -> Iterator[str]:
    """The public functions of one module that neither it nor another calls."""
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    body = trees()[path].body
    own = {
        one.id
        for node in body
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and getattr(node, "name", "") != one.id
    }
    for node in body:
        if isinstance(node, ast.FunctionDef) and is_public_function(node):
            ways = {(module, node.name), (module.rpartition(".")[0], node.name), ("", node.name)}
            if node.name not in own and not ways & used:
                yield node.name


def test_every_input_of_a_rule_is_supplied_or_told_to_come_later() -> None:
    fed = all_supplied()
    unfed = {
        f"{name}.{field}"
        for name in taken()
        for field in frozen()[name]
        if (name, field) not in fed
    }
    assert unfed == {one for one in FACTS_LATER if "." in one}


def test_every_rule_is_called_or_told_to_come_later() -> None:
    used = set(called())
    found = {one for path in trees() if path.startswith(DOMAIN) for one in uncalled(path, used)}
    assert found == {one for one in FACTS_LATER if "." not in one}
