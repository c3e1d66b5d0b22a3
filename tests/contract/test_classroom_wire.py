"""One port call is one HTTP call, whatever becomes of the connection; and it says what it knows."""

import pytest

from enrollment.ports import CreateAnswer, InviteAnswer, Misconfigured, Unavailable
from enrollment.reasons import Reason
from tests.contract.builders import all_at_once
from tests.contract.classroom import (
    ADA,
    BOB,
    CALLS,
    CODE,
    FAY,
    PATIENCE,
    TEACHER,
    a_client,
    a_school,
    a_seat,
    trouble_of,
)

SHORT = 0.3  # a busy machine still connects in that
# What happens to the call: the reason, and whether the deed may have been done.
FAULTS = {
    "429": (Reason.RATE_LIMITED, False),
    "403_rate": (Reason.RATE_LIMITED, False),
    "429_plain_text": (Reason.RATE_LIMITED, False),
    "500": (Reason.CLASSROOM_DOWN, True),
    "502_html": (Reason.CLASSROOM_DOWN, True),
    "503": (Reason.CLASSROOM_DOWN, False),
    "hang": (Reason.NO_ANSWER, True),
    "closed": (Reason.NO_ANSWER, True),
    "reset": (Reason.NO_ANSWER, True),
    "reply_lost": (Reason.NO_ANSWER, True),
    "truncated_json": (Reason.NO_ANSWER, True),
    "not_json_200": (Reason.NO_ANSWER, True),
}
FAULTY = pytest.mark.parametrize("fault", FAULTS)
KEPT_ALIVE = pytest.mark.parametrize("kept_alive", [False, True], ids=["cold", "kept alive"])


@pytest.fixture
def school():
    with a_school() as found:
        yield found


def seat_for(call, code=None):
    """A seat of which the method has something good to say."""
    student = {"is_student": BOB, "is_teacher": TEACHER, "invite": FAY}.get(call, ADA)
    return a_seat(student, code=code)


def connections_of(client):
    return [each for http in client.connections.opened for each in http.connections.values()]


@FAULTY
@KEPT_ALIVE
def test_a_create_in_trouble_is_sent_once_and_says_whether_its_answer_was_lost(
    school, fault, kept_alive
):
    fake, client = school
    if kept_alive:
        client.course_exists(a_seat(), PATIENCE)
    fake.add_rules([{"fault": fault, "times": 1}])
    before = len(fake.log)

    trouble = trouble_of(client.create_student, a_seat(), SHORT)

    assert isinstance(trouble, Unavailable)
    assert (trouble.reason, trouble.answer_lost) == FAULTS[fault]
    assert [call.fault for call in fake.log[before:]] == [fault]
    assert fake.log[-1].deed <= trouble.answer_lost  # what was done is never taken for undone


@FAULTY
@pytest.mark.parametrize("call", CALLS[1:])
def test_every_other_method_in_trouble_is_sent_once_too(school, fault, call):
    fake, client = school
    fake.add_rules([{"fault": fault, "times": 1}])

    trouble = trouble_of(getattr(client, call), seat_for(call), SHORT)

    assert (trouble.reason, trouble.answer_lost) == FAULTS[fault]
    assert len(fake.log) == 1


@FAULTY
def test_after_a_trouble_the_next_call_is_made_and_answered_as_ever(school, fault):
    fake, client = school
    fake.add_rules([{"fault": fault, "times": 1}])
    trouble_of(client.is_student, a_seat(BOB), SHORT)

    answers = [client.is_student(a_seat(student), PATIENCE) for student in (BOB, ADA)]

    assert answers == [True, False]


@pytest.mark.parametrize("code", [None, CODE], ids=["admin", "code"])
@pytest.mark.parametrize("fault", ["reply_lost", "truncated_json", "not_json_200"])
def test_a_deed_whose_answer_was_lost_is_found_by_asking_again(school, fault, code):
    fake, client = school
    fake.add_rules([{"fault": fault, "times": 1}])
    trouble_of(client.create_student, a_seat(code=code), SHORT)

    again = client.create_student(a_seat(code=code), PATIENCE)

    assert again is CreateAnswer.EXISTS
    assert client.is_student(a_seat(code=code), PATIENCE)


def test_an_invitation_whose_answer_was_lost_is_found_by_asking_again(school):
    fake, client = school
    fake.add_rules([{"fault": "reply_lost", "times": 1}])
    trouble_of(client.invite, a_seat(FAY), SHORT)

    assert client.invite(a_seat(FAY), PATIENCE) is InviteAnswer.INVITED


def test_a_race_inside_google_is_not_now_and_no_lost_answer(school):
    fake, client = school
    fake.add_rules([{"fault": "aborted", "times": 1}])

    trouble = trouble_of(client.create_student, a_seat(), PATIENCE)

    assert (trouble.reason, trouble.answer_lost) == (Reason.CLASSROOM_DOWN, False)


def test_a_phantom_404_is_not_found_and_gone_when_asked_again(school):
    fake, client = school
    fake.add_rules([{"fault": "phantom_404", "times": 1}])

    answers = [client.create_student(a_seat(), PATIENCE) for _ in range(2)]

    assert answers == [CreateAnswer.NOT_FOUND, CreateAnswer.ADDED]


def test_a_school_that_nobody_reaches_is_down_and_nothing_was_lost():
    with a_school() as (fake, client):
        client.course_exists(a_seat(), PATIENCE)
        client.close()
    # the fake is gone now; its port refuses

    with a_client(fake) as late:
        trouble = trouble_of(late.create_student, a_seat(), PATIENCE)

    assert (trouble.reason, trouble.answer_lost) == (Reason.CLASSROOM_DOWN, False)


def test_a_401_is_asked_once_and_not_again(school):
    fake, client = school
    fake.trouble("UNAUTHENTICATED")

    trouble = trouble_of(client.create_student, a_seat(), PATIENCE)

    assert isinstance(trouble, Misconfigured)
    assert [call.status for call in fake.log] == [401]


def test_calls_of_one_thread_share_a_connection(school):
    _, client = school

    for call in CALLS:
        getattr(client, call)(seat_for(call), PATIENCE)
        used = connections_of(client)
        assert len(used) == 1
        assert used[0].sock is not None
    first = connections_of(client)[0].sock.getsockname()
    client.course_exists(a_seat(), PATIENCE)

    assert connections_of(client)[0].sock.getsockname() == first


def test_eight_threads_share_no_connection_and_each_gets_its_own_answers(school):
    fake, client = school
    students = [BOB, ADA] * 4

    def ask(n):
        return [client.is_student(a_seat(students[n]), PATIENCE) for _ in range(20)]

    answers = all_at_once(8, ask)

    assert answers == [[student == BOB] * 20 for student in students]
    assert len({each.sock.getsockname() for each in connections_of(client)}) == 8
    assert len(fake.log) == 160


def test_eight_threads_that_ask_for_one_seat_add_one_student(school):
    fake, client = school

    answers = all_at_once(8, lambda n: client.create_student(a_seat(), PATIENCE))

    assert sorted(answers) == [CreateAnswer.ADDED] + [CreateAnswer.EXISTS] * 7
    assert sum(call.deed for call in fake.log) == 1


def test_closing_leaves_no_connection_of_any_thread_open(school):
    _, client = school
    all_at_once(4, lambda n: client.course_exists(a_seat(), PATIENCE))
    sockets = [each.sock for each in connections_of(client)]

    client.close()

    assert [each.fileno() for each in sockets] == [-1] * 4
    assert connections_of(client) == []


def test_the_timeout_is_that_of_the_call_and_not_of_the_connection(school):
    fake, client = school
    client.course_exists(a_seat(), SHORT)
    fake.add_rules([{"fault": "slow", "times": 1, "seconds": 2 * SHORT}])

    assert client.course_exists(a_seat(), PATIENCE)
