"""A fresh store behind each port, once for every adapter that serves it."""

import pytest

from tests.contract.backends import LEDGERS, LINES, QUEUES, REVIEWS


@pytest.fixture(params=LEDGERS)
def ledgers(request, tmp_path):
    with LEDGERS[request.param](tmp_path) as backend:
        yield backend


@pytest.fixture(params=REVIEWS)
def desks(request, tmp_path):
    with REVIEWS[request.param](tmp_path) as backend:
        yield backend


@pytest.fixture(params=LINES)
def lines(request, tmp_path):
    with LINES[request.param](tmp_path) as backend:
        yield backend


@pytest.fixture(params=QUEUES)
def queues(request, tmp_path):
    with QUEUES[request.param](tmp_path) as backend:
        yield backend
