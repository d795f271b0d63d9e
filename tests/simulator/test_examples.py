"""The examples in the simulator's docstrings hold."""

import doctest
import importlib
import pkgutil

import pytest

import backend.simulator

MODULES = [
    found.name
    for found in pkgutil.walk_packages(backend.simulator.__path__, "backend.simulator.")
    if not found.name.endswith("__main__") and ".page" not in found.name
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
