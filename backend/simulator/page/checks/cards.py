"""All rules beyond Google's parser, applied to one parsed card and the cards it carries inside.

Separate so that the rules do not know one another.
"""

from backend.simulator.page.checks.addresses import check_addresses
from backend.simulator.page.checks.availability import check_availability
from backend.simulator.page.checks.card_parse import cards_within, parts_of
from backend.simulator.page.checks.findings import Finding, Json
from backend.simulator.page.checks.limits import check_limits
from backend.simulator.page.checks.markup import check_markup
from backend.simulator.page.checks.place import Place
from backend.simulator.page.checks.required import check_required
from backend.simulator.page.checks.style import check_style


def check_card(card: Json, path: str, place: Place) -> list[Finding]:
    """Everything there is to say about a canonical card, in the order of its parts."""
    findings: list[Finding] = []
    for one, where in cards_within(card, path):
        parts = list(parts_of(one, where))
        for part in parts:
            findings.extend(check_required(part))
            findings.extend(check_availability(part, place))
            findings.extend(check_addresses(part, place))
            findings.extend(check_markup(part))
            findings.extend(check_style(part))
        findings.extend(check_limits(one, where, parts))
    return findings
