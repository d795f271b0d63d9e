"""The section "Account": health, last touch, next date, CSM and AE, further accounts."""

from backend.domain.customers.account_health import HealthLevel, health_level
from backend.domain.summaries.panel import KnownPerson
from backend.domain.summaries.people import AccountSummary
from cards.card_context import CardContext
from cards.clicks import Json
from cards.text import BESIDE_ICON, Markup, colored, cut, joined, plain
from cards.times import ago, day
from cards.widgets import Row, known_icon, own_icon

COLORS = {
    HealthLevel.HEALTHY: "#0b5c34",
    HealthLevel.ATTENTION: "#6b4300",
    HealthLevel.AT_RISK: "#8f1a1a",
}


def account_rows(panel: KnownPerson, context: CardContext) -> list[Json]:
    """The rows that are not empty; none without an account."""
    account = panel.account
    if account is None:
        return []
    return [
        *_health(account),
        *_last_touch(account, context),
        *_next_date(account, context),
        *_responsible(account),
        *_further(panel, context),
    ]


def health_text(health: int) -> Markup:
    """The value in words, in colour, and as a number."""
    level = health_level(health)
    return joined(colored(level, COLORS[level]), plain(f", {health} of 100"))


def _health(account: AccountSummary) -> list[Json]:
    if account.health is None:
        return []
    icon = known_icon("STAR", "Health")
    return [Row(icon=icon, top="Health", text=health_text(max(account.health, 0))).widget()]


def _last_touch(account: AccountSummary, context: CardContext) -> list[Json]:
    at = account.last_interaction_at
    if at is None:
        return []
    received = account.last_reply_at is not None and account.last_reply_at >= at
    when = ago(at, context)
    said = f"{when[0].upper()}{when[1:]}, {'by them' if received else 'by us'}"
    return [
        Row(icon=known_icon("CLOCK", "Last touch"), top="Last touch", text=plain(said)).widget()
    ]


def _next_date(account: AccountSummary, context: CardContext) -> list[Json]:
    if account.renews_on is None:
        return []
    past = account.renews_on < context.now.astimezone(context.zone).date()
    said = f"{'Renewed' if past else 'Renews'} {day(account.renews_on, context)}"
    icon = own_icon(context, "calendar", "Next date")
    return [Row(icon=icon, top="Last renewal" if past else "Next date", text=plain(said)).widget()]


def _responsible(account: AccountSummary) -> list[Json]:
    names = [(role, line.name) for role, line in (("CSM", account.csm), ("AE", account.ae)) if line]
    if not names:
        return []
    return [
        Row(
            icon=known_icon("PERSON", "Responsible"),
            top=" and ".join(role for role, _ in names),
            text=plain(cut(" and ".join(dict.fromkeys(name for _, name in names)), BESIDE_ICON)),
        ).widget()
    ]


def _further(panel: KnownPerson, context: CardContext) -> list[Json]:
    own = panel.account.id if panel.account else None
    others = [line.name for line in panel.contact.accounts if line.id != own]
    if not others:
        return []
    icon = own_icon(context, "account", "Account")
    return [Row(icon=icon, top="Also at", text=plain(", ".join(others)), wrap=True).widget()]
