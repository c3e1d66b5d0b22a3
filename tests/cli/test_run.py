import json
import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.sqlite import Database, only_engine
from enrollment.cli.words import local
from enrollment.clock import Deadline
from enrollment.ports import Message
from enrollment.reasons import Reason
from enrollment.wiring.embedded import open_store
from tests.cli.commands import run
from tests.cli.schools import ADA, a_roster
from tests.doubles import MovableClock


def test_a_run_says_what_became_of_every_request(worked_on):
    said, _ = worked_on

    assert said.code == 0
    assert "What became of 4 requests" in said.out
    for outcome in ("enrolled", "already_enrolled", "rejected"):
        assert re.search(rf"  {outcome} +1 +1\n", said.out)
    assert re.search(r"course_closed +1 +The course is archived", said.out)
    assert "Restore the course" not in said.out
    assert re.search(r"account_pending +1 +\d{4}-.*Google does not let", said.out)
    assert "1 item waits for a person: enrollment review list --store sqlite:///" in said.out
    assert "The next of what waits is due at" in said.out
    assert "@" not in said.out + said.err


def test_the_same_roster_again_changes_nothing(worked_on, fake, tmp_path):
    shutil.copy(worked_on[1], "enrollment.db")

    words = ("--wait", "0", "--json", "--journal", "j.jsonl", "--time-scale", "1/3600")
    said = run("run", a_roster(tmp_path / "r"), *words)

    assert said.json | {"seconds": 0} == {
        "requests": 4,
        "enrolled": 1,
        "already_enrolled": 1,
        "invited": 0,
        "rejected": 1,
        "waiting": 1,
        "in_review": 1,
        "left": {"messages": 0, "dead_letters": 0, "next_due": None},
        "seconds": 0,
    }
    assert "the store is enrollment.db in this folder" in said.err
    journal = [json.loads(line) for line in (tmp_path / "j.jsonl").read_text().splitlines()]
    assert sorted(line["what"] for line in journal) == [
        "duplicate",
        "duplicate",
        "early",
        "rejected",  # a roster tries a rejection again
    ]
    assert [call.user for call in fake.log] == ["cloe@northside.example"]


def leave(store, *, topic, hours):
    """Put a message on a topic that is due so many hours later, as after a clock that went back."""
    clock = MovableClock()
    clock.now = lambda: datetime.now(UTC) + timedelta(hours=hours)
    school = open_store(store, clock)
    getattr(school, topic).publish([Message(b"x")], Deadline.starting_now(clock))
    school.database.close()


def test_what_is_left_on_the_queue_is_named_with_its_time_and_the_way_on(worked_on, fake):
    shutil.copy(worked_on[1], "enrollment.db")
    leave("enrollment.db", topic="requests", hours=2)
    leave("enrollment.db", topic="requests", hours=3)
    leave("enrollment.db", topic="dead_letters", hours=1)

    said, found = run("run", "--wait", "0"), run("run", "--wait", "0", "--json")
    status = run("status")

    left = re.search(
        r"^2 messages and 1 dead letter left on the queue; next due (.*)$", said.out, re.MULTILINE
    )
    assert left[1].endswith("; go on with: enrollment run --store sqlite:///enrollment.db")
    counts = found.json["left"]
    due = datetime.fromisoformat(counts.pop("next_due"))
    assert counts == {"messages": 2, "dead_letters": 1}
    assert timedelta(minutes=50) < due - datetime.now(UTC) < timedelta(minutes=61)
    assert left[1].startswith(local(due))
    assert f"2 messages and 1 dead letter on the queue, next due {local(due)}." in status.out
    assert "Nothing is left" not in said.out


def test_what_waits_and_is_on_the_queue_as_well_is_named_once(fake):
    run("send", "--course", "d:MATH-7", "--student", "gone@northside.example")

    said = run("run", "--wait", "0")

    assert "1 message left on the queue; next due" in said.out
    assert said.out.count("enrollment run") == 1


def test_a_replay_is_worked_off(worked_on, fake, tmp_path):
    shutil.copy(worked_on[1], "enrollment.db")
    school = fake.school.to_json()
    school["courses"][1]["state"] = "ACTIVE"
    fake.replace_school(school)
    run("review", "replay", "--all", "--store", "sqlite:///enrollment.db")

    said = run("run", "--wait", "0", "--json", "--journal", "-")

    assert json.loads(said.out.splitlines()[0])["what"] == "enrolled"
    result = json.loads(said.out.splitlines()[-1])
    assert (result["enrolled"], result["rejected"], result["in_review"]) == (2, 0, 0)


def test_nothing_to_do_is_said(fake):
    said = run("run", "--store", "sqlite:///new.db")

    assert said.code == 0
    assert said.out.endswith("Nothing is left to do.\n")


def test_a_second_engine_is_refused(fake, tmp_path):
    database = Database(str(tmp_path / "enrollment.db"), SystemClock())
    with only_engine(database):
        said = run("run", a_roster(tmp_path / "r"))
    database.close()

    assert said.code == 1
    assert "another engine works on enrollment.db" in said.err
    assert run("status", "--store", "sqlite:///enrollment.db", "--json").json["queue"] == {
        "requests": 0,
        "dead_letters": 0,
    }


def test_a_line_that_an_operator_holds_ends_the_run_at_once(store, tmp_path):
    run("hold", "--why", "the timetable changes")

    said = run("run", a_roster(tmp_path / "r"))

    assert said.code == 1
    assert "held by an operator" in said.err
    assert "the timetable changes" in said.err
    assert "enrollment resume" in said.err
    assert run("status", "--json").json["queue"]["requests"] == 0


def test_a_line_that_a_fault_holds_is_explained(store):
    school = open_store(store.removeprefix("sqlite:///"))
    deadline = Deadline.starting_now(school.clock)
    school.line.hold_for_fault(Reason.SCOPES_MISSING, deadline)
    school.database.close()

    for command in ("line", "status"):
        said = run(command)
        assert "The delegation does not include the scope classroom.rosters." in said.out
        assert "One request is tried every minute" in said.out


def test_a_journal_that_cannot_be_written_is_named(fake):
    said = run("run", "--store", "sqlite:///s.db", "--journal", "no/such/folder.jsonl")

    assert said.code == 2
    assert "no/such/folder.jsonl cannot be written" in said.err


INTO = {
    "school.db": "store",
    "school.db-wal": "store",
    "school.db.lock": "store",
    "link.db": "store",
    "r/enrollments.csv": "roster",
    "r/../r/new.jsonl": "roster",
    "hard.toml": "file of declarations",
    "why.csv": "file of --explain",
}


@pytest.mark.parametrize(("name", "what"), INTO.items())
def test_a_journal_is_not_written_into_another_file_of_the_run(store, tmp_path, name, what):
    roster = a_roster(tmp_path / "r")
    (tmp_path / "link.db").symlink_to("school.db")
    (tmp_path / "sources.toml").write_text("")
    (tmp_path / "hard.toml").hardlink_to(tmp_path / "sources.toml")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    words = ("--sources", "sources.toml", "--explain", "why.csv", "--wait", "0")

    said = run("run", roster, *words, "--journal", name)

    assert said.code == 2
    assert f"--journal {name} would write into the {what}: name another file" in said.err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_time_is_not_scaled_for_the_real_classroom(monkeypatch, tmp_path):
    monkeypatch.setenv("CLASSROOM_DELEGATE", "sa@project.iam.gserviceaccount.com")
    monkeypatch.setenv("PSEUDONYM_KEY", "k" * 32)

    said = run("run", "--admin", "a@b.example", "--time-scale", "0.1")

    assert said.code == 2
    assert "--time-scale needs a Classroom on this machine" in said.err
    assert not (tmp_path / "enrollment.db").exists()


def test_every_setting_that_is_missing_is_named_at_once():
    said = run("run", "--quota", "10")

    assert said.code == 2
    names = re.findall(r"^  (\S+) is", said.err, re.MULTILINE)
    assert names == [
        "CLASSROOM_ADMIN",
        "CLASSROOM_DELEGATE",
        "PSEUDONYM_KEY",
        "--quota",
    ]


@pytest.mark.parametrize(
    ("words", "environment", "answer"),
    [
        (
            ["--quota", "30"],
            {},
            "--quota is wrong: 30 calls a minute less the reserve of 60 leave no call; at least",
        ),
        (
            ["--quota", "61"],
            {"ENROLL_INSTANCES": "4"},
            "leave no call for each of 4 instances; at least 7",
        ),
        (["--quota", "-1"], {}, "-1 calls a minute less the reserve of 60 leave no call"),
        (["--quota", "many"], {}, "'many' is no whole number: write it like 1200"),
        ([], {"CLASSROOM_QUOTA_PER_MINUTE": "x"}, "MINUTE is wrong (it is no whole number)"),
        (["--sources", "nothere.toml"], {}, "--sources nothere.toml is wrong (there is no such"),
        (["--admin", "me"], {}, "--admin me is wrong (it is not an e-mail address)"),
        ([], {"CLASSROOM_DELEGATE": "me"}, "DELEGATE is wrong (it is not an e-mail address)"),
    ],
)
def test_a_wrong_setting_is_told_by_the_name_that_was_used(
    fake, monkeypatch, words, environment, answer
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    said = run("run", *words)

    assert said.code == 2
    assert answer in said.err


def test_options_about_a_roster_need_one(fake):
    said = run("run", "--as-of", "2026-08-24")

    assert said.code == 2
    assert "give its PATH" in said.err


def test_the_sole_answer_is_on_stdout(fake, tmp_path):
    said = run("run", a_roster(tmp_path / "r"), "--json", "--wait", "0")

    assert said.json["requests"] == 4
    assert ADA not in said.out + said.err
    assert {call.subject for call in fake.log} == {"admin@northside.example"}


@pytest.mark.parametrize(
    ("toml", "answer"),
    [
        ('[school]\ndomains = "x.example"', '[school] domains is no list: write a list: ["…"]'),
        ("[school", "it is not TOML"),
    ],
)
def test_a_wrong_declaration_is_told_with_the_file_that_was_given(fake, tmp_path, toml, answer):
    (tmp_path / "ours.toml").write_text(toml)

    said = run("run", "--sources", "ours.toml")

    assert said.code == 2
    assert f"ours.toml cannot be used:\n  {answer}" in said.err
