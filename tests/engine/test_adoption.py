"""An engine moves in where another died: nobody is blamed for being under way, but one alone is."""

import threading
from dataclasses import replace

import pytest

from enrollment.adoption import adopt
from enrollment.entry import State
from enrollment.ports import CreateAnswer
from enrollment.reasons import Reason
from enrollment.timing import LAPSES, LAPSES_MOST, LEASE
from enrollment.wire import encode
from tests.builders import a_desk, a_request, an_engine
from tests.doubles import Killed


def numbered(number):
    return a_request(request_id=f"request-{number}", student=f"s{number}@northside.example")


def die_with(desk, *numbers):
    """An engine ends with these under way, and a lease goes by."""
    answer = desk.classroom.answers.get("create")
    desk.classroom.says(create=Killed())
    for number in numbers:
        with pytest.raises(Killed):
            desk.deliver(numbered(number))
    desk.clock.advance(seconds=LEASE.total_seconds())
    desk.classroom.says(create=answer or CreateAnswer.ADDED)


def move_in(desk, **changes):
    adopted = adopt(desk.ledger, desk.deadline)
    return an_engine(desk, adopted=adopted, **changes).run(lambda tally: None)


def test_what_cannot_be_read_does_not_keep_the_engine_from_starting():
    desk = a_desk()
    die_with(desk, 1)
    stored = desk.ledger.get("request-1", desk.deadline)
    desk.ledger.update(stored, replace(stored.entry, message="{}"), desk.deadline)

    assert adopt(desk.ledger, desk.deadline) == []


def entries(desk, *numbers):
    return [desk.entry(f"request-{number}") for number in numbers]


def test_of_many_under_way_none_is_blamed_however_often_the_engine_dies():
    desk = a_desk()
    for _ in range(5):
        die_with(desk, 1, 2, 3)
        adopt(desk.ledger, desk.deadline)
    assert [each.lapses for each in entries(desk, 1, 2, 3)] == [0, 0, 0]

    move_in(desk)
    desk.deliver(numbered(1))
    desk.deliver(numbered(2))
    desk.deliver(numbered(3))

    assert [each.outcome for each in entries(desk, 1, 2, 3)] == ["enrolled"] * 3


def test_one_that_was_under_way_alone_is_counted():
    desk = a_desk()
    die_with(desk, 1)

    (message,) = adopt(desk.ledger, desk.deadline)

    assert message.attributes["request_id"] == "request-1"
    (entry,) = entries(desk, 1)
    assert entry.state is State.CLAIMED
    desk.deliver(numbered(1))
    assert entries(desk, 1)[0].history[-2].what == "claimed"


def test_what_may_have_reached_classroom_is_remembered():
    desk = a_desk()
    die_with(desk, 1, 2)

    adopt(desk.ledger, desk.deadline)

    assert all(each.answer_lost for each in entries(desk, 1, 2))


def test_the_adopted_are_tried_one_at_a_time_before_anything_else():
    desk, order, together = a_desk(), [], []
    under_way = threading.Semaphore(1)

    def create(seat):
        alone = under_way.acquire(blocking=False)
        together.append(not alone)
        threading.Event().wait(0.02)
        order.append(seat.student)
        if alone:
            under_way.release()
        return CreateAnswer.ADDED

    die_with(desk, 1, 2, 3)
    desk.classroom.says(create=create)
    desk.requests.publish([encode(numbered(each)) for each in range(4, 12)], desk.deadline)

    move_in(desk, workers=8)

    assert set(order[:3]) == {f"s{number}@northside.example" for number in (1, 2, 3)}
    assert not any(together[:3])
    assert any(together[3:])  # then as many at once as there are workers


def test_a_request_that_ends_every_engine_is_found_out():
    """It dies among others, then alone, again and again; the others are enrolled on the way."""
    desk = a_desk()
    die_with(desk, 1, 2)
    adopt(desk.ledger, desk.deadline)
    for _ in range(LAPSES - 1):
        die_with(desk, 1)  # tried alone
    while desk.entry("request-1").lapses < LAPSES_MOST - 1:
        die_with(desk, 1)
        desk.deliver(numbered(1))  # it is looked up, and rests
        desk.clock.advance(minutes=10)
    die_with(desk, 1)
    answer = desk.deliver(numbered(1))

    assert answer.reason is Reason.CRASHED
    assert desk.deliver(numbered(2)).what == "enrolled"
