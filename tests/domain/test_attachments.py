import pytest

from backend.domain.writing.attachments import content_type


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Offer.PDF", "application/pdf"),
        ("notes.txt", "text/plain"),
        ("table.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("logs.tar.gz", "application/gzip"),
        ("readme", "application/octet-stream"),
        ("x.unheard-of", "application/octet-stream"),
        ("folder.pdf/plain", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_the_type_comes_from_the_name(name: str, kind: str) -> None:
    assert content_type(name) == kind
