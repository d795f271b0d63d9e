"""Files of waiting mail in a real browser: they are saved, and never become a page."""

from pathlib import Path

import pytest

from tests.browser.console_pages.conftest import OFFER, Served, Surfer

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("where", ["", "/edit"], ids=["the mail", "its form"])
def test_a_file_of_waiting_mail_is_saved_and_nothing_of_it_runs(
    robin: Surfer, served: Served, where: str
) -> None:
    page = robin.page
    page.goto(f"/pending/{served.pending}{where}")
    name = "Download" if where else OFFER.name
    with page.expect_download() as begun:
        page.get_by_role("link", name=name).click()
    saved = begun.value
    assert saved.suggested_filename == OFFER.name
    assert Path(saved.path()).read_bytes() == OFFER.data
    assert page.url.endswith(f"/pending/{served.pending}{where}")
    assert robin.complaints.texts == []
