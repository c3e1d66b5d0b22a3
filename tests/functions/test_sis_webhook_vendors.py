"""`sis_webhook` and vendors: batches, records in their own words, and the answers they want."""

import pytest

from enrollment.reasons import Reason
from tests.functions.conftest import ADA
from tests.functions.sending import SOURCES, WISH, basic, enrollment


def test_of_a_batch_each_item_is_told(sender):
    reply = sender.post({"requests": [WISH, WISH | {"student": "me"}]})

    assert reply.status_code == 202
    assert [each["status"] for each in reply.json["results"]] == ["accepted", "refused"]
    assert (reply.json["accepted"], reply.json["refused"]) == (1, 1)
    assert len(sender.requests()) == 1


def test_a_vendor_s_enrollment_is_accepted_with_the_status_that_it_wants(sender):
    reply = sender.client.post("/roster", json=enrollment(), headers=basic())

    assert reply.status_code == 200
    (request,) = sender.requests()
    assert (request.course_id, request.student) == ("d:math", ADA)


def test_a_status_without_content_comes_without(sender, tmp_path):
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES.replace("answer = 200", "answer = 205"))
    sender.doors.start_again()

    reply = sender.client.post("/roster", json=enrollment(), headers=basic())

    assert (reply.status_code, reply.data) == (205, b"")
    assert len(sender.requests()) == 1


def test_a_long_id_of_a_section_is_for_a_person_and_not_for_the_next_try(sender, tmp_path):
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES.replace('"oneroster"', '"clever"'))
    sender.doors.start_again()
    section = {"id": "s" * 200_000, "students": [str(n) for n in range(400)]}
    event = {"id": "e", "type": "sections.created", "data": {"object": section}}

    reply = sender.client.post("/roster", json=event, headers=basic())

    assert (reply.status_code, reply.json["review"]) == (200, 400)
    assert len({each["request_id"] for each in reply.json["results"]}) == 400


def test_a_vendor_s_record_that_leads_nowhere_is_a_success_and_goes_to_review(sender):
    body = enrollment(user={"sourcedId": "nobody"})

    reply = sender.client.post("/roster", json=body, headers=basic())
    sender.doors.collect_all()

    assert (reply.status_code, reply.json["status"]) == (200, "review")
    (item,) = sender.doors.items()
    assert item.reason is Reason.UNMAPPED
    assert sender.get(reply.headers["Location"]).json["status"] == "in_review"


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("oneroster", {"ping": ADA}),
        ("canvas", [ADA]),
        ("clever", ADA),
        ("clever", {"id": "e", "type": "sections.created",
                    "data": {"object": {"id": "s", "students": [f"{n}" for n in range(501)]}}}),
    ],
)  # fmt: skip
def test_a_body_that_a_vendor_s_format_knows_nothing_of_is_one_review_item(
    sender, tmp_path, what, body
):
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES.replace('"oneroster"', f'"{what}"'))
    sender.doors.start_again()

    reply = sender.client.post("/roster", json=body, headers=basic())
    again = sender.client.post("/roster", json=body, headers=basic())
    sender.doors.collect_all()

    assert (reply.status_code, reply.json["status"]) == (200, "review")
    assert again.json == reply.json | {"duplicate": True}
    (item,) = sender.doors.items()
    assert item.reason is Reason.UNMAPPED
    assert item.request_id == reply.json["request_id"]
    assert sender.get(reply.headers["Location"]).json["status"] == "in_review"
    assert not [each for each in (sender.doors.logged.getvalue(), str(item.body)) if ADA in each]


def test_what_is_no_json_is_told_to_a_vendor_as_well(sender):
    headers = basic() | {"Content-Type": "application/json"}

    assert sender.client.post("/roster", data=b"{", headers=headers).status_code == 400
