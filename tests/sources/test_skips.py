"""Every reason has an advice that a school secretary can read."""

import pytest

from enrollment.sources.skips import ADVICE, SkipReason, advice


@pytest.mark.parametrize("reason", SkipReason)
def test_a_reason_has_one_sentence_and_a_next_step(reason):
    told = advice(reason)

    assert told.sentence.endswith(".")
    assert told.sentence[:-1].count(". ") == 0
    assert told.next_step.endswith(".")


def test_there_is_no_advice_without_a_reason():
    assert set(ADVICE) == set(SkipReason)
