"""The word for an account's health, 0 … 100, wherever it is shown."""

from enum import StrEnum


class HealthLevel(StrEnum):
    """How an account does, in a word."""

    HEALTHY = "Healthy"
    ATTENTION = "Needs attention"
    AT_RISK = "At risk"


HEALTHY_FROM, ATTENTION_FROM = 70, 40


def health_level(health: int) -> HealthLevel:
    """The word for a value.

    >>> [health_level(value).value for value in (70, 69, 40, 39)]
    ['Healthy', 'Needs attention', 'Needs attention', 'At risk']
    """
    if health >= HEALTHY_FROM:
        return HealthLevel.HEALTHY
    return HealthLevel.ATTENTION if health >= ATTENTION_FROM else HealthLevel.AT_RISK
