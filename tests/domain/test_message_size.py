import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.reasons import Reason
from backend.domain.writing.message_size import (
    MB,
    Fits,
    MayBounce,
    TooLarge,
    check_size,
    encoded_size,
)


@pytest.mark.contract("H-21", "D-27")
@pytest.mark.parametrize(
    ("files", "verdict"),
    [
        ([], Fits),
        ([18 * MB - 1], Fits),
        ([9 * MB, 9 * MB], MayBounce),
        ([25 * MB], MayBounce),
        ([25 * MB, 1], TooLarge),
    ],
    ids=["no files", "just below the warning", "from 18 MB", "25 MB fit", "one byte more"],
)
def test_what_becomes_of_attachments(files: list[int], verdict: type[object]) -> None:
    assert isinstance(check_size(files), verdict)


def test_a_lower_setting_holds() -> None:
    assert isinstance(check_size([11 * MB], max_files_mb=10), TooLarge)


def test_the_whole_message_must_fit_as_it_travels() -> None:
    found = check_size([20 * MB], text=8 * MB)
    assert isinstance(found, TooLarge)
    assert found.reason is Reason.TOO_LARGE_TO_SEND
    assert "35 MB for the whole message" in found.sentence
    assert isinstance(check_size([9 * MB], max_encoded=10 * MB), TooLarge)


@given(st.lists(st.binary(max_size=2000), max_size=5))
def test_the_encoded_size_is_never_underestimated(files: list[bytes]) -> None:
    # Line ends travel as two bytes, encodebytes writes one.
    real = sum(len(base64.encodebytes(file).replace(b"\n", b"\r\n")) for file in files)
    assert encoded_size([len(file) for file in files]) >= real
