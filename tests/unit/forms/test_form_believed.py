"""Whose word a response is: Google's, from the time on that a look has seen the form verify."""

import pytest

from enrollment.reasons import Reason


@pytest.mark.parametrize("collects", ["RESPONDER_INPUT", "DO_NOT_COLLECT", ""])
def test_without_verified_addresses_a_person_decides(reading, collects):
    reading.clubs.collects = collects
    reading.chose(1, "Chess")

    looked = reading.notify()

    (item,) = reading.door.collected()
    assert looked.became == {"review": 1}
    assert item.reason is Reason.NEEDS_APPROVAL
    assert reading.sent() == []


def test_what_was_sent_before_the_form_verified_stays_in_doubt(reading):
    reading.clubs.collects = "RESPONDER_INPUT"
    reading.chose(1, "Chess")
    reading.notify()
    reading.chose(2, "Chess")
    reading.clubs.collects = "VERIFIED"
    doubted = reading.notify().became

    reading.chose(3, "Chess")
    believed = reading.notify().became

    assert (doubted, believed) == ({"review": 1}, {"accepted": 1})


def test_what_was_answered_long_ago_a_person_looks_at_first(reading):
    reading.chose(1, "Chess")
    reading.let_pass(days=61)

    assert reading.notify().became == {"review": 1}


def test_what_was_sent_before_the_first_look_is_in_doubt(unlooked):
    unlooked.chose(1, "Chess")
    first = unlooked.notify().became
    unlooked.chose(2, "Chess")
    second = unlooked.notify().became

    assert (first, second) == ({"review": 1}, {"accepted": 1})


def test_the_first_look_leaves_history_alone(unlooked):
    unlooked.chose(1, "Chess")
    unlooked.let_pass(days=61)
    unlooked.chose(2, "Chess")

    assert unlooked.notify().responses == 1
