"""Page tokens that mark a place in a listing, so that new mail neither skips nor repeats a row."""

import base64
import binascii

from backend.simulator.gmail.errors import bad_request

FAR_FUTURE = 1 << 62


def token_after(internal_date: int, ident: int) -> str:
    return base64.urlsafe_b64encode(f"{internal_date}:{ident}".encode()).decode().rstrip("=")


def place_of(token: str) -> tuple[int, int]:
    """(internal date, id) of the last row of the page before; the top without a token."""
    if not token:
        return FAR_FUTURE, FAR_FUTURE
    try:
        padded = token + "=" * (-len(token) % 4)
        date, _, ident = base64.urlsafe_b64decode(padded).decode().partition(":")
        return int(date), int(ident)
    except (binascii.Error, ValueError) as error:
        raise bad_request("Invalid pageToken") from error
