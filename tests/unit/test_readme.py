"""The README says what the program does, and not what it once did."""

import json
import re
import tomllib
from datetime import date

import pytest

from enrollment.settings import Settings
from enrollment.sources.declared import parse_declared
from enrollment.wire import decode
from infra.readme import README, filled
from infra.samples.roster import sample

TEXT = README.read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_its_tables_are_the_program_s_own():
    assert filled(TEXT) == TEXT, "write them anew: .venv/bin/python -m infra.readme"


def test_its_message_is_a_request():
    (message,) = blocks("json")

    request = decode(message.encode())

    assert request.request_id == "fall26:sis:88121:v3"


@pytest.mark.parametrize("text", blocks("toml"))
def test_each_of_its_sources_files_is_one(text):
    declared = parse_declared(text)

    assert list(declared.sources) == list(tomllib.loads(text)["sources"]) != []


def test_it_names_every_setting_that_has_a_use_today():
    later = {"ENROLLMENT_REQUESTS_TOPIC", "ENROLLMENT_DEAD_LETTERS_TOPIC", "FIRESTORE_DATABASE"}
    known = {str(each.validation_alias) for each in Settings.model_fields.values()}

    missing = {name for name in known - later if f"`{name}`" not in TEXT}

    assert missing == set()


def test_whom_its_webhook_example_enrolls_the_made_up_school_has():
    (body,) = re.findall(r"^\$ body='(.*)'$", TEXT, re.MULTILINE)
    wish = json.loads(body)

    expected = sample(250, 1, as_of=date(2026, 11, 24), time_scale=1).expected

    students = {student for (_, student), became in expected.items() if became == "enrolled"}
    courses = {course for (course, _), became in expected.items() if became == "enrolled"}
    assert wish["student"] in students
    assert wish["course_id"] in courses
