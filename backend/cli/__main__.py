"""Entry for `python -m backend.cli`, which the launcher `rapport` calls."""

from backend.cli.group import rapport


def main() -> None:
    """Run the command that the arguments name."""
    rapport(prog_name="rapport")


if __name__ == "__main__":
    main()
