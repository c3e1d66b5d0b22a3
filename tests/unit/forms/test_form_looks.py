"""Each hour one wake asks for a look at every form."""

import pytest

from enrollment.adapters.sqlite import SqliteQueue
from enrollment.adapters.sqlite.forms import SqliteFormStates
from enrollment.clock import Deadline
from enrollment.form_looks import HourlyLook
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from tests.builders import a_desk
from tests.doubles import MovableClock, Overlay, Shaky, in_memory, overtaken


class Wakes:
    """Any number of wakes on one store."""

    def __init__(self):
        self.clock = MovableClock()
        database = in_memory(self.clock)
        self.topic = Shaky(SqliteQueue(database, "form-notifications"), Reason.TOPIC_DOWN)
        self.states = Shaky(SqliteFormStates(database), Reason.LEDGER_DOWN)

    def wake(self):
        return HourlyLook(self.states, self.topic)

    def ask(self, look):
        return look.ask(self.clock.now(), Deadline.starting_now(self.clock))

    def messages(self):
        pulled = self.topic.port.pull(100, Deadline.starting_now(self.clock))
        return [(each.delivery.body, each.delivery.attributes) for each in pulled]


@pytest.fixture
def wakes():
    return Wakes()


def test_the_first_minute_asks_without_data(wakes):
    asked = wakes.ask(wakes.wake())

    assert asked
    assert wakes.messages() == [(b"", {"eventType": "LOOK"})]


def test_each_hour_one_is_asked_for(wakes):
    look = wakes.wake()
    asked = 0
    for _ in range(180):
        asked += wakes.ask(look)
        wakes.clock.advance(minutes=1)

    assert asked == 3


def test_in_between_it_costs_nothing(wakes):
    look = wakes.wake()
    wakes.ask(look)
    wakes.states.calls.clear()
    wakes.clock.advance(minutes=59)

    wakes.ask(look)

    assert wakes.states.calls == []


def test_a_new_instance_looks_when_the_last_was_and_then_costs_nothing(wakes):
    wakes.ask(wakes.wake())
    wakes.clock.advance(minutes=30)
    second = wakes.wake()
    wakes.states.calls.clear()

    asked = [wakes.ask(second), wakes.ask(second)]

    assert asked == [False, False]
    assert wakes.states.calls == ["read"]


def test_of_two_wakes_one_asks(wakes):
    look = HourlyLook(Overlay(wakes.states, write=overtaken), wakes.topic)

    assert not wakes.ask(look)
    assert wakes.messages() == []


def test_what_could_not_be_published_is_asked_for_a_minute_later(wakes):
    look = wakes.wake()
    wakes.topic.fail("publish")
    with pytest.raises(Unavailable):
        wakes.ask(look)
    wakes.topic.mend()
    wakes.clock.advance(minutes=1)

    assert wakes.ask(look)


def test_wake_counts_the_look_and_sends_what_is_due_whatever_becomes_of_it(wakes):
    desk = a_desk()
    desk.waker.looks = wakes.wake()
    wakes.states.fail()
    failing = desk.wake()
    wakes.states.mend()

    asked = desk.wake()

    assert (failing.looks, failing.failed) == (0, 1)
    assert (asked.looks, asked.failed) == (1, 0)
