"""Entry for `python -m backend.cli`, which the launcher `rapport` calls."""

from backend.cli.group import rapport

rapport(prog_name="rapport")
