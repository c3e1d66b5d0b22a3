"""What one instance has seen of Classroom: is a bare refusal the course's trouble or ours?"""

from datetime import timedelta

from enrollment.witness import Witness
from tests.doubles import START

LATER = START + timedelta(minutes=1)


def refuse(witness, *courses):
    return [witness.refusal(each, LATER) for each in courses]


def test_the_fifth_course_refused_looks_like_our_own_fault():
    assert refuse(Witness(), *"abcde") == [False, False, False, False, True]


def test_one_course_refused_five_times_does_not():
    assert not any(refuse(Witness(), *"aaaaa"))


def test_five_courses_refused_close_to_a_success_are_a_bunch_of_bad_courses():
    witness = Witness()
    witness.success("z", LATER - timedelta(seconds=59))

    assert not any(refuse(witness, *"abcdefgh"))


def test_once_nothing_has_worked_for_a_minute_the_next_refusal_counts_them_all():
    witness = Witness()
    witness.success("z", LATER - timedelta(seconds=59))
    refuse(witness, *"abcde")

    assert witness.refusal("e", LATER + timedelta(seconds=1))


def test_the_courses_refused_are_told_until_one_works():
    witness = Witness()
    refuse(witness, *"ab")
    assert witness.refused == {"a", "b"}

    witness.success("z", LATER)

    assert witness.refused == frozenset()


def test_a_success_between_makes_it_the_courses_trouble_again():
    witness = Witness()
    refuse(witness, *"abcd")

    witness.success("z", START)

    assert refuse(witness, "e") == [False]


def test_another_course_that_worked_since_is_a_witness():
    witness = Witness()
    witness.success("math", LATER)

    assert witness.another_since("chem", START)


def test_the_course_itself_is_no_witness():
    witness = Witness()
    witness.success("chem", LATER)

    assert not witness.another_since("chem", START)


def test_an_earlier_success_is_no_witness():
    witness = Witness()
    witness.success("math", START)

    assert not witness.another_since("chem", LATER)


def test_many_successes_of_the_course_itself_do_not_crowd_out_another():
    witness = Witness()
    witness.success("math", LATER)

    for _ in range(100):
        witness.success("chem", LATER)

    assert witness.another_since("chem", START)
