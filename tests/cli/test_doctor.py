"""What the doctor finds on a file; what it finds in the cloud is in `test_doctor_cloud.py`."""

import re
import shutil
from typing import NamedTuple

import pytest

from enrollment import timing
from enrollment.adapters.sqlite import only_engine
from enrollment.wiring.embedded import open_store
from tests.cli.commands import run
from tests.cli.schools import ADA, BEN, CLOE, YUKI

FINDING = {"check", "state", "told", "remedy"}


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def healthy(store, fake):
    """A store that was worked on, and a fake school that runs."""
    return store


def findings(*words):
    """What each check found: its states and its words."""
    found = {}
    for each in run("doctor", "--json", *words).json["checks"]:
        found.setdefault(each["check"], []).append(each)
    return found


def the_wrong_one(*words):
    said = run("doctor", "--json", *words)
    (found,) = [each for each in said.json["checks"] if each["state"] == "wrong"]
    assert said.code == 1
    assert said.json["wrong"] == 1
    assert found["remedy"]
    return found


def test_what_is_in_order_is_said_line_by_line(healthy, fake):
    said = run("doctor")
    found = run("doctor", "--json").json

    assert said.code == 0
    states = {each["check"]: each["state"] for each in found["checks"]}
    assert states == dict.fromkeys(
        ("settings", "times", "quota", "store", "permissions", "disk", "engine", "key", "line"),
        "ok",
    ) | {"sources": "not checked", "wake": "ok", "classroom": "ok"}
    assert all(each.keys() == FINDING for each in found["checks"])
    assert (found["wrong"], found["not_checked"]) == (0, 1)
    assert len(said.out.splitlines()) == len(states)
    assert re.search(r"^ok +times +45 < 60 < 90 < 120 s: ", said.out, re.MULTILINE)
    assert said.err == "0 wrong, 1 not checked\n"
    assert not any(address in said.out for address in (ADA, BEN, CLOE, YUKI))


def test_it_changes_nothing_and_asks_classroom_once(healthy, fake, tmp_path):
    before, rosters = run("status", "--json").json, fake.roster()

    run("doctor")

    (call,) = fake.log
    assert call.method == "courses.students.list"
    assert fake.roster() == rosters
    assert run("status", "--json").json == before


def test_every_fault_of_the_settings_is_told_and_the_rest_is_checked(store, monkeypatch):
    monkeypatch.delenv("CLASSROOM_API_ENDPOINT")
    monkeypatch.delenv("CLASSROOM_ADMIN")

    found = findings()

    told = [each["told"].partition(" ")[0] for each in found["settings"]]
    assert told == ["CLASSROOM_ADMIN", "CLASSROOM_DELEGATE", "PSEUDONYM_KEY"]
    assert {each["state"] for each in found["settings"]} == {"wrong"}
    assert found["store"][0]["state"] == "ok"
    assert found["key"][0]["state"] == found["classroom"][0]["state"] == "not checked"


def test_settings_that_lead_nowhere_leave_the_rest_unchecked(store, monkeypatch):
    monkeypatch.setenv("CLASSROOM_QUOTA_PER_MINUTE", "many")

    found = findings()

    assert found["settings"][0]["state"] == "wrong"
    assert found["store"][0]["state"] == "not checked"


def test_a_store_that_is_not_there_is_not_made(fake, tmp_path):
    found = the_wrong_one("--store", "sqlite:///gone.db")

    assert (found["check"], found["told"]) == ("store", "there is no gone.db")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_store_is_told(fake, tmp_path):
    (tmp_path / "text.db").write_text("no database at all, but rather long" * 10)

    assert the_wrong_one("--store", "sqlite:///text.db")["told"].startswith("text.db is no store")


def test_a_store_that_others_may_read_is_wrong(healthy, tmp_path):
    (tmp_path / "school.db").chmod(0o640)

    found = the_wrong_one()

    assert found["check"] == "permissions"
    assert found["remedy"] == f"chmod 600 {tmp_path}/school.db"


def test_a_full_disk_is_wrong(healthy, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 10**6))

    assert the_wrong_one()["check"] == "disk"


def test_an_engine_that_works_now_is_told(healthy, tmp_path):
    school = open_store(str(tmp_path / "school.db"))
    with only_engine(school.database):
        during = findings()["engine"][0]["told"]
    school.close()

    assert during == "one works on the store now"
    assert findings()["engine"][0]["told"] == "none works on the store now"


def test_another_key_is_wrong_and_none_is_remembered_by_looking(healthy, monkeypatch, tmp_path):
    open_store(str(tmp_path / "new.db")).close()
    monkeypatch.setenv("PSEUDONYM_KEY", "another key of thirty-two bytes ..")

    assert the_wrong_one()["check"] == "key"
    for _ in range(2):
        (key,) = findings("--store", "sqlite:///new.db")["key"]
        assert key["told"] == "no key is remembered yet; the first import does that"


def test_a_held_line_is_wrong(healthy):
    run("hold", "--why", "exams")

    found = the_wrong_one()

    assert found["check"] == "line"
    assert "exams" in found["told"]
    assert "`enrollment resume`" in found["remedy"]


def test_a_damaged_record_stops_no_other_check(healthy, tmp_path):
    school = open_store(str(tmp_path / "school.db"))
    school.database._connection.execute("insert into line values (1, '{', 1)")
    school.close()

    found = findings()

    assert found["line"][0]["state"] == "wrong"
    assert "the record of the line cannot be read" in found["line"][0]["told"]
    assert found["classroom"][0]["state"] == "ok"


@pytest.mark.parametrize(
    ("text", "state"), [('[school]\ndomains = ["x.example"]\n', "ok"), ("[sources.x]\n", "wrong")]
)
def test_declarations_are_read(healthy, monkeypatch, tmp_path, text, state):
    (tmp_path / "sources.toml").write_text(text)
    monkeypatch.setenv("SOURCES_FILE", "sources.toml")

    found = findings()["sources"]

    assert {each["state"] for each in found} == {state}
    assert all("sources.toml" in each["told"] for each in found)


def test_a_reserve_that_eats_the_quota_is_wrong(healthy, monkeypatch):
    monkeypatch.setenv("CLASSROOM_QUOTA_PER_MINUTE", "100")

    assert the_wrong_one()["check"] == "quota"


def test_times_that_do_not_follow_each_other_are_wrong(healthy, monkeypatch):
    monkeypatch.setattr(timing, "LEASE", timing.FUNCTION_TIMEOUT)

    assert the_wrong_one()["check"] == "times"


def test_a_classroom_that_does_not_answer_is_wrong(store):
    found = the_wrong_one()

    assert found["check"] == "classroom"
    assert "http://127.0.0.1:9/" in found["told"]
    assert "CLASSROOM_API_ENDPOINT" in found["remedy"]


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        ("ClassroomDisabled", "Classroom is switched off for the administrator"),
        ("ClassroomApiDisabled", "Classroom data access is switched off"),
        ("SERVICE_DISABLED", "The Classroom API is switched off in the Cloud project"),
        ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "The delegation does not include the scope"),
        ("UNAUTHENTICATED", "Google rejects the service's credentials"),
        ("away", "could not be asked (classroom_down"),
    ],
)
def test_what_keeps_us_from_classroom_is_told_with_the_remedy(healthy, fake, trouble, told):
    fake.trouble(trouble)

    found = the_wrong_one()

    assert found["check"] == "classroom"
    assert told in found["told"]


def test_an_answer_that_says_neither_is_not_taken_for_either(healthy, fake):
    fake.trouble("PERMISSION_DENIED")

    assert findings()["classroom"][0]["state"] == "not checked"
