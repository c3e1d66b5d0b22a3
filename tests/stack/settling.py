"""When a stage has nothing left to do, and how a quarter of an hour passes there.

What `wake` has moved ahead and could not publish, because it died or Firestore or Pub/Sub went away
in between, is sent a quarter of an hour later; so is what Pub/Sub has not brought again by then.
One scenario waits for that; in the others it is set back, as if the time had passed. Nothing else
is: what waits so long for another reason, waits.
"""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from enrollment.entry import Letter, State
from enrollment.ports import Overtaken
from enrollment.timing import WAKE_AGAIN
from tests.stack.points import moves_wake_at
from tests.stack.wire import document_of

LOOK_SECONDS = 0.5
QUIET_SECONDS = 2.0
# What was published has arrived by then, if Pub/Sub had no reason to pause.
NOT_PUBLISHED = timedelta(seconds=90)


def all_settled(stage, patience, *, wait=False):
    """Wait until nothing is left to do, for so many seconds at most; whether it came to that.

    With `wait`, every quarter of an hour takes its time.
    """
    give_up = time.monotonic() + patience
    left = [each.id for each in stage.accepted]
    while time.monotonic() < give_up:
        left = [each for each in left if not _is_done(stage.memory, each)]
        odd = stage.odd.total() - _odd_items(stage)
        relays = stage.stack.deliveries.values()
        if not left and odd <= 0 and all(each.quiet_for >= QUIET_SECONDS for each in relays):
            break
        if not wait:
            _let_pass(stage, left)
        time.sleep(LOOK_SECONDS)
    stage.record.note(f"the end; {len(left)} are not settled")
    return not left


def a_quarter_of_an_hour_later(stage, request_id):
    """Set back what `wake` has moved ahead, as if the time had passed."""
    seen = stage.memory.stored(request_id)
    assert seen.entry.state is State.WAITING
    ahead = seen.entry.wake_at - seen.read_at
    assert timedelta(0) < ahead <= WAKE_AGAIN
    earlier = replace(seen.entry, wake_at=seen.entry.wake_at - WAKE_AGAIN)
    stage.memory.ledger.update(seen, earlier, stage.memory.deadline)
    stage.record.note(f"a quarter of an hour passes for {request_id}")


def _let_pass(stage, left):
    last = {each.said.document: each for each in list(stage.wires["firestore"].written)}
    for request_id in left:
        written, seen = last.get(document_of(request_id)), stage.memory.stored(request_id)
        if (
            written is not None  # else it was first written just now
            and seen is not None
            and seen.entry.state is State.WAITING
            and (moves_wake_at(written.said) or _left_to_redelivery(seen.entry))
            and written.at == seen.updated_at  # it was not set back before
            and seen.read_at - seen.updated_at > NOT_PUBLISHED
        ):
            with suppress(Overtaken):  # it has arrived just now
                a_quarter_of_an_hour_later(stage, request_id)


def _left_to_redelivery(entry):
    """Whether Pub/Sub is to bring it again, which after many failures pauses for ten minutes."""
    return entry.not_before is not None and entry.wake_at == entry.not_before + WAKE_AGAIN


def _is_done(memory, request_id):
    """Whether nothing more will happen to a request: settled, and filed if it was rejected."""
    entry = memory.entry(request_id)
    if entry is None or entry.state is not State.SETTLED or entry.letter is Letter.OWED:
        return False
    return entry.outcome.success or bool(memory.items(request_id))


def _odd_items(stage):
    return sum(each.reason in stage.odd for each in stage.memory.open_items())
