"""A data folder that is begun without the example company."""

from pathlib import Path

import pytest

from backend.errors import ConfigurationError
from backend.local.data_dir import DataDir
from backend.local.up import begin_empty, is_begun_empty


def test_a_folder_begun_empty_stays_so(tmp_path: Path) -> None:
    assert not is_begun_empty(DataDir(tmp_path))
    begin_empty(DataDir(tmp_path))
    assert is_begun_empty(DataDir(tmp_path))


def test_the_example_company_is_not_taken_out_again(tmp_path: Path) -> None:
    (tmp_path / "seeded").touch()
    with pytest.raises(ConfigurationError, match="Name another folder by RAPPORT_DATA_DIR"):
        begin_empty(DataDir(tmp_path))
