"""status, timeline and line."""

import re

import pytest

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
    assert steps == ["first seen", "attempt 1 begins", "rejected", "set aside for review"]
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
    assert (held["state"], held["held_by"], held["why"]) == ("held", "operator", "exams")
    assert "held by an operator" in said.out
    assert "exams" in said.out
    assert resumed.out == "The line is open.\n"
    assert "the line was open already" in run("resume").err
    assert run("line", "--json").json["state"] == "open"
    assert run("hold", "--why", " ").code == 2


@pytest.mark.parametrize("command", ["status", "line", "review list"])
def test_looking_needs_a_store_and_nothing_else(command, tmp_path, worked_on):
    without = run(*command.split())
    nowhere = run(*command.split(), "--store", "sqlite:///gone.db")
    (tmp_path / "text.db").write_text("no database at all, but rather long" * 10)
    text = run(*command.split(), "--store", "sqlite:///text.db")
    folder = run(*command.split(), "--store", f"sqlite:///{tmp_path}")
    there = run(*command.split(), "--store", f"sqlite:///{worked_on[1]}")

    assert (without.code, nowhere.code, text.code, folder.code) == (2, 2, 2, 1)
    assert "add --store sqlite:///FILE" in without.err
    assert "there is no store gone.db" in nowhere.err
    assert "text.db is no store" in text.err
    assert "cannot be opened" in folder.err
    assert there.code == 0
    assert not (tmp_path / "gone.db").exists()
