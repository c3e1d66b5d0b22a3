"""The operator's command on Firestore and Pub/Sub, with the functions in between."""

import json
import re
import subprocess
import sys
from datetime import timedelta

import pytest

from enrollment.request import derived_request_id
from enrollment.settings import LOOPBACK_KEY
from tests.cli.commands import run
from tests.cli.schools import ADA, BEN, CLOE, YUKI, a_roster, a_school

AS_OF = ("--as-of", "2026-11-23")
PEOPLE = (ADA, BEN, CLOE, YUKI)
NO_STORE = """
import sys
from enrollment.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*{"grpc", "google.api_core", "google.auth", "google.protobuf"} & sys.modules.keys())
"""


@pytest.fixture
def worked_off(cloud, tmp_path):
    """A roster that was imported, and delivered to the functions."""
    said = run("import", a_roster(tmp_path / "roster"), "--json", *AS_OF)
    assert (said.code, said.json["sent"]) == (0, 4)
    assert "next: enrollment status" in said.err
    assert cloud.work_off(4) == [200, 200, 200, 200]
    return cloud


def test_an_import_is_worked_off_by_the_functions_and_accounted_for(worked_off):
    found = run("status", "--json").json
    said = run("status")

    numbers = ("requests", "enrolled", "already_enrolled", "rejected", "waiting", "in_review")
    assert [found[name] for name in numbers] == [4, 1, 1, 1, 1, 1]
    assert found["review_by_reason"] == {"course_closed": 1}
    assert found["waiting_by_reason"]["account_pending"]["count"] == 1
    assert (found["store"], found["line"]["state"]) == ("firestore", "open")
    assert "4 requests known" in said.out
    assert "The line is open." in said.out


def test_what_only_pubsub_can_tell_is_not_made_up(worked_off):
    found = run("status", "--json").json

    assert found["queue"] is found["rejected_by_reason"] is None
    assert "What is on the queue, Pub/Sub tells" in run("status").out


def test_a_timeline_shows_no_address_unless_asked(worked_off):
    said = run("timeline", "--student", CLOE.upper(), "--course", "d:ART-1")
    waits = run("timeline", "--student", YUKI)

    assert said.code == 0
    assert said.out.startswith("c***@northside.example in d:ART-1\n")
    assert "Now: rejected, course_closed" in said.out
    assert re.search(r"review item \w{12} filed", said.out)
    assert re.search(r"tried again at .+, by the functions, by themselves\.", waits.out)
    assert CLOE in run("timeline", "--student", CLOE, "--show-addresses").out


def test_somebody_whom_the_ledger_does_not_know_may_be_on_the_queue(cloud):
    said = run("timeline", "--student", ADA)

    assert said.code == 1
    assert f"is known in Firestore of {cloud.project}: " in said.err
    assert "look again in a minute: it may be on the queue" in said.err
    assert ADA not in said.err


def test_a_refused_one_is_listed_shown_and_replayed(worked_off, fake):
    (item,) = run("review", "list", "--json").json["items"]
    listed = run("review", "list").out
    shown = run("review", "show", item["id"][:8])
    mended = a_school()
    del mended["courses"][1]["state"]
    fake.replace_school(mended)

    said = run("review", "replay", item["id"][:8], "--by", "Grace", "--json")

    assert (item["reason"], item["student"]) == ("course_closed", "c***@northside.example")
    assert said.json["replayed"][0]["replay"] == 1
    assert "worked off by: the functions, by themselves" in said.err
    assert worked_off.work_off(1) == [200]
    (entry,) = run("timeline", "--student", CLOE, "--json").json["entries"]
    assert (entry["outcome"], entry["review_items"][0]["closed_by"]) == ("enrolled", "Grace")
    assert run("review", "list", "--json").json == {"open": 0, "items": []}
    for text in (listed, shown.out, said.out, said.err):
        assert not any(address in text for address in PEOPLE)


def test_a_dismissed_one_stays_dismissed(worked_off):
    (item,) = run("review", "list", "--json", "--limit", "1").json["items"]

    said = run("review", "dismiss", item["id"], "--why", "moved away", "--json")

    assert said.json == {"dismissed": [{"id": item["id"]}], "failed": []}
    again = run("review", "replay", item["id"])
    assert again.code == 1
    assert "this item is dismissed by" in again.err


def test_a_held_line_keeps_a_request_until_it_is_resumed(cloud, fake):
    run("hold", "--why", "exams", "--by", "anna")
    sent = run("send", "--course", "d:MATH-7", "--student", ADA)

    assert sent.code == 0
    assert "next: enrollment status" in sent.err
    assert cloud.work_off(1) == [200]
    assert run("status", "--json").json["waiting_by_reason"].keys() == {"line_held"}
    assert fake.log == []
    resumed = run("resume")
    assert resumed.out == "The line is open.\n"
    assert "what waited is sent by: the functions, by themselves" in resumed.err
    assert run("line", "--json").json["state"] == "open"


def test_a_wish_that_came_true_is_not_sent_again(worked_off):
    (entry,) = run("timeline", "--student", ADA, "--json").json["entries"]
    wish = ("--course", entry["course_id"], "--student", ADA)

    said = run("send", *wish, "--request-id", entry["request_id"], "--json")

    assert said.json["sent"] == 0
    assert "is known and enrolled since" in said.err
    fresh = derived_request_id(
        LOOPBACK_KEY.encode(), course_id="d:MATH-7", student=ADA, version="2"
    )
    assert run("send", *wish, "--version", "2", "--json").json["request_id"] == fresh
    (delivery,) = worked_off.taken("requests-enroll", 1)
    assert delivery.attributes["request_id"] == fresh


def test_a_whole_import_is_a_new_wish_and_an_interrupted_one_goes_on(cloud, monkeypatch, tmp_path):
    roster = a_roster(tmp_path / "roster")

    def received():
        run("import", roster, *AS_OF)
        sent = cloud.taken("requests-enroll", 4)
        return {json.loads(each.body)["received_at"] for each in sent}

    first, second = received(), received()
    with monkeypatch.context() as patch:
        path = "enrollment.adapters.firestore.FirestoreImports.all_sent"
        patch.setattr(path, lambda *_: None)  # as if it had ended before
        third = received()
    fourth, fifth = received(), received()

    assert len(first) == len(third) == 1
    assert first != second != third
    assert third == fourth != fifth


def test_another_key_would_double_every_id_and_is_refused(cloud, monkeypatch, tmp_path):
    run("import", a_roster(tmp_path / "roster"), *AS_OF)
    monkeypatch.setenv("PSEUDONYM_KEY", "another key of thirty-two bytes ..")

    said = run("import", tmp_path / "roster", *AS_OF)

    assert said.code == 1
    assert f"Firestore of {cloud.project} was begun with another PSEUDONYM_KEY" in said.err
    assert len(cloud.taken("requests-enroll", 4)) == 4


def test_a_run_is_the_embedded_engines(cloud, tmp_path):
    for words in (("run",), ("run", a_roster(tmp_path / "r"), "--store", "firestore")):
        said = run(*words)

        assert said.code == 2
        (line,) = said.err.splitlines()
        assert "the functions do what `run` does" in line
        assert "enrollment import PATH" in line


def test_before_the_real_classroom_hears_of_it_all_instances_are_counted(monkeypatch, tmp_path):
    environment = {
        "CLASSROOM_ADMIN": "admin@northside.example",
        "PSEUDONYM_KEY": "a key of thirty-two bytes or more",
        "GOOGLE_CLOUD_PROJECT": "northside",
        "ENROLL_INSTANCES": "2",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    roster = a_roster(tmp_path / "r")

    cloud = run("import", roster, "--store", "firestore", *AS_OF)
    file = run("import", roster, "--store", "sqlite:///s.db", *AS_OF)

    assert cloud.code == file.code == 2
    assert "at 1,140 calls a minute" in cloud.err
    assert "at 570 calls a minute" in file.err
    assert "Nobody can answer, this is no terminal" in cloud.err


def test_a_rehearsal_needs_no_project(tmp_path):
    said = run("import", a_roster(tmp_path / "r"), "--dry-run", "--store", "firestore", *AS_OF)

    assert said.code == 0
    assert "4 requests to send" in said.out


def test_the_option_names_firestore_as_the_environment_does(cloud, monkeypatch):
    monkeypatch.delenv("ENROLLMENT_STORE")

    said = run("send", "--course", "d:MATH-7", "--student", ADA, "--store", "firestore")

    assert said.code == 0
    assert "next: enrollment status --store firestore" in said.err


def one_line(said):
    assert said.code == 1
    assert said.out == ""
    (line,) = said.err.splitlines()
    return line.removeprefix("enrollment: ")


@pytest.fixture
def nowhere(fake, monkeypatch):
    """A project whose emulators do not run; nobody waits long for them."""
    for name in ("FIRESTORE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST"):
        monkeypatch.setenv(name, "127.0.0.1:9")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "northside")
    monkeypatch.setenv("ENROLLMENT_STORE", "firestore")
    short = timedelta(seconds=0.3)
    monkeypatch.setattr("enrollment.adapters.firestore.connection.LEDGER_LIMIT", short)
    monkeypatch.setattr("enrollment.adapters.pubsub.inspection.PUBLISH_LIMIT", short)


@pytest.mark.parametrize(
    "words",
    ["status", "line", "resume", "review list", "timeline --request-id r1-abcdefgh"],
)
def test_a_database_that_does_not_answer_is_one_line(nowhere, words):
    assert one_line(run(*words.split())) == (
        "Firestore of northside cannot be used (UNAVAILABLE): see that the emulator at 127.0.0.1:9"
        " runs, or unset FIRESTORE_EMULATOR_HOST"
    )


def test_a_topic_that_is_not_there_is_one_line(cloud, tmp_path, monkeypatch):
    monkeypatch.setenv("ENROLLMENT_REQUESTS_TOPIC", "gone")

    said = run("import", a_roster(tmp_path / "r"), "--json", *AS_OF)

    line = said.err.splitlines()[-1].removeprefix("enrollment: ")
    assert (said.code, said.out) == (1, "")
    assert line.startswith(f"0 of 4 requests were sent, then the topic gone of {cloud.project}")
    assert "cannot be used (NOT_FOUND): " in line
    assert line.endswith("Then start again: none is sent twice")


def test_no_login_is_one_line(fake, monkeypatch, tmp_path):
    for name in ("FIRESTORE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "gone.json"))
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "northside")

    assert one_line(run("status", "--store", "firestore")) == (
        "Firestore of northside cannot be used (DefaultCredentialsError): log in with"
        " `gcloud auth application-default login`"
    )


def test_a_command_on_a_file_loads_nothing_of_google(worked_on):
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            NO_STORE,
            "status",
            "--json",
            "--store",
            f"sqlite:///{worked_on[1]}",
        ],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        check=True,
        text=True,
        timeout=30,
    )

    assert done.stdout.splitlines()[1:] == [""]
