"""One line of JSON a delivery, and nobody's address, code or message in any of them."""

import json
from contextlib import suppress
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment.adapters.journal import JsonLines
from enrollment.ports import CreateAnswer, Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest, student_key
from enrollment.wire import encode
from tests.builders import ADA, KEY, REQUEST_ID, a_delivery, a_desk, a_request

CODE = "x7gk2p!secret"  # no id can look like it; an id is shown, whatever its sender chose
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def written(desk):
    return [json.loads(each) for each in desk.journal.stream.getvalue().splitlines()]


def a_journalled_desk(**answers):
    return a_desk(journal=JsonLines(StringIO()), **answers)


def test_each_delivery_is_one_line_with_its_facts():
    desk = a_journalled_desk()

    desk.enroller.handle(a_delivery(number=3, traceparent=TRACE))

    (line,) = written(desk)
    line.pop("time")
    assert line == {
        "severity": "INFO",
        "message": "enrolled",
        "request_id": REQUEST_ID,
        "source": "infinite-campus",
        "student": student_key(KEY, ADA),
        "replay": 0,
        "what": "enrolled",
        "attempt": 1,
        "calls": 1,
        "delivery": 3,
        "acknowledged": True,
        "milliseconds": 0,
        "trace": TRACE,
    }


@pytest.mark.parametrize(
    ("create", "severity", "what"),
    [
        (CreateAnswer.ADDED, "INFO", "enrolled"),
        (Refused(Reason.COURSE_FULL), "INFO", "rejected"),
        (Unavailable(Reason.CLASSROOM_DOWN), "WARNING", "waiting"),
        (KeyError(ADA), "ERROR", "fault"),
    ],
    ids=["success", "refusal", "not now", "bug"],
)
def test_a_line_is_as_severe_as_what_happened(create, severity, what):
    desk = a_journalled_desk(create=create)

    with suppress(KeyError):
        desk.deliver()

    (line,) = written(desk)
    assert (line["severity"], line["what"]) == (severity, what)


def test_an_unreadable_message_is_a_line_without_its_body():
    desk = a_journalled_desk()

    desk.deliver(ADA.encode())

    (line,) = written(desk)
    assert (line["what"], line["reason"]) == ("set aside", "malformed")
    assert "ada" not in str(line)


def test_a_line_names_what_was_charged_and_how_long_it_took():
    desk = a_journalled_desk(create=CreateAnswer.EXISTS, is_student=True)
    desk.classroom.says(create=lambda seat: desk.clock.advance(seconds=2) or CreateAnswer.EXISTS)

    desk.deliver()

    (line,) = written(desk)
    assert (line["calls"], line["attempt"]) == (2, 1)
    assert line["milliseconds"] >= 2000


def test_a_fault_is_told_by_its_kind_and_places_only():
    desk = a_journalled_desk(create=ValueError(f"cannot add {ADA} with {CODE}"))

    with pytest.raises(ValueError, match="cannot add"):
        desk.deliver()

    (line,) = written(desk)
    assert line["error"] == "ValueError"
    assert any(place.startswith("_work:") for place in line["where"])
    assert ADA not in str(line)
    assert CODE not in str(line)


def test_a_held_line_is_one_alert():
    desk = a_journalled_desk(create=Misconfigured(Reason.SCOPES_MISSING))

    desk.deliver()

    alert, _ = written(desk)
    assert (alert["severity"], alert["reason"]) == ("ALERT", "scopes_missing")
    assert alert["message"] == "the line is held"


SECRETS = [ADA, ADA.upper(), CODE, "Ada Lovelace"]
PLANTED = st.sampled_from([*SECRETS, *(f"{each}\n" for each in SECRETS), [ADA], {"kind": ADA}])
FIELDS = st.sampled_from([*EnrollmentRequest.model_fields, "name"])
ANSWERS = st.sampled_from(
    [
        *CreateAnswer,
        KeyError(ADA),
        Refused(Reason.COURSE_FULL, f"{ADA} is one too many"),
        Unavailable(Reason.UNKNOWN_ANSWER, f"@Odd {ADA}"),
        Misconfigured(Reason.SCOPES_MISSING, ADA),
    ]
)


@given(
    changes=st.dictionaries(FIELDS, PLANTED, max_size=3),
    attributes=st.dictionaries(st.sampled_from(["traceparent", "request_id", "x"]), PLANTED),
    answer=ANSWERS,
)
def test_no_line_shows_an_address_a_code_or_a_body_whatever_a_delivery_holds(
    changes, attributes, answer
):
    desk = a_journalled_desk(create=answer)
    usual = json.loads(encode(a_request(mode="code", enrollment_code=CODE)).body)
    body = json.dumps(usual | changes).encode()
    labels = {name: str(value) for name, value in attributes.items()}

    with suppress(KeyError):
        desk.enroller.handle(a_delivery(body, **labels))

    said = desk.journal.stream.getvalue().lower()
    assert said.count("\n") >= 1
    assert not any(each.lower() in said for each in SECRETS)


class FullDisk(StringIO):
    def write(self, _):
        raise OSError("No space left on device")


def test_a_journal_that_cannot_be_written_loses_its_line_and_no_request():
    desk = a_desk(journal=JsonLines(FullDisk()))

    answer = desk.deliver()

    assert answer.what == "enrolled"
