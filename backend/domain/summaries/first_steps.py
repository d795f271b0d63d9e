"""How far a new workspace is: what each of its first steps has come to."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FirstSteps:
    """What is there already. `asked` are invitations that wait."""

    workspace: str
    has_customers: bool
    gmail_on: bool
    somebody_connected: bool
    me_connected: bool
    colleagues: int
    asked: int
