"""What looks for leaks finds what is planted, and nothing in what a stack writes as it should."""

import base64
import json

import pytest

from enrollment.wire import encode
from tests.builders import a_request
from tests.leaks import leaks_in, logs_under

ORDERLY = json.dumps(
    {
        "severity": "INFO",
        "time": "2026-08-20T18:26:01.123456+00:00",
        "message": "enrolled",
        "request_id": "fall26:sis:88121:v3",
        "student": "s-0f8fad5bd9cb469f",
        "where": ["work:17", "enroll:203"],
    }
)
REQUEST = a_request()


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        ("ada.lovelace@northside.example", "an address"),
        ("GET /students/ada%40northside.example", "an address"),
        (r"ada\u0040northside.example", "an address"),
        ("Grace O'Brien was not found", "a name"),
        ("no account for grace.obrien", "a name"),
        ("Ay\u015fe De Simoni", "a name"),
        ("whsec_AAECAwQFBgcICQoLDA0ODw==", "a secret"),
        ("Authorization: Basic c2lzOmEtbG9uZy1wYXNzd29yZA==", "a secret"),
        (r"input: {\"enrollment_code\": \"k7\"}", "a body"),
        ("ValidationError: {'givenName': 7}", "a body"),
        (encode(REQUEST).body.decode().replace("@", " "), "a body"),
        (base64.b64encode(encode(REQUEST).body).decode(), "a body"),
    ],
)
def test_what_is_planted_in_a_log_line_is_found(planted, kind):
    line = json.dumps(json.loads(ORDERLY) | {"detail": planted}, ensure_ascii=False)

    found = leaks_in([("enroll.log", ORDERLY), ("wake.log", line)])

    assert {(each.place, each.kind) for each in found} == {("wake.log", kind)}


def test_what_only_the_test_knows_is_found_however_it_is_written():
    found = leaks_in([("a path in reviews", "/reviews/K9LEAKQ")], {"k9leakq", "i"})

    assert [each.seen for each in found] == ["k9leakq"]


def test_an_orderly_line_is_no_leak():
    assert leaks_in([("enroll.log", ORDERLY)], {"k9leakq"}) == []


def test_every_log_below_a_folder_is_looked_at(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "wake.log").write_bytes(b"ada@northside.example \xff")
    (tmp_path / "roster.csv").write_text("ada@northside.example")

    assert [each.place for each in leaks_in(logs_under(tmp_path))] == ["deep/wake.log"]
