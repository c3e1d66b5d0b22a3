"""Who waits longest begins first; and no log that a test leaves behind may show a student."""

import pytest

from tests.leaks import logs_under, no_leaks_in

LONGEST = "test_chaos.py"


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name != LONGEST)


@pytest.fixture(autouse=True)
def no_log_leaks(tmp_path):
    """Whatever process a test starts: what it wrote into a log below its folder is looked at."""
    yield
    no_leaks_in(logs_under(tmp_path))
