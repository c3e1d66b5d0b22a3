"""How far a form has been read: what one worker writes, every other one reads."""

from datetime import UTC, datetime

import pytest

from enrollment.form_ports import FormState
from enrollment.ports import Overtaken
from tests.contract.builders import all_at_once

FORM, OTHER = "18Xgmr4XQ-clubs-of-2026", "18Xgmr4XQ-trips-of-2026"
FULL = FormState(
    floor="2026-08-20T18:25:43.045123Z",
    done=("2026-08-20T18:25:44Z ACYDBN", "2026-08-20T18:25:44.1Z ACYDBO"),
    looked_at=datetime(2026, 8, 20, 18, 26, 0, 1, UTC),
    collects="VERIFIED",
    closed="403 PERMISSION_DENIED",
    watch_id="enrollment-abc",
    watch_error="NO_USER_ACCESS",
    watch_until=datetime(2026, 8, 27, 18, 26, tzinfo=UTC),
    care_at=datetime(2026, 8, 21, 18, 26, tzinfo=UTC),
)


def read(form_states, *form_ids):
    return form_states.again().read(form_ids, form_states.deadline)


def one(form_states, form_id=FORM):
    (seen,) = read(form_states, form_id)
    return seen


def test_a_form_that_was_never_looked_at_has_nothing_done(form_states):
    seen = one(form_states)

    assert (seen.form_id, seen.state, seen.version) == (FORM, FormState(), None)


@pytest.mark.parametrize(
    "written", [FULL, FormState(), FormState(done=("2026-08-20T18:25:44Z a",))]
)
def test_a_state_comes_back_as_it_was_written(form_states, written):
    form_states.port.write(one(form_states), written, form_states.deadline)

    assert one(form_states).state == written


def test_what_is_taken_away_is_gone(form_states):
    full = form_states.port.write(one(form_states), FULL, form_states.deadline)

    form_states.port.write(full, FormState(), form_states.deadline)

    assert one(form_states).state == FormState()


def test_each_form_has_a_state_of_its_own_in_the_order_asked_for(form_states):
    form_states.port.write(one(form_states), FULL, form_states.deadline)

    found = read(form_states, OTHER, FORM)

    assert [(each.form_id, each.state) for each in found] == [(OTHER, FormState()), (FORM, FULL)]


def test_no_form_has_no_state(form_states):
    assert list(read(form_states)) == []


def test_the_version_of_a_write_is_good_for_the_next(form_states):
    seen = one(form_states)

    for text in ("a", "b", "c"):
        seen = form_states.port.write(seen, FormState(collects=text), form_states.deadline)

    assert one(form_states).state.collects == "c"


def test_a_write_over_what_has_changed_since_is_refused(form_states):
    first = form_states.port.write(one(form_states), FormState(), form_states.deadline)
    form_states.port.write(first, FULL, form_states.deadline)

    with pytest.raises(Overtaken):
        form_states.port.write(first, FormState(), form_states.deadline)

    assert one(form_states).state == FULL


def test_of_many_who_saw_it_unwritten_one_writes(form_states):
    seen, deadline = one(form_states), form_states.deadline

    answers = all_at_once(
        8, lambda n: form_states.port.write(seen, FormState(collects=str(n)), deadline)
    )

    won = [each for each in answers if not isinstance(each, Overtaken)]
    assert [each.state for each in won] == [one(form_states).state]
