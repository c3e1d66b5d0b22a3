"""What one instance has seen of Classroom: is a bare refusal the course's trouble or ours?"""

from datetime import timedelta

from enrollment.witness import Witness
from tests.doubles import START

LATER = START + timedelta(minutes=1)


def refuse(witness, *courses):
    return [witness.refusal(each) for each in courses]


def test_the_fifth_course_refused_looks_like_our_own_fault():
    assert refuse(Witness(), *"abcde") == [False, False, False, False, True]


def test_one_course_refused_five_times_does_not():
    assert not any(refuse(Witness(), *"aaaaa"))


def test_a_success_between_makes_it_the_courses_trouble_again():
    witness = Witness()
    refuse(witness, *"abcd")

    witness.success("z", START)

    assert refuse(witness, "e") == [False]


def test_another_course_that_worked_since_is_a_witness():
    witness = Witness()
    witness.success("math", LATER)

    assert witness.another_succeeded_since("chem", START)


def test_the_course_itself_is_no_witness():
    witness = Witness()
    witness.success("chem", LATER)

    assert not witness.another_succeeded_since("chem", START)


def test_an_earlier_success_is_no_witness():
    witness = Witness()
    witness.success("math", START)

    assert not witness.another_succeeded_since("chem", LATER)


def test_many_successes_of_the_course_itself_do_not_crowd_out_another():
    witness = Witness()
    witness.success("math", LATER)

    for _ in range(100):
        witness.success("chem", LATER)

    assert witness.another_succeeded_since("chem", START)
