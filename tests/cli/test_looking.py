"""status, timeline and line."""

import contextlib
import getpass
import re
import shlex
import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from enrollment.clock import Deadline
from enrollment.entry import Event
from enrollment.wiring.embedded import open_store
from tests.cli.commands import run
from tests.cli.schools import ADA, CLOE, YUKI

STATUS = {
    *("store", "requests", "enrolled", "already_enrolled", "invited", "rejected", "waiting"),
    *("claimed", "rejected_by_reason", "waiting_by_reason", "in_review", "review_by_reason"),
    *("queue", "line"),
}
LINE = {"state", "held_by", "why", "since", "next_probe", "held_seconds"}
ENTRY = {
    *("request_id", "course_id", "student", "state", "outcome", "reason", "sentence"),
    *("next_step", "detail", "attempt", "replay", "first_seen_at", "not_before", "settled_at"),
    *("history", "history_count", "review_items"),
}


def test_the_status_counts_everything(store):
    found = run("status", "--json").json
    said = run("status")

    assert found.keys() == STATUS
    assert found["line"].keys() == LINE
    assert found["rejected_by_reason"] == found["review_by_reason"] == {"course_closed": 1}
    assert found["waiting_by_reason"]["account_pending"]["count"] == 1
    assert found["waiting_by_reason"]["account_pending"]["next_due"].endswith("+00:00")
    assert "4 requests known" in said.out
    assert re.search(r"course_closed +1 +The course is archived", said.out)
    assert "The line is open." in said.out


def test_a_timeline_tells_a_life_in_words(store):
    said = run("timeline", "--student", CLOE.upper(), "--course", "d:ART-1")

    assert said.code == 0
    assert said.out.startswith("c***@northside.example in d:ART-1\n")
    steps = re.findall(r"^  \d{4}-\S+ \S+  (.*?)(?:  |$)", said.out, re.MULTILINE)
    (item,) = run("review", "list", "--json").json["items"]
    assert steps[:4] == ["first seen", "attempt 1 begins", "rejected", "set aside for review"]
    assert steps[4:] == [f"review item {item['id'][:12]} filed"]
    assert "Now: rejected, course_closed" in said.out
    assert "Next: Restore the course in Classroom, then replay." in said.out
    assert "Review item" in said.out
    assert CLOE in run("timeline", "--student", CLOE, "--show-addresses").out


def test_a_waiting_one_says_when_it_is_tried_again(store):
    said = run("timeline", "--student", YUKI)
    (entry,) = run("timeline", "--student", YUKI, "--json").json["entries"]
    (same,) = run("timeline", "--request-id", entry["request_id"], "--json").json["entries"]

    assert "It is tried again at" in said.out
    assert entry.keys() == ENTRY
    assert same == entry
    assert [event["what"] for event in entry["history"]] == ["claimed", "waiting"]
    assert entry["student"] == "y***@northside.example"


@pytest.mark.parametrize(
    ("words", "code", "answer"),
    [
        ([], 2, "name one of the two"),
        (["--student", ADA, "--request-id", "r1-abcdef"], 2, "name one of the two"),
        (["--request-id", "r1-abcdef", "--course", "d:X"], 2, "--course is not enough"),
        (["--student", "nobody@x.example"], 1, "check the spelling and PSEUDONYM_KEY"),
        (["--student", ADA, "--course", "d:ART-1"], 1, "in this course"),
        (["--student", ADA, "--course", "ART-1"], 1, "as it was sent, like d:BIO-7"),
    ],
)
def test_a_timeline_needs_somebody(store, words, code, answer):
    said = run("timeline", *words)

    assert said.code == code
    assert answer in said.err
    assert "nobody@" not in said.err


def test_a_hold_lasts_until_resume(store):
    held = run("hold", "--why", "exams", "--json").json
    said = run("line")
    resumed = run("resume")

    assert held.keys() == LINE
    assert (held["state"], held["held_by"]) == ("held", "operator")
    assert held["why"] == f"exams (by {getpass.getuser()})"
    assert "held by an operator" in said.out
    assert "exams" in said.out
    assert resumed.out == "The line is open.\n"
    assert "the line was open already" in run("resume").err
    assert run("line", "--json").json["state"] == "open"
    assert run("hold", "--why", " ").code == 2
    assert run("hold", "--why", "fire", "--by", "anna", "--json").json["why"] == "fire (by anna)"


@pytest.mark.parametrize("command", ["status", "line", "review list"])
def test_looking_needs_a_store_and_nothing_else(command, tmp_path, worked_on):
    without = run(*command.split())
    nowhere = run(*command.split(), "--store", "sqlite:///gone.db")
    (tmp_path / "text.db").write_text("no database at all, but rather long" * 10)
    text = run(*command.split(), "--store", "sqlite:///text.db")
    folder = run(*command.split(), "--store", f"sqlite:///{tmp_path}")
    there = run(*command.split(), "--store", f"sqlite:///{worked_on[1]}")

    assert (without.code, nowhere.code, text.code, folder.code) == (2, 2, 2, 1)
    assert (
        "there is no store here: enrollment.db is not in this folder; name one with" in without.err
    )
    assert "there is no store gone.db" in nowhere.err
    assert "text.db is no store" in text.err
    assert "cannot be opened" in folder.err
    assert there.code == 0
    assert not (tmp_path / "gone.db").exists()


@pytest.mark.parametrize("command", ["status", "line", "review list", "resume", "send"])
def test_without_a_name_the_store_is_the_one_of_this_folder(command, store, monkeypatch, tmp_path):
    (tmp_path / "school.db").rename("enrollment.db")
    monkeypatch.delenv("ENROLLMENT_STORE")
    wish = ("--course", "d:BIO-7", "--student", ADA) if command == "send" else ()

    assert run(*command.split(), *wish).code == 0


def test_the_other_engine_s_store_needs_its_project(monkeypatch):
    monkeypatch.setenv("ENROLLMENT_STORE", "firestore")

    said = run("status")

    assert said.code == 2
    assert "GOOGLE_CLOUD_PROJECT is not set: the project of the topics and of Firestore" in said.err


def test_a_file_of_another_program_is_no_store(tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / "music.db")) as other:
        other.execute("create table songs (name text)")

    said = run("status", "--store", "sqlite:///music.db")

    assert said.code == 2
    assert "is a SQLite file, but not a store of enrollments" in said.err


def test_a_command_to_be_typed_next_can_be_pasted(worked_on, tmp_path):
    folder = tmp_path / "our school's"
    folder.mkdir()
    shutil.copy(worked_on[1], folder / "school.db")

    run("hold", "--why", "x", "--store", f"sqlite:///{folder}/school.db")
    said = run("resume", "--store", f"sqlite:///{folder}/school.db")

    words = shlex.split(said.err.partition(": ")[2])
    assert words == ["enrollment", "run", "--store", f"sqlite:///{folder}/school.db"]


def test_what_review_did_belongs_to_the_story(store):
    (item,) = run("review", "list", "--json").json["items"]
    short = item["id"][:12]
    run("review", "dismiss", item["id"], "--why", "she moved", "--by", "Grace")

    said = run("timeline", "--student", CLOE)
    (kept,) = run("timeline", "--student", CLOE, "--json").json["entries"][0]["review_items"]

    assert re.search(rf"  review item {short} dismissed by Grace +she moved\n", said.out)
    assert f"Review item {short}: dismissed by Grace on 20" in said.out
    assert "stays dismissed" not in said.out
    assert kept["closed_at"] > kept["filed_at"]


def change(store, **fields):
    """Change the entry of the rejected request in the ledger, one event later."""
    school = open_store(store.removeprefix("sqlite:///"))
    deadline = Deadline.starting_now(school.clock)
    (entry,) = run("timeline", "--student", CLOE, "--json").json["entries"]
    seen = school.ledger.get(entry["request_id"], deadline)
    events = [Event(at=school.clock.now(), attempt=1, what=what) for what in fields.pop("events")]
    changed = replace(seen.entry, history=(*seen.entry.history, *events), **fields)
    school.ledger.update(seen, changed, deadline)
    school.database.close()


def test_a_dismissed_item_whose_request_is_refused_again_stays_dismissed(store):
    (item,) = run("review", "list", "--json").json["items"]
    run("review", "dismiss", item["id"], "--why", "she moved")
    change(store, events=["retried"], settled_at=datetime.now(UTC))

    said = run("timeline", "--student", CLOE)

    assert "refused again for the same reason: the item stays dismissed" in said.out


def test_how_an_entry_was_reopened_is_said_in_plain_words(store):
    change(store, events=["replayed", "retried", "corrected"])

    said = run("timeline", "--student", CLOE)

    for words in (
        "sent again by review",
        "tried again with a new roster",
        "with a corrected student or course",
    ):
        assert f"  {words}\n" in said.out
