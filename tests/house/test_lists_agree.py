"""What is listed twice has to agree: jobs, queues, settings, policies, paths in the README."""

import inspect
import re
from pathlib import Path

import pytest

from backend.domain.policies import POLICIES
from backend.domain.policies import SETTINGS as POLICY_SETTINGS
from backend.jobs import QUEUE_OF, JobName, QueueName
from backend.settings import SETTINGS, Settings
from tests.house.tree import ROOT, sources, text_of
from worker import jobs
from worker.queues import SERVES

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_job_name_is_a_function_and_every_function_a_job() -> None:
    functions = {
        name
        for name, value in inspect.getmembers(jobs, inspect.isfunction)
        if value.__module__ == jobs.__name__
    }
    assert functions == {name.value for name in JobName}


def test_every_job_has_a_queue_and_every_queue_a_worker() -> None:
    assert set(QUEUE_OF) == set(JobName)
    assert {queue for served in SERVES.values() for queue in served} == set(QueueName)


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_the_readme_tells_every_setting(name: str) -> None:
    assert f"`{name}`" in README


def test_the_readme_tells_no_setting_that_does_not_exist() -> None:
    told = set(re.findall(r"`(RAPPORT_[A-Z_]+)`", README))
    assert told <= set(SETTINGS)


def test_every_setting_is_a_field() -> None:
    fields = {f"RAPPORT_{name.upper()}" for name in Settings.__dataclass_fields__}
    assert set(SETTINGS) == fields


def test_the_contract_has_34_policies() -> None:
    assert [policy.id for policy in POLICIES] == [f"D-{number}" for number in range(1, 35)]
    assert POLICY_SETTINGS


DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "backend/simulator/README.md"]


@pytest.mark.parametrize("path", sorted(DOCUMENTS), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_that_a_document_names_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    linked = re.findall(r"\]\(((?!https?:|#)[^)]+)\)", text)
    named = re.findall(r"`((?:addon|backend|cards|docs|tests|worker)/[\w./-]*)`", text)
    beside = [(path.parent / link.partition("#")[0]).resolve() for link in linked]
    paths = {*beside, *(ROOT / one for one in named)}
    assert [one for one in sorted(paths) if not one.exists()] == []


def test_no_file_of_ours_mocks_our_own_code() -> None:
    word = "unittest." + "mock"
    assert [
        str(path) for path in sources("tests", "backend", "addon") if word in text_of(path)
    ] == []
