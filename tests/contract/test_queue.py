"""A subscription: a delivery is its receiver's for a while, and comes again until acknowledged."""

from datetime import timedelta

from enrollment.ports import Message
from enrollment.timing import ACK_DEADLINE
from tests.contract.builders import all_at_once

SECOND = timedelta(seconds=1)


def publish(queues, *bodies, **attributes):
    queues.port.publish([Message(body, attributes) for body in bodies], queues.deadline)


def pull(queues, most=100):
    return queues.port.pull(most, queues.deadline)


def bodies(pulled):
    return sorted(queued.delivery.body for queued in pulled)


def test_the_oldest_message_comes_first(queues):
    for n in range(5):
        publish(queues, b"%d" % n)
        queues.let_pass(SECOND)

    assert [bodies(pull(queues, 1)) for _ in range(5)] == [[b"%d" % n] for n in range(5)]


def test_no_more_is_pulled_than_was_asked_for(queues):
    publish(queues, b"1", b"2", b"3")

    assert len(pull(queues, 2)) == 2


def test_a_message_that_was_pulled_is_nobody_elses(queues):
    publish(queues, b"{}")
    pull(queues)

    assert queues.again().pull(100, queues.deadline) == []


def test_a_message_that_was_acknowledged_never_comes_again(queues):
    publish(queues, b"{}")
    (queued,) = pull(queues)

    queues.port.acknowledge(queued, queues.deadline)
    queues.let_pass(2 * ACK_DEADLINE)

    assert pull(queues) == []
    assert queues.port.depth(queues.deadline) == 0


def test_a_message_that_was_not_acknowledged_in_time_comes_again(queues):
    publish(queues, b"{}")
    (first,) = pull(queues)

    queues.let_pass(ACK_DEADLINE)
    (second,) = pull(queues)

    assert second.delivery.body == b"{}"
    assert second.delivery.message_id == first.delivery.message_id
    assert (first.delivery.number, second.delivery.number) == (1, 2)


def test_a_message_is_its_receivers_until_the_deadline(queues):
    publish(queues, b"{}")
    pull(queues)

    queues.let_pass(ACK_DEADLINE - SECOND)

    assert pull(queues) == []


def test_the_number_counts_every_delivery(queues):
    publish(queues, b"{}")

    numbers = []
    for _ in range(5):
        (queued,) = pull(queues)
        numbers.append(queued.delivery.number)
        queues.port.give_back(queued, None, queues.deadline)

    assert numbers == [1, 2, 3, 4, 5]


def test_a_message_that_was_given_back_comes_at_once(queues):
    publish(queues, b"{}")
    (queued,) = pull(queues)

    queues.port.give_back(queued, None, queues.deadline)

    assert bodies(pull(queues)) == [b"{}"]


def test_a_message_that_was_given_back_for_later_comes_then(queues):
    publish(queues, b"{}")
    (queued,) = pull(queues)
    due = queues.clock.now() + timedelta(seconds=30)

    queues.port.give_back(queued, due, queues.deadline)

    assert queues.port.next_visible(queues.deadline) == due
    queues.let_pass(timedelta(seconds=29))
    assert pull(queues) == []
    queues.let_pass(SECOND)
    assert bodies(pull(queues)) == [b"{}"]


def test_an_acknowledgement_of_an_old_delivery_does_nothing(queues):
    publish(queues, b"{}")
    (old,) = pull(queues)
    queues.let_pass(ACK_DEADLINE)
    (current,) = pull(queues)

    queues.port.acknowledge(old, queues.deadline)

    assert queues.port.depth(queues.deadline) == 1
    queues.port.acknowledge(current, queues.deadline)
    assert queues.port.depth(queues.deadline) == 0


def test_giving_an_old_delivery_back_does_nothing(queues):
    publish(queues, b"{}")
    (old,) = pull(queues)
    queues.let_pass(ACK_DEADLINE)
    pull(queues)

    queues.port.give_back(old, None, queues.deadline)

    assert pull(queues) == []


def test_an_acknowledgement_may_come_twice(queues):
    publish(queues, b"1", b"2")
    (first, _) = pull(queues)

    queues.port.acknowledge(first, queues.deadline)
    queues.port.acknowledge(first, queues.deadline)

    assert queues.port.depth(queues.deadline) == 1


def test_of_many_receivers_each_message_has_one(queues):
    publish(queues, *(b"%02d" % n for n in range(60)))
    doors, deadline = (queues.port, queues.again()), queues.deadline

    batches = all_at_once(12, lambda n: doors[n % 2].pull(5, deadline))

    assert bodies(queued for batch in batches for queued in batch) == [
        b"%02d" % n for n in range(60)
    ]
