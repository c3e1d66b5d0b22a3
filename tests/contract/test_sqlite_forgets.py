"""What a store forgets by itself, when an engine moves in: minors' data is not kept for ever."""

from datetime import timedelta

from enrollment.adapters.sqlite import Database, SqliteLedger, SqliteReviews, only_engine
from enrollment.clock import Deadline
from enrollment.entry import State
from enrollment.outcome import Outcome
from enrollment.review_item import ItemState
from enrollment.timing import REMEMBERED
from tests.contract.backends import HandMovedClock
from tests.contract.builders import NOON, an_entry, an_item

SETTLED = {"state": State.SETTLED, "outcome": Outcome.ENROLLED}
CLOSED = {"state": ItemState.DISMISSED, "closed_at": NOON, "closed_by": "office"}


def test_what_is_past_its_time_is_deleted_and_what_waits_for_a_person_is_not(tmp_path):
    clock = HandMovedClock()
    database = Database(str(tmp_path / "school.db"), clock)
    ledger, reviews = SqliteLedger(database), SqliteReviews(database)
    deadline = Deadline.starting_now(clock)
    ends = NOON + REMEMBERED
    ledger.create(an_entry(request_id="settled:0001", expire_at=ends, **SETTLED), deadline)
    ledger.create(an_entry(request_id="in-review:0001", **SETTLED), deadline)
    reviews.file(an_item("a" * 64, **CLOSED), deadline)
    reviews.file(an_item("b" * 64), deadline)

    clock.move(REMEMBERED + timedelta(days=1))
    with only_engine(database):
        left = [
            request_id
            for request_id in ("settled:0001", "in-review:0001")
            if ledger.get(request_id, Deadline.starting_now(clock))
        ]

    assert left == ["in-review:0001"]
    assert reviews.get("a" * 64, deadline) is None
    assert reviews.get("b" * 64, deadline) is not None
    database.close()
