import json
import shutil

import pytest

from enrollment.clock import Deadline
from enrollment.request import derived_request_id
from enrollment.settings import LOOPBACK_KEY
from enrollment.wiring.embedded import open_store
from tests.cli.commands import run
from tests.cli.schools import ADA

WISH = ("--course", "d:BIO-7", "--student", ADA)


def a_message(**fields):
    return json.dumps(
        {
            "schema_version": "1",
            "request_id": "by-hand-0001",
            "action": "enroll",
            "source": "manual",
            "course_id": "d:BIO-7",
            "student": ADA,
            "received_at": "2026-11-23T08:00:00Z",
        }
        | fields
    )


def queue():
    return run("status", "--json").json["queue"]["requests"]


def test_a_wish_is_accepted_under_a_derived_id(store):
    said = run("send", *WISH)
    found = run("send", *WISH, "--version", "2", "--json").json

    assert said.code == 0
    assert "a***@northside.example into d:BIO-7, request r1-" in said.out
    assert ADA not in said.out + said.err
    assert "next: enrollment run" in said.err
    wanted = derived_request_id(
        LOOPBACK_KEY.encode(), course_id="d:BIO-7", student=ADA, version="2"
    )
    assert found == {"sent": 1, "request_id": wanted, "faults": []}
    assert queue() == 2


def test_what_is_known_already_is_said(store):
    (entry,) = run("timeline", "--student", ADA, "--json").json["entries"]

    wish = ("--course", entry["course_id"], "--student", ADA, "--request-id", entry["request_id"])
    said = run("send", *wish)

    assert "this request is known and enrolled since 20" in said.err
    assert "--version" in said.err
    assert said.out.startswith("Nothing to send: a***@northside.example into d:MATH-7")
    assert "next:" not in said.err
    assert run("send", *wish, "--json").json["sent"] == queue() == 0
    other = run("send", *WISH, "--request-id", entry["request_id"])
    assert other.code == 2
    assert "is the id of another request" in other.err


def test_only_a_store_that_nobody_named_is_made(fake, tmp_path):
    (tmp_path / "wishes.jsonl").write_text(a_message())

    for words in (WISH, ("--file", "wishes.jsonl")):
        named = run("send", *words, "--store", "sqlite:///schol.db")
        assert named.code == 2
        assert "there is no store schol.db: check --store" in named.err
        assert not (tmp_path / "schol.db").exists()
        assert run("send", *words).code == 0
        (tmp_path / "enrollment.db").unlink()


def test_a_line_without_an_id_is_the_same_request_as_typed_by_hand(store, tmp_path):
    message = json.loads(a_message(origin={"version": "2"}))
    del message["request_id"], message["received_at"]
    (tmp_path / "wishes.jsonl").write_text(json.dumps(message))

    assert run("send", "--file", "wishes.jsonl", "--json").json["sent"] == 1

    wanted = run("send", *WISH, "--version", "2", "--json").json["request_id"]
    school = open_store(store.removeprefix("sqlite:///"))
    pulled = school.requests.pull(5, Deadline.starting_now(school.clock))
    school.database.close()
    assert [json.loads(each.delivery.body)["request_id"] for each in pulled] == [wanted, wanted]


def test_an_id_is_derived_with_the_school_s_own_key_only(worked_on, tmp_path):
    message = json.loads(a_message())
    del message["request_id"]
    (tmp_path / "wishes.jsonl").write_text(json.dumps(message))
    (tmp_path / "whole.jsonl").write_text(a_message())
    shutil.copy(worked_on[1], "enrollment.db")

    refused = run("send", "--file", "wishes.jsonl")

    assert refused.code == 2
    assert "PSEUDONYM_KEY is not set" in refused.err
    assert run("send", "--file", "whole.jsonl").code == 0


def test_a_code_comes_from_a_file_and_is_never_shown(store, tmp_path):
    (tmp_path / "code").write_text("s3cret9\n")

    said = run("send", *WISH, "--mode", "code", "--code-file", "code")

    assert said.code == 0
    assert "s3cret9" not in said.out + said.err
    assert queue() == 1


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["--student", ADA], "add --course and --student"),
        ([*WISH, "--mode", "code"], "--code-file belong together"),
        ([*WISH, "--mode", "code", "--code-file", "gone"], "gone cannot be read"),
        (["--course", "BIO", "--student", ADA], "this is no request: course_id: digits"),
        (["--course", "d:BIO", "--student", "me"], "this is no request: student: an ASCII"),
        ([*WISH, "--request-id", "x"], "this is no request: request_id"),
        ([*WISH, "--file", "x.jsonl"], "leave the other options out"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(store, words, answer):
    said = run("send", *words)

    assert said.code == 2
    assert answer in said.err
    assert ADA not in said.err
    assert queue() == 0


def test_one_wrong_line_keeps_a_file_back(store, tmp_path):
    lines = [a_message(), "", a_message(student="me"), "{", a_message(request_id="by-hand-0002")]
    (tmp_path / "wishes.jsonl").write_text("\n".join(lines))

    refused = run("send", "--file", "wishes.jsonl")
    kept_back = queue()
    skipped = run("send", "--file", "wishes.jsonl", "--skip-bad", "--json")

    assert refused.code == 1
    assert "line 3: student: an ASCII" in refused.err
    assert "line 4: " in refused.err
    assert "2 lines of wishes.jsonl cannot be read" in refused.err
    assert kept_back == 0
    assert skipped.json["sent"] == queue() == 2
    assert [fault["line"] for fault in skipped.json["faults"]] == [3, 4]
