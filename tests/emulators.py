"""Google's emulators for the tests that need them: started once in a session, ended with it.

Such a test has the marker `emulators`, or asks for the fixture. Where they are missing it is
skipped, and the summary says so; with CI set nothing runs at all, for a skip would pass as green.
"""

import os

import pytest

from infra.local.emulators import NoEmulators, find_emulators, running_emulators

MISSING = pytest.StashKey[str]()
LEFT_OUT = pytest.StashKey[int]()


def pytest_configure(config):
    config.addinivalue_line("markers", "emulators: needs Google's emulators")
    config.stash[LEFT_OUT] = 0


@pytest.hookimpl(trylast=True)  # what -k and -m leave out needs nothing
def pytest_collection_modifyitems(config, items):
    needing = [item for item in items if needs_emulators(item)]
    missing = why_missing() if needing else None
    if missing is None:
        return
    if os.environ.get("CI"):
        raise pytest.UsageError(f"with CI set, no test may be left out: {missing}")
    for item in needing:
        item.add_marker(pytest.mark.skip(reason=f"needs Google's emulators: {missing}"))
    config.stash[LEFT_OUT], config.stash[MISSING] = len(needing), missing


def pytest_terminal_summary(terminalreporter, config):
    if number := config.stash[LEFT_OUT]:
        terminalreporter.write_line(
            f"{number} test{'s' * (number > 1)} left out for want of Google's emulators:"
            f" {config.stash[MISSING]}",
            yellow=True,
        )


def needs_emulators(item):
    return item.get_closest_marker("emulators") or "emulators" in getattr(item, "fixturenames", ())


def why_missing():
    """What is missing, and how to install it; None if nothing is."""
    try:
        find_emulators()
    except NoEmulators as missing:
        return str(missing)
    return None


@pytest.fixture(scope="session")
def emulators(tmp_path_factory):
    """Where the emulators answer: `.pubsub` and `.firestore`, each as host:port."""
    folder = tmp_path_factory.mktemp("emulators")
    with running_emulators(find_emulators(), folder) as running:
        warm_up(running)
        yield running


def warm_up(running):
    """Write once: under load a cold emulator's first commit outlives its try, and meets itself."""
    import grpc  # here, because every session imports this file
    from google.auth.credentials import AnonymousCredentials
    from google.cloud.firestore_v1.services.firestore import FirestoreClient
    from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport

    channel = grpc.insecure_channel(running.firestore)
    client = FirestoreClient(
        transport=FirestoreGrpcTransport(channel=channel, credentials=AnonymousCredentials())
    )
    database = "projects/warm-up/databases/(default)"
    write = {"update": {"name": f"{database}/documents/any/one"}}
    metadata = [("authorization", "Bearer owner")]
    request = {"database": database, "writes": [write]}
    client.commit(request=request, metadata=metadata, retry=None, timeout=60)
    channel.close()
