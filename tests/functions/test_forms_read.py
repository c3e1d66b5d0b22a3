"""Google Forms on the functions' own wiring: what is read, and that wake asks for a look."""

from datetime import UTC, datetime

import pytest

from enrollment.settings import SettingsError
from enrollment.wire import decode
from enrollment.wiring import forms
from tests.forms import CLUBS, COURSE, SOURCES
from tests.forms_api import FakeForms


@pytest.fixture
def google():
    with FakeForms() as opened:
        opened.form(CLUBS)
        yield opened


@pytest.fixture
def start(doors, tmp_path):
    def again(sources, **environment):
        declared = tmp_path / "sources.toml"
        declared.write_text(sources)
        doors.start_again(SOURCES_FILE=str(declared), **environment)

    yield again
    if built := forms.forms._built:
        built.google.close()


def ada_chooses_chess(google):
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    google.forms[CLUBS].answered("r-1", now, "ada@northside.example", **{COURSE: "Chess"})


def test_a_response_becomes_a_request_and_is_read_once(doors, start, google):
    start(SOURCES, FORMS_API_ENDPOINT=google.endpoint)
    forms.forms().notified(CLUBS, doors.deadline)
    ada_chooses_chess(google)

    first = forms.forms().notified(CLUBS, doors.deadline)
    again = forms.forms().notified(CLUBS, doors.deadline)

    (request,) = [decode(each.body) for each in doors.published("enrollment-requests")]
    topic = google.forms[CLUBS].watch["target"]["topic"]["topicName"]
    assert (first.responses, again.responses) == (1, 0)
    assert (request.source, request.course_id) == ("clubs", "d:CHESS")
    assert topic == f"projects/{doors.project}/topics/form-notifications"


def test_an_instance_that_starts_again_goes_on_where_the_last_one_was(doors, start, google):
    start(SOURCES, FORMS_API_ENDPOINT=google.endpoint)
    ada_chooses_chess(google)
    forms.forms().notified(CLUBS, doors.deadline)
    forms.forms().google.close()
    start(SOURCES)

    looked = forms.forms().notified(CLUBS, doors.deadline)

    assert (looked.forms, looked.responses) == (1, 0)


def test_what_goes_wrong_with_a_form_is_logged_by_the_name_of_its_source(doors, start, google):
    start(SOURCES, FORMS_API_ENDPOINT=google.endpoint)
    google.forms[CLUBS].failing = 403

    looked = forms.forms().notified(CLUBS, doors.deadline)

    assert looked.closed == 1
    (line,) = [each for each in doors.log() if each["message"] == "a form cannot be read"]
    assert (line["severity"], line["source"]) == ("ERROR", "clubs")
    assert line["detail"] == "403 PERMISSION_DENIED"


def test_google_is_asked_by_a_service_account_that_must_be_named(start):
    start(SOURCES)

    with pytest.raises(SettingsError, match="FORMS_READER is not set"):
        forms.forms()


def test_where_no_form_is_read_nobody_has_to_be_named(doors, start):
    start("[school]\n")

    assert forms.forms().notified(None, doors.deadline).forms == 0


def test_wake_asks_for_a_look_once_an_hour(doors):
    doors.start_again(FORM_NOTIFICATIONS_TOPIC="form-notifications")

    asked = [doors.post("wake").json["looks"] for _ in range(2)]

    (message,) = doors.published("form-notifications")
    assert asked == [1, 0]
    assert (message.body, message.attributes) == (b"", {"eventType": "LOOK"})


def test_of_two_wakes_one_asks_for_a_look(doors):
    doors.start_again(FORM_NOTIFICATIONS_TOPIC="form-notifications")
    asked = [doors.post("wake").json["looks"]]
    doors.start_again()

    asked += [doors.post("wake").json["looks"]]

    assert asked == [1, 0]


def test_where_no_topic_is_named_wake_asks_for_nothing(doors):
    assert doors.post("wake").json["looks"] == 0
