"""A school, its roster, and a store that an engine has worked on; each test gets a copy of it."""

import os
import shutil
from contextlib import ExitStack

import pytest

from infra.fake_classroom import FakeClassroom
from tests.cli.commands import SETTINGS, at_a_fake, run
from tests.cli.schools import a_roster, a_school


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch, tmp_path):
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def fake(monkeypatch):
    """A fake Classroom that the environment names."""
    with FakeClassroom(a_school()) as fake:
        for name, value in at_a_fake(fake.endpoint).items():
            monkeypatch.setenv(name, value)
        yield fake


@pytest.fixture(scope="session")
def worked_on(tmp_path_factory):
    """A store after one run: what it said, and the file."""
    folder = tmp_path_factory.mktemp("worked-on")
    before = {name: os.environ.pop(name, None) for name in SETTINGS}
    try:
        with FakeClassroom(a_school()) as fake:
            os.environ.update(at_a_fake(fake.endpoint))
            store = f"sqlite:///{folder}/school.db"
            said = run("run", a_roster(folder / "roster"), "--wait", "0", "--store", store)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
    return said, folder / "school.db"


@pytest.fixture
def store(worked_on, tmp_path, monkeypatch):
    """A copy of that store, named by the environment of a fake school that is not running."""
    copy = tmp_path / "school.db"
    shutil.copy(worked_on[1], copy)
    for name, value in at_a_fake("http://127.0.0.1:9/").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ENROLLMENT_STORE", f"sqlite:///{copy}")
    return f"sqlite:///{copy}"


@pytest.fixture
def cloud(emulators, fake, monkeypatch):
    """A project on the emulators and a fake Classroom, both named by the environment."""
    from tests.cli.cloud import a_cloud  # Google's clients: most commands do without them

    with ExitStack() as stack:
        yield a_cloud(emulators, monkeypatch, stack)
