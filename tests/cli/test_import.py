"""`enrollment import`: what is sent, what a rehearsal shows, and what is refused."""

import re
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest

from enrollment.clock import Deadline
from enrollment.sources.declared import UNDECLARED
from enrollment.sources.roster import read_roster
from enrollment.wiring.embedded import open_store
from tests.cli.commands import run
from tests.cli.schools import AS_OF, a_roster
from tests.sources.rosters import a_user, an_enrollment, in_folder, oneroster


def test_a_rehearsal_needs_no_settings_and_changes_nothing(tmp_path):
    roster = a_roster(tmp_path / "roster")

    said = run("import", roster, "--dry-run", *AS_OF, "--store", "sqlite:///new.db")

    assert said.code == 0
    assert "4 requests to send, for 4 students in 2 courses" in said.out
    assert re.search(r"not_a_student +1 +The row lists a teacher.* 7\n", said.out)
    assert "1 row tells of a student who left" in said.out
    assert "Nothing was sent" in said.out
    assert "first rows of enrollments.csv" in said.out
    assert "; 1 duplicate of an earlier row; 2 rows not sent" in said.out
    assert [path.name for path in tmp_path.iterdir()] == ["roster"]


def test_its_json_has_exactly_the_promised_keys(tmp_path):
    said = run("import", a_roster(tmp_path / "r"), "--dry-run", "--json", *AS_OF)

    assert said.json | {"seconds": 0} == {
        "rows": 7,
        "sent": 4,
        "duplicates": 1,
        "skipped": {"not_a_student": 1, "withdrawn": 1},
        "seconds": 0,
    }


def test_an_import_puts_the_requests_on_the_queue(tmp_path, fake):
    said = run("import", a_roster(tmp_path / "r"), "--json", *AS_OF, "--store", "sqlite:///s.db")
    status = run("status", "--json", "--store", "sqlite:///s.db")

    assert said.json["sent"] == 4
    assert "next: enrollment run --store sqlite:///s.db" in said.err
    assert status.json["queue"] == {"requests": 4, "dead_letters": 0}
    assert fake.log == []


def test_a_rehearsal_shows_examples_with_masked_addresses(tmp_path):
    said = run("import", a_roster(tmp_path / "r"), "--dry-run", *AS_OF)

    assert "  d:MATH-7 ← a***@northside.example\n" in said.out
    assert said.out.count("←") == 3
    assert not re.search(r"(ada|ben|cloe|yuki)@", said.out + said.err)


def test_a_rehearsal_without_a_rule_for_domains_names_them(tmp_path):
    addresses = [f"a@d{number % 7}.example" for number in range(9)]
    rows = [an_enrollment(sourcedId=f"e{n}", userSourcedId=f"u{n}") for n in range(9)]
    users = [a_user(sourcedId=f"u{n}", email=f"s{n}{each}") for n, each in enumerate(addresses)]
    roster = in_folder(tmp_path / "r", oneroster(enrollments=rows, users=users))

    said = run("import", roster, "--dry-run", *AS_OF)

    note = re.search(r"no email_domains rule is declared.*", said.out)
    assert note
    assert "have 7 domains: " in note[0]
    assert note[0].endswith(" and 2 more")
    assert note[0].count(".example") == 5


def test_a_rehearsal_with_a_rule_for_domains_needs_no_note(tmp_path):
    (tmp_path / "sources.toml").write_text(ONE + 'email_domains = ["northside.example"]\n')
    roster = a_roster(tmp_path / "r")

    said = run("import", roster, "--dry-run", *AS_OF, "--sources", "sources.toml")

    assert "source sis: 7 rows" in said.out
    assert "no email_domains rule" not in said.out


def test_one_is_not_many(tmp_path):
    roster = in_folder(tmp_path / "r", oneroster(enrollments=[an_enrollment()] * 2))

    said = run("import", roster, "--dry-run", *AS_OF)

    assert "1 request to send, for 1 student in 1 course; 1 duplicate of an" in said.out
    assert "the addresses have 1 domain: northside.example" in said.out


ONE = '[sources.sis]\nkind = "file"\ncourses = ["d:MATH-*"]\n'
TWO = ONE + '[sources.other]\nkind = "file"\n'
HOOK = '[sources.hook]\nkind = "web_form"\nformat = "web_form"\n'


@pytest.mark.parametrize(
    ("toml", "words", "answer"),
    [
        (ONE, [], "source sis: 7 rows"),
        (TWO, ["--source", "other"], "source other: 7 rows"),
        (TWO, [], "add --source, one of sis, other"),
        (TWO, ["--source", "siss"], "does not declare siss as a file"),
        (HOOK, ["--source", "hook"], "does not declare hook as a file but as web_form"),
        (HOOK, [], "source roster: 7 rows"),
        ("", ["--source", "free"], "source free: 7 rows"),
        ("[sources.x]\nkin = 1", [], "sources.toml cannot be used:\n  [sources.x]"),
    ],
)
def test_the_source_is_the_one_that_is_meant(tmp_path, toml, words, answer):
    (tmp_path / "sources.toml").write_text(toml)

    roster = a_roster(tmp_path / "r")
    said = run("import", roster, "--dry-run", *AS_OF, "--sources", "sources.toml", *words)

    assert answer in said.out + said.err
    assert said.code == (0 if "rows" in answer else 2)


@pytest.mark.parametrize(
    ("words", "code", "answer"),
    [
        (["nowhere.zip", "--dry-run"], 2, "nowhere.zip does not exist: give the folder or zip"),
        (["r", "--dry-run", "--as-of", "tomorrow"], 2, "write it like 2026-08-24"),
        ([".", "--dry-run"], 1, "the roster cannot be read: looked for enrollments.csv"),
        (["r", "--dry-run", "--explain", "no/such.csv"], 1, "no/such.csv cannot be written"),
        (["r"], 2, "CLASSROOM_ADMIN is not set: the address"),
        (["r", "--admin", "a@b.example"], 2, "PSEUDONYM_KEY is not set: keys the hashes"),
        (
            ["r", "--sources", "gone.toml", "--dry-run"],
            2,
            "--sources gone.toml is wrong (there is no such file)",
        ),
        (["r", "--store", "s.db"], 2, "write it like sqlite:///enrollment.db"),
    ],
)
def test_an_error_names_thing_fact_and_remedy(tmp_path, words, code, answer):
    a_roster(tmp_path / "r")

    said = run("import", *words)

    assert said.code == code
    assert answer in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_without_the_name_of_a_store_it_is_one_in_this_folder(tmp_path, fake):
    said = run("import", a_roster(tmp_path / "r"), *AS_OF)

    assert said.code == 0
    assert "4 requests sent to the queue of sqlite:///enrollment.db" in said.out
    assert (tmp_path / "enrollment.db").exists()


def test_a_store_that_was_begun_with_another_key_takes_nothing(fake, tmp_path, monkeypatch):
    roster, store = a_roster(tmp_path / "roster"), "sqlite:///school.db"
    monkeypatch.setenv("PSEUDONYM_KEY", "a" * 32)
    run("import", roster, "--store", store, *AS_OF)
    monkeypatch.setenv("PSEUDONYM_KEY", "b" * 32)

    refused = run("import", roster, "--store", store, *AS_OF)

    assert refused.code == 1
    assert "another PSEUDONYM_KEY" in refused.err
    assert run("status", "--store", store, "--json").json["queue"]["requests"] == 4


def test_the_roster_of_a_webhook_s_source_explains_its_ids(tmp_path, fake, monkeypatch):
    declared = tmp_path / "sources.toml"
    declared.write_text(
        '[sources.sis]\nkind = "webhook"\nformat = "oneroster"\n'
        'verify = { scheme = "basic", secrets = ["env://SIS"] }\n'
    )
    monkeypatch.setenv("SOURCES_FILE", str(declared))

    said = run("import", a_roster(tmp_path / "r"), "--source", "sis", "--store", "sqlite:///s.db")

    assert said.code == 0
    with open_school("s.db") as store:
        roster = read_lists(tmp_path / "r")
        found = store.directory().find("sis", roster.people, roster.sections, store_deadline(store))
    assert found == roster
    assert found.people


def test_the_roster_of_a_file_tells_no_directory(tmp_path, fake):
    run("import", a_roster(tmp_path / "r"), "--source", "office", "--store", "sqlite:///s.db")

    with open_school("s.db") as store:
        roster = read_lists(tmp_path / "r")
        found = store.directory().find(
            "office", roster.people, roster.sections, store_deadline(store)
        )
    assert not found


@contextmanager
def open_school(path):
    store = open_store(path)
    try:
        yield store
    finally:
        store.close()


def store_deadline(store):
    return Deadline.starting_now(store.clock)


def read_lists(folder):
    roster = read_roster(
        folder,
        UNDECLARED,
        source="any",
        as_of=date(2026, 11, 23),
        received_at=datetime(2026, 11, 23, tzinfo=UTC),
        key=b"k" * 32,
    )
    return roster.known
