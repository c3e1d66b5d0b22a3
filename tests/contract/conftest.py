"""A fresh store behind each port, once for every adapter that serves it."""

import pytest

from tests.contract.backends import (
    DIRECTORIES,
    FORM_STATES,
    LEDGERS,
    LINES,
    ON_EMULATORS,
    QUEUES,
    RECEIPTS,
    REVIEWS,
    TOPICS,
)


def every(table):
    """The adapters of a table as parameters."""
    marks = dict.fromkeys(ON_EMULATORS, pytest.mark.emulators)
    return [pytest.param(name, marks=marks.get(name, ())) for name in table]


def opened(table, request):
    """The store of the adapter that the parameter names."""
    folder = request.getfixturevalue("tmp_path")
    return table[request.param](folder, lambda: request.getfixturevalue("emulators"))


@pytest.fixture(params=every(LEDGERS))
def ledgers(request):
    with opened(LEDGERS, request) as backend:
        yield backend


@pytest.fixture(params=every(REVIEWS))
def desks(request):
    with opened(REVIEWS, request) as backend:
        yield backend


@pytest.fixture(params=every(RECEIPTS))
def receipts(request):
    with opened(RECEIPTS, request) as backend:
        yield backend


@pytest.fixture(params=every(DIRECTORIES))
def directories(request):
    with opened(DIRECTORIES, request) as backend:
        yield backend


@pytest.fixture(params=every(FORM_STATES))
def form_states(request):
    with opened(FORM_STATES, request) as backend:
        yield backend


@pytest.fixture(params=every(LINES))
def lines(request):
    with opened(LINES, request) as backend:
        yield backend


@pytest.fixture(params=every(TOPICS))
def topics(request):
    with opened(TOPICS, request) as backend:
        yield backend


@pytest.fixture(params=every(QUEUES))
def queues(request):
    with opened(QUEUES, request) as backend:
        yield backend
