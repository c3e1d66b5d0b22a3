"""A stack that shows what nobody may see does not pass, whatever else a test has looked at."""

import os

import pytest

from enrollment.adapters.firestore import open_firestore
from enrollment.adapters.firestore.documents import Documents
from tests.leaks import leaks_in
from tests.stack.stage import a_stage

pytestmark = [pytest.mark.stack, pytest.mark.emulators]

ADA = "ada@northside.example"


def test_what_is_planted_in_a_log_an_attribute_and_a_path_is_found(emulators, tmp_path):
    planted = tmp_path / "planted.log"
    with (  # noqa: PT012 - what is planted is found when the stage ends
        pytest.raises(AssertionError, match="an address"),
        a_stage(emulators, tmp_path, seed=1, quota=900) as stage,
    ):
        planted.write_text(f"no account for {ADA}\n")
        topic = stage.pubsub.topic("enrollment-requests")
        stage.pubsub.publisher.publish(
            topic=topic, messages=[{"data": b"{}", "attributes": {"student": ADA}}]
        )
        store_under(ADA, stage)

    planted.unlink()  # or it would be found again
    assert {each.place for each in leaks_in(stage.ears.written)} == {
        "planted.log",
        "attributes on enrollment-requests",
        "a path in enrollments",
    }


def store_under(name, stage):
    """A document whose name is an address."""
    os.environ.update(stage.stack.emulators.environment)
    database = open_firestore(stage.pubsub.project)
    try:
        Documents(database, "enrollments").create(name, {"state": "settled"}, stage.memory.deadline)
    finally:
        database.close()
