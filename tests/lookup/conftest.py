"""A OneRoster service on this machine, and whoever asks it."""

import pytest

from tests.lookup.asker import Asker
from tests.oneroster_service import oneroster_service


@pytest.fixture
def service():
    with oneroster_service() as there:
        there.knows("17")
        there.has_class("BIO-7")
        yield there


@pytest.fixture
def asker(service):
    return Asker(service)
