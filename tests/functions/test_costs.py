"""What a delivery costs, counted on the wire in front of Firestore and by the school itself."""

from collections import Counter

import pytest

from tests.functions.conftest import a_push, a_request
from tests.functions.test_collect import GIVEN_UP
from tests.grpc_proxy import Proxy

COMMIT, READ = "Commit", "BatchGetDocuments"


@pytest.fixture
def metered(doors, emulators):
    """The doors, with a proxy in front of Firestore that counts; the line has been looked at."""
    with Proxy(emulators.firestore) as proxy:
        doors.start_again(FIRESTORE_EMULATOR_HOST=proxy.address)
        doors.outside.line.look(doors.deadline)
        proxy.calls.clear()
        yield doors, proxy.calls


def calls(doors):
    return Counter(each.method.rpartition(".")[2] for each in doors.fake.log)


def test_an_enrollment_costs_two_calls_to_firestore_and_one_to_classroom(metered):
    doors, rpcs = metered

    assert doors.enroll().text == "enrolled"

    assert rpcs == {COMMIT: 2}
    assert calls(doors) == {"create": 1}


def test_a_duplicate_costs_two_calls_to_firestore_and_none_to_classroom(metered):
    doors, rpcs = metered
    doors.enroll()
    rpcs.clear()

    assert doors.enroll().text == "duplicate"

    assert rpcs == {COMMIT: 1, READ: 1}
    assert calls(doors) == {"create": 1}


def test_sixty_enrollments_cost_no_more_each(metered):
    doors, rpcs = metered
    app = doors.app("enroll")

    for number in range(60):
        request = a_request(request_id=f"request-{number}", student=f"s{number}@northside.example")
        assert app.test_client().post("/", json=a_push(request)).text == "enrolled"

    assert rpcs[COMMIT] == 120
    assert rpcs[READ] <= 20  # the line, at most every five seconds


def test_a_rejection_costs_three_commits_the_letters_note_among_them(metered):
    doors, rpcs = metered

    doors.enroll(a_request(course_id="d:full", student="s1@northside.example"))

    assert rpcs == {COMMIT: 3}


def test_taking_a_request_back_costs_one_commit(metered):
    doors, rpcs = metered

    assert doors.post("collect", a_push(**GIVEN_UP)).text == "waiting"

    assert rpcs == {COMMIT: 1}
