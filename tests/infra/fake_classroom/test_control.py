"""The control port: set up, trouble, look."""

import pytest

from infra.fake_classroom import FakeClassroom, TroubleKind
from tests.infra.fake_classroom.builders import ADA, ADMIN, a_document, a_school, send, send_student

SEED = 7  # its first faults are all replies: no connection is dropped, nobody waits

CODES = {
    "ClassroomDisabled": (403, "@ClassroomDisabled "),
    "ClassroomApiDisabled": (403, "@ClassroomApiDisabled "),
    "SERVICE_DISABLED": (403, "Google Classroom API has not been used in project "),
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": (403, "Request had insufficient authentication scopes."),
    "UNAUTHENTICATED": (401, "Request had invalid authentication credentials."),
    "PERMISSION_DENIED": (403, "The caller does not have permission"),
    "away": (503, "The service is currently unavailable."),
}


@pytest.fixture(scope="module")
def fake():
    with FakeClassroom(a_school()) as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh(fake):
    fake.replace_school(a_document())
    fake.clear_rules()
    fake.trouble(None)


def test_it_is_healthy(fake):
    assert send(fake.control, "GET", "health").content["status"] == "ok"


def test_a_school_is_replaced_and_shown(fake):
    document = a_document({"email": "new@northside.example"})

    said = send(fake.control, "PUT", "school", document)

    assert said.status == 200
    shown = send(fake.control, "GET", "school").content
    assert {"new@northside.example", ADA} <= {account["email"] for account in shown["accounts"]}


def test_a_school_that_is_none_is_refused_and_the_old_one_stays(fake):
    said = send(fake.control, "PUT", "school", {"domains": []})

    assert said.status == 400
    assert said.content["problems"] == [{"place": "administrator", "problem": "is missing"}]
    assert send_student(fake.endpoint).status == 200


def test_faults_are_set_and_taken_back(fake):
    send(fake.control, "POST", "faults", {"rules": [{"fault": "503"}]})
    troubled = send_student(fake.endpoint).status
    send(fake.control, "DELETE", "faults")

    assert [troubled, send_student(fake.endpoint).status] == [503, 200]


@pytest.mark.parametrize("kind", TroubleKind)
def test_trouble_lasts_until_it_is_switched_off(fake, kind):
    send(fake.control, "POST", "trouble", {"kind": kind})
    seen = [send_student(fake.endpoint) for _ in range(2)]
    send(fake.control, "POST", "trouble", {"kind": None})

    status, begin = CODES[kind]
    assert [said.status for said in seen] == [status] * 2
    assert all(said.content["error"]["message"].startswith(begin) for said in seen)
    assert send_student(fake.endpoint).status == 200


def test_trouble_with_classroom_access_concerns_the_administrator_or_whom_it_names(fake):
    def seen_by(email):
        token = f"Bearer loopback:{email}"
        return send(fake.endpoint, "GET", "v1/userProfiles/me", authorization=token).status

    send(fake.control, "POST", "trouble", {"kind": "ClassroomDisabled"})
    of_the_administrator = [seen_by(ADMIN), seen_by(ADA)]
    send(fake.control, "POST", "trouble", {"kind": "ClassroomDisabled", "subject": ADA})

    assert of_the_administrator == [403, 200]
    assert [seen_by(ADMIN), seen_by(ADA)] == [200, 403]


def test_the_log_can_be_read_on_from_any_call(fake):
    known = fake.counts["calls"]
    for _ in range(3):
        send_student(fake.endpoint)

    calls = send(fake.control, "GET", f"log?after={known + 1}").content["calls"]

    assert [(call["n"], call["status"]) for call in calls] == [(known + 2, 409), (known + 3, 409)]


def test_the_roster_tells_who_came_and_how(fake):
    student = send_student(fake.endpoint).content

    roster = send(fake.control, "GET", "roster").content

    expected = [student["courseId"], student["userId"], ADA, "admin"]
    assert roster == {"students": [expected], "invitations": []}


def test_counts_add_up(fake):
    fake.add_rules([{"fault": "503", "times": 1}])
    before = fake.counts["faults"].get("503", 0)
    send_student(fake.endpoint)

    counts = send(fake.control, "GET", "counts").content

    assert counts["faults"]["503"] == before + 1
    assert sum(counts["by_method"].values()) == sum(counts["by_status"].values()) == counts["calls"]
    assert (counts["refused_by_quota"], counts["not_logged"], counts["error"]) == (0, 0, None)


@pytest.mark.parametrize(
    ("verb", "path", "body", "status"),
    [
        ("GET", "nothing", None, 404),
        ("PUT", "health", None, 404),
        ("POST", "trouble", {"kind": "rain"}, 400),
        ("POST", "trouble", None, 400),
        ("POST", "faults", [{"fault": "rain"}], 400),
        ("POST", "faults", {"fault": "503"}, 400),
        ("GET", "log?after=yesterday", None, 400),
    ],
)
def test_an_order_that_cannot_be_followed_says_why(fake, verb, path, body, status):
    said = send(fake.control, verb, path, body)

    assert said.status == status
    assert said.content["error"]


def test_what_trouble_turns_away_leaves_the_seeds_faults_where_they_were():
    def seen(fake):
        for n in range(12):
            send(fake.endpoint, "GET", f"v1/courses/d%3A{n % 3}")
        return [call.fault for call in fake.log if call.error != "UNAUTHENTICATED"]

    with FakeClassroom(a_school(), faults="many", seed=SEED) as fake:
        undisturbed = seen(fake)
    with FakeClassroom(a_school(), faults="many", seed=SEED) as fake:
        fake.trouble("UNAUTHENTICATED")
        seen(fake)
        fake.trouble(None)

        assert seen(fake) == undisturbed

    assert any(undisturbed)


def test_a_minute_over_its_quota_is_refused_and_counted():
    with FakeClassroom(a_school(), quota_per_user=2) as fake:
        seen = [send_student(fake.endpoint).status for _ in range(3)]

        assert seen == [200, 409, 429]
        assert fake.counts["refused_by_quota"] == 1
