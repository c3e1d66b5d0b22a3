"""Who waits longest begins first."""

LONGEST = "test_chaos.py"


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name != LONGEST)
