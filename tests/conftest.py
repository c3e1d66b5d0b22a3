"""What holds for every test: the option `--all`, Hypothesis's profile, the environment restored.

Those that need Google's emulators find the rule in `tests/emulators.py`.
"""

import os
from collections.abc import Generator

import pytest

pytest_plugins = ["tests.emulators"]

QUICK, ALL = 20, 2_000  # examples of one property


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all",
        action="store_true",
        help="the full counts of simulation, fuzz and chaos",
    )


def pytest_configure(config: pytest.Config) -> None:
    from hypothesis import HealthCheck, settings

    common = settings(
        deadline=None,  # a busy machine is no fault of the code
        database=None,  # nothing is left behind in the checkout
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.register_profile("quick", common, max_examples=QUICK)
    settings.register_profile("all", common, max_examples=ALL)
    settings.load_profile("all" if config.getoption("--all") else "quick")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole stacks first: they wait most, and whoever begins with them ends together."""
    items.sort(key=lambda item: item.get_closest_marker("stack") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """The environment as it was before the test; a fixture would cost each of them more time."""
    before = dict(os.environ)
    result = yield
    if os.environ != before:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
    return result
