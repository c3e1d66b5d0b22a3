"""Forms that are read, with and without a first look."""

import pytest

from tests.forms import a_reading
from tests.forms_api import FakeForms


@pytest.fixture
def google():
    with FakeForms() as opened:
        yield opened


@pytest.fixture
def unlooked(google):
    made = a_reading(google)
    yield made
    made.forms.google.close()


@pytest.fixture
def reading(unlooked):
    """After a first look: what is sent from now on is believed."""
    unlooked.look_first()
    return unlooked
