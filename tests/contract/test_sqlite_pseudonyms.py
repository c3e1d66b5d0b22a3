"""A store knows the key that its ids were made with, and nothing else of it."""

import pytest

from enrollment.adapters.sqlite import Database, SqlitePseudonyms
from enrollment.clock import Deadline
from enrollment.pseudonyms import OtherKey
from tests.contract.backends import HandMovedClock

KEY, OTHER = b"a key of thirty-two bytes or more", b"another key of thirty-two bytes .."


@pytest.fixture
def pseudonyms(tmp_path):
    database = Database(str(tmp_path / "school.db"), HandMovedClock())
    yield SqlitePseudonyms(database)
    database.close()


def test_the_first_key_is_remembered_and_another_is_refused(pseudonyms):
    deadline = Deadline.starting_now(pseudonyms.database.clock)
    pseudonyms.check(KEY, deadline)

    pseudonyms.check(KEY, deadline)

    with pytest.raises(OtherKey):
        pseudonyms.check(OTHER, deadline)


def test_the_key_itself_is_not_in_the_store(pseudonyms, tmp_path):
    pseudonyms.check(KEY, Deadline.starting_now(pseudonyms.database.clock))

    assert all(KEY not in path.read_bytes() for path in tmp_path.iterdir())
