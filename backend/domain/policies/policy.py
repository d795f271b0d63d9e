"""What one row of the disagreements is: a question, its settings, and why the default is so.

Separate so that pages, API and help can be driven from the rows without knowing any of them.
"""

from dataclasses import dataclass

from backend.domain.policies.setting import WHO_SETS, AnySetting, Level


@dataclass(frozen=True, kw_only=True, eq=False)
class Policy:
    """One disagreement (D-1 … D-34). `why` defends the defaults in one sentence."""

    id: str
    title: str
    question: str
    why: str
    settings: tuple[AnySetting, ...]

    @property
    def fixed(self) -> bool:
        """Whether nobody can change it."""
        return not any(setting.levels for setting in self.settings)

    @property
    def who(self) -> str:
        """Who may change it, in a sentence or several."""
        levels = {level for setting in self.settings for level in setting.levels}
        said = " ".join(WHO_SETS[level] for level in Level if level in levels)
        return said or "Nobody can change it."
