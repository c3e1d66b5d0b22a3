"""`sis_webhook` is asked for a request: who is told of it, and who is not."""

from datetime import UTC, datetime

import pytest

from enrollment.verify.standard_webhooks import sign
from tests.functions.conftest import a_request
from tests.functions.sending import NEW, SOURCES, WISH, basic, stranger


def test_a_request_is_only_looked_at(sender):
    reply = sender.client.post("/requests/r1-" + "0" * 40)

    assert (reply.status_code, reply.headers["Allow"]) == (405, "GET")


def test_a_chosen_id_is_told_to_its_source_alone(sender):
    sender.post(WISH | {"request_id": "fall26:1"})
    path = "/requests/fall26:1"

    assert sender.get(path).status_code == 401
    assert sender.get("/requests/fall26:2").status_code == 401
    assert sender.get(path, **sign(stranger(), "m", datetime.now(UTC), b"")).status_code == 401
    told = sender.get(path, **sign(NEW, "m", datetime.now(UTC), b""))
    assert (told.status_code, told.json["status"]) == (200, "queued")
    assert told.headers["Retry-After"] == "5"


@pytest.mark.parametrize("name", ["r1-" + "0" * 40, "short", "a%20b", "x" * 200])
def test_an_id_that_nobody_knows_is_not_found(sender, name):
    reply = sender.get(f"/requests/{name}")

    assert (reply.status_code, reply.headers["Cache-Control"]) == (404, "no-store")


def test_a_chosen_id_of_a_source_that_never_posts_is_told_to_nobody(sender):
    """As one that nobody knows: else the answer would tell that the id is there."""
    sender.doors.enroll(a_request(source="nightly", request_id="fall26:77"))

    there, nowhere = sender.get("/requests/fall26:77"), sender.get("/requests/fall26:78")

    assert (there.status_code, there.json) == (401, nowhere.json)


def test_how_a_chosen_id_is_proved_is_not_told_either(sender):
    """Else the answer would tell that the id is there."""
    sender.doors.enroll(a_request(source="roster", request_id="fall26:77"))

    there, nowhere = sender.get("/requests/fall26:77"), sender.get("/requests/fall26:78")

    assert (there.status_code, [*there.headers]) == (401, [*nowhere.headers])


def test_of_an_id_that_two_sources_have_chosen_each_hears_of_its_own(sender, tmp_path):
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES.replace('"oneroster"', '"native"'))
    sender.doors.start_again()
    sender.post(WISH | {"request_id": "fall26:1"})
    other = WISH | {"request_id": "fall26:1", "course_id": "d:full"}
    sender.client.post("/roster", json=other, headers=basic())
    for request in sorted(sender.requests(2), key=lambda it: it.source, reverse=True):
        sender.doors.enroll(request)

    first = sender.get("/requests/fall26:1", **sign(NEW, "m", datetime.now(UTC), b""))
    second = sender.get("/requests/fall26:1", **basic())
    nobody = sender.get("/requests/fall26:1", **basic("sis:another-long-password"))

    assert (first.status_code, first.json["status"]) == (200, "settled")
    assert (second.status_code, second.json["reason"]) == (200, "id_reused")
    assert nobody.status_code == 401


def test_a_proof_that_cannot_be_told_now_tells_no_stranger_that_an_id_is_there(sender, tmp_path):
    sender.post(WISH | {"request_id": "fall26:1"})
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES.replace("env://OLD", "env://NOT_YET"))
    sender.doors.start_again()

    there, nowhere = sender.get("/requests/fall26:1"), sender.get("/requests/fall26:2")
    told = sender.get("/requests/fall26:1", **sign(NEW, "m", datetime.now(UTC), b""))

    assert (there.status_code, there.json) == (nowhere.status_code, nowhere.json)
    assert (nowhere.status_code, told.status_code) == (401, 200)


def test_a_source_that_proves_itself_hears_of_its_own_whatever_another_one_lacks(sender, tmp_path):
    declared = tmp_path / "sources.toml"
    both = SOURCES.replace('"oneroster"', '"native"')
    declared.write_text(both)
    sender.doors.start_again()
    sender.post(WISH | {"request_id": "fall26:1"})
    sender.client.post("/roster", json=WISH | {"request_id": "fall26:1"}, headers=basic())
    declared.write_text(both.replace('"env://NEW", "env://OLD"', '"env://NOT_YET"'))
    sender.doors.start_again()

    told = sender.get("/requests/fall26:1", **basic())

    assert (told.status_code, told.json["status"]) == (200, "queued")
