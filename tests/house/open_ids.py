"""`python -m tests.house.open_ids` prints the ids of the contract that are not shown from their
users' side yet: by a test in `tests/contract`, through an edge of the running product.

To rewrite the list: `python -m tests.house.open_ids > tests/house/open_contract_ids.txt`.
"""

from tests.house.tree import shown_contract_ids

COUNTS = {"V": 44, "VC": 104, "K": 42, "S": 53, "H": 57, "D": 34}
CONTRACT = tuple(
    f"{area}-{number}" for area, most in COUNTS.items() for number in range(1, most + 1)
)


def still_open() -> list[str]:
    """In the contract's order."""
    shown = shown_contract_ids()
    return [one for one in CONTRACT if one not in shown]


if __name__ == "__main__":
    print(*still_open(), sep="\n")
