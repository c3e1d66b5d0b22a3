import contextlib
import getpass
import json
import shlex
import sqlite3

import pytest

from enrollment.adapters.clock import SystemClock
from enrollment.clock import Deadline
from enrollment.ports import Message
from enrollment.reasons import Reason
from enrollment.review_item import ReviewItem
from enrollment.wire import Delivery
from enrollment.wiring.embedded import open_store
from tests.cli.commands import run
from tests.cli.schools import CLOE

ITEM = {
    *("id", "filed_at", "reason", "sentence", "next_step", "detail", "state", "attempts"),
    *("replay", "request_id", "source", "course_id", "class_id", "student"),
}


def file_unreadable(store, *bodies):
    """File dead letters whose messages nobody can read."""
    school = open_store(store.removeprefix("sqlite:///"))
    for body in bodies:
        school.collector.collect(Delivery(body=body, attributes={"reason": "malformed"}))
    school.database.close()


def the_item(**words):
    (item,) = run("review", "list", "--json", "--reason", "course_closed").json["items"]
    return item


def test_the_list_tells_what_waits_and_what_to_do(store):
    said = run("review", "list")
    found = run("review", "list", "--json").json

    assert "c***@northside.example" in said.out
    assert CLOE not in said.out
    assert "Restore the course in Classroom, then replay." in said.out
    assert found["open"] == 1
    assert found["items"][0].keys() == ITEM
    assert found["items"][0]["student"] == "c***@northside.example"
    assert CLOE in run("review", "list", "--show-addresses").out


def test_a_long_list_is_cut_and_says_so(store):
    file_unreadable(store, *(b"%d" % number for number in range(5)))

    said = run("review", "list", "--reason", "malformed", "--limit", "2")

    assert said.out.count("The message is not an enrollment request") == 1
    assert "3 more items: add --limit 5" in said.err
    assert run("review", "list", "--json").json["open"] == 6
    assert "Nothing waits" in run("review", "list", "--reason", "course_full").out
    unknown = run("review", "list", "--reason", "course_fall")
    assert unknown.code == 2
    assert "did you mean course_full?; open are course_closed, malformed" in unknown.err
    assert "write at least 1" in run("review", "list", "--limit", "0").err
    assert "is no whole number" in run("review", "list", "--limit", "few").err


def test_the_start_of_an_id_is_enough(store):
    item = the_item()

    said = run("review", "show", item["id"][:6])
    found = run("review", "show", item["id"], "--json", "--show-addresses").json

    assert "c***@northside.example into d:ART-1" in said.out
    assert f"enrollment review replay {item['id'][:12]}" in said.out
    assert found["student"] == CLOE
    assert found.keys() > ITEM
    assert CLOE in found["body"]
    assert run("review", "show", item["id"], "--json").json["body"] is None


def test_an_id_that_fits_none_or_many_is_an_error(store):
    school = open_store(store.removeprefix("sqlite:///"))
    for letter_id in ("abcdef01234567" + "0" * 50, "abcdef01234567" + "1" * 50):
        item = ReviewItem(
            letter_id=letter_id,
            reason=Reason.MALFORMED,
            detail="",
            body=b"",
            attempts=0,
            replay=0,
            filed_at=school.clock.now(),
        )
        school.reviews.file(item, Deadline.starting_now(school.clock))
    school.database.close()

    many = run("review", "show", "ABCDEF")

    assert many.code == 2
    assert "2 items begin with abcdef: say which of abcdef012345670, abcdef012345671" in many.err
    assert "no item begins with 000000" in run("review", "replay", "000000").err
    for wrong in ("0" * 64, "12345", "zzzzzz"):
        assert run("review", "show", wrong).code == 2


@pytest.mark.parametrize(
    "body",
    [
        b'{"enrollment_code": "s3cret", "student": "x@y.example"',
        b'"{\\"enrollmentCode\\": \\"s3cret\\"}"',
        b"enrollment_code=s3cret",
        b'{"enrollment_code": ",s3cret"}',
        b'{"enrollment_code": "\\"s3cret"}',
        b'{"enrollment_code": "ab s3cret"}',
        b'{"enrollment\\u005fcode": "s3cret"}',
        b'{"enrollment_c\\u006fde": "\\u0073\\u0033cret"}',
        b'{"enrollment_code": ["s3cret", {"x": "s3cret"}], "s3cret": "s3cret"}',
        b'{"enrollment_code": {"value": "s3cret"}, "student": "is s3cret there?"}',
        b'{"code": "s3cret"}',
        b'{"note": "enrollmentCode=s3cret"}',
        b'{"inner": "{\\"enrollment_c\\\\u006fde\\": \\"s3cret\\"}"}',
        b'["s3cret"]',
        b'{"enrollment_code": "s3cret"}{',
        b'{"enrollment_code": "s3cret\xff"}',
        b'{"enrollment_code": "s3cret", "x":' + b"[" * 9999,
    ],
)
def test_an_enrollment_code_is_never_shown(store, body):
    file_unreadable(store, body)
    (item,) = run("review", "list", "--json", "--reason", "malformed").json["items"]

    for words in ((), ("--json",), ("--show-addresses",), ("--json", "--show-addresses")):
        said = run("review", "show", item["id"], *words)
        assert said.code == 0
        assert "3cret" not in said.out + said.err
        assert "u0033" not in said.out + said.err


def test_a_body_is_shown_but_for_its_code_and_else_how_to_see_it_is_said(store):
    file_unreadable(
        store,
        b'{"mode": "code", "enrollment_code": "x7", "enrollment_codes": 12, "version": 12,'
        b' "course_id": "d:B\\u00c9-7", "student": "\\ud800", "note": null, "n": [1, true]}',
        b"<html>",
    )
    items = run("review", "list", "--json", "--reason", "malformed").json["items"]
    object_, other = sorted((it["id"] for it in items), key=lambda id_: shown(id_)["body"] is None)

    assert json.loads(shown(object_)["body"]) == {
        "mode": "code",
        "enrollment_code": "***",
        "enrollment_codes": "***",
        "version": "***",
        "course_id": "d:BÉ-7",
        "student": "?",
        "note": None,
        "n": [1, True],
    }
    said = run("review", "show", other, "--show-addresses").out
    assert "Body: not shown: it is no whole JSON object" in said
    command = shlex.split(said.partition("see it: ")[2])
    assert command[0] == "sqlite3"
    with contextlib.closing(sqlite3.connect(command[1])) as there:
        assert there.execute(command[2]).fetchone() == (b"<html>",)


def shown(letter_id):
    return run("review", "show", letter_id, "--show-addresses", "--json").json


def test_a_replay_is_said_to_need_a_run(store):
    item = the_item()

    said = run("review", "replay", item["id"][:8], "--by", "Grace")

    assert said.code == 0
    assert said.out == f"replayed: {item['id'][:12]}, request {item['request_id']}\n"
    assert "enrollment run" in said.err
    assert run("status", "--json").json["queue"]["requests"] == 1
    assert run("review", "show", item["id"], "--json").json["closed_by"] == "Grace"
    again = run("review", "replay", item["id"], "--json")
    assert again.code == 1
    assert again.json["failed"][0]["why"].startswith("this item is replayed by Grace on 20")


def test_a_replay_may_be_corrected(store):
    words = ("--student", "cleo@northside.example", "--course", "d:ART-2", "--json")

    said = run("review", "replay", the_item()["id"], *words)

    assert said.json["replayed"][0]["replay"] == 1
    school = open_store(store.removeprefix("sqlite:///"), SystemClock())
    (queued,) = school.requests.pull(5, Deadline.starting_now(school.clock))
    school.database.close()
    assert b'"student":"cleo@northside.example"' in queued.delivery.body
    assert b'"course_id":"d:ART-2"' in queued.delivery.body


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ([], "in one way: by their ids"),
        (["--all", "--reason", "course_closed"], "in one way"),
        (["--all", "--student", "me"], "the correction makes no request: student: an ASCII"),
        (["--all", "--course", "ART"], "the correction makes no request: course_id"),
    ],
)
def test_a_choice_or_correction_that_cannot_be_is_refused(store, words, answer):
    said = run("review", "replay", *words)

    assert said.code == 2
    assert answer in said.err
    assert run("review", "list", "--json").json["open"] == 1


def test_many_are_replayed_only_after_a_yes(store):
    file_unreadable(store, b"one", b"two")

    asked = run("review", "replay", "--all")
    several = run("review", "replay", "--all", "--student", "a@b.example")
    done = run("review", "replay", "--all", "--yes", "--json")

    assert asked.code == 2
    assert "Replay 3 items?" in asked.err
    assert "--student corrects one item" in several.err
    assert done.code == 1
    assert len(done.json["replayed"]) == 1
    assert "cannot be read" in done.json["failed"][0]["why"]
    assert "2 items could not be replayed" in done.err


def test_a_dismissal_keeps_who_and_why(store):
    item = the_item()

    said = run("review", "dismiss", item["id"][:6], "--why", "moved away", "--json")

    assert said.json == {"dismissed": [{"id": item["id"]}], "failed": []}
    kept = run("review", "show", item["id"], "--json").json
    assert (kept["state"], kept["note"]) == ("dismissed", "moved away")
    assert kept["closed_by"] == getpass.getuser()
    assert run("review", "dismiss", item["id"], "--why", " ").code == 2


def test_a_closed_item_is_found_by_the_start_of_its_id_and_decided_about_once(store):
    start = the_item()["id"][:6]
    run("review", "dismiss", start, "--why", "moved away", "--by", "Grace")

    shown = run("review", "show", start)
    again = run("review", "dismiss", start, "--why", "moved away")

    assert "  dismissed by Grace on 20" in shown.out
    assert ": moved away\n" in shown.out
    assert "Next:" not in shown.out
    assert again.code == 1
    assert "this item is dismissed by Grace on 20" in again.err
    assert "review list" not in again.err


def test_advice_is_given_once_for_each_reason_that_is_listed(store):
    file_unreadable(store, b"one", b"two")

    said = run("review", "list")
    first = run("review", "list", "--limit", "1")

    assert said.out.count("The message is not an enrollment request") == 1
    assert said.out.count("Restore the course in Classroom, then replay.") == 1
    assert "The message is not an enrollment request" not in first.out


def test_a_detail_cannot_steer_the_terminal(store):
    school = open_store(store.removeprefix("sqlite:///"))
    labels = {"reason": "malformed", "detail": "\x1b[2Jgone\u202e"}
    school.dead_letters.publish([Message(b"x", labels)], Deadline.starting_now(school.clock))
    (queued,) = school.dead_letters.pull(1, Deadline.starting_now(school.clock))
    school.collector.collect(queued.delivery)
    school.database.close()

    said = run("review", "list")

    assert "gone" in said.out
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out


def test_of_what_is_no_wish_the_list_shows_no_class(store):
    file_unreadable(store, b'{"class_id": "BIO-7", "student": "%s"}' % CLOE.encode())

    items = run("review", "list", "--json", "--reason", "malformed").json["items"]

    assert [(each["class_id"], each["student"]) for each in items] == [(None, None)]
