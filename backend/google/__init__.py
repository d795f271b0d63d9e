"""The only code that speaks to Google: every answer leaves it as a dataclass of ours."""
