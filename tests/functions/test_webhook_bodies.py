"""Whatever a sender that has proved itself posts: no fault of ours, nothing lost, nobody told of.

Made bodies come close to each format's own, so that every line that reads them is reached.
"""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functions.conftest import ADA
from tests.functions.open_source import BASIC, credentials

QUICK, ALL = 40, 1_250  # bodies to a format and to each way of making them: 10,000 in all
FORMATS = ["native", "oneroster", "canvas", "clever"]
SECRET = "zoe.hidden@northside.example"
ODD = st.sampled_from([
    None, True, -1, 10**300, 1e308, "", "\x00", "\ud800", "x" * 300, "9" * 70, "\u202e",
    SECRET, ADA, "active", "student", "StudentEnrollment", "d:math", "0", "2026-08-20T18:25:43Z",
    "9999-12-31", "0000-00-00", "/requests", "~1", [], {}, [[]], [None], {"sourcedId": 7},
    "true", "deleted",
])  # fmt: skip
GOOD = {
    "native": {"course_id": "d:math", "student": ADA, "version": "1", "origin": {"kind": "sis"}},
    "oneroster": {
        "enrollment": {
            "sourcedId": "e", "status": "active", "role": "student", "dateLastModified": "2026",
            "beginDate": "2026-08-01", "endDate": "2099-06-30", "class": {"sourcedId": "math"},
            "user": {"sourcedId": "17"},
        },
        "users": [{"sourcedId": "17", "email": ADA, "role": "student", "enabledUser": "true",
                   "roles": [{"role": "student"}], "status": "active", "username": "ada"}],
        "classes": [{"sourcedId": "math", "classCode": "M", "course": {"sourcedId": "c"},
                     "terms": [{"sourcedId": "t"}], "status": "active"}],
    },
    "canvas": [
        {"metadata": {"event_name": "user_created", "event_time": "2026-08-20T18:25:43Z"},
         "body": {"user_id": "1", "user_login": ADA, "email": ADA, "user_sis_id": "17",
                  "workflow_state": "registered"}},
        {"metadata": {"event_name": "course_section_created"},
         "body": {"course_section_id": "2", "sis_source_id": "math", "name": "M",
                  "course_id": "3", "workflow_state": "active"}},
        {"metadata": {"event_name": "enrollment_created"},
         "body": {"enrollment_id": "9", "course_section_id": "2", "user_id": "1",
                  "type": "StudentEnrollment", "workflow_state": "active",
                  "created_at": "2026-08-20T18:25:43Z", "updated_at": "2026-08-20T18:25:43Z"}},
    ],
    "clever": [
        {"id": "e1", "type": "users.created", "created": "2026-08-20T18:25:43Z",
         "data": {"object": {"id": "1", "email": ADA, "sis_id": "17",
                             "roles": {"student": {"sis_id": "17"}},
                             "credentials": {"district_username": "ada"}}}},
        {"id": "e2", "type": "sections.updated", "created": "2026-08-20T18:25:43Z",
         "data": {"object": {"id": "2", "sis_id": "math", "name": "M", "students": ["1"],
                             "term_id": "t", "course": "c"},
                  "previous_attributes": {"students": ["4"]}}},
    ],
}  # fmt: skip


def changed(value):
    """The value with any of its parts in the place of another, left out, or of a wrong type."""
    if isinstance(value, dict):
        parts = {name: changed(each) for name, each in value.items()}
        made = st.fixed_dictionaries({}, optional=parts) | st.fixed_dictionaries(parts)
    elif isinstance(value, list):
        made = st.tuples(*map(changed, value)).map(list) | st.lists(changed(value[0]), max_size=3)
    else:
        made = st.just(value)
    return st.one_of(made, made, made, ODD)


def written(value):
    return json.dumps(value).encode()


def broken(body):
    """Cut off, with a byte changed, or nested deeply."""
    cut = st.integers(0, len(body)).map(lambda at: body[:at])
    byte = st.tuples(st.integers(0, len(body) - 1), st.binary(max_size=3))
    spoiled = byte.map(lambda it: body[: it[0]] + it[1] + body[it[0] + 1 :])
    deep = st.integers(1, 2_000).map(lambda n: b'{"data":' * n + body + b"}" * n)
    deeper = st.integers(1, 2_000).map(lambda n: b"[" * n + body + b"]" * n)
    return st.one_of(cut, spoiled, deep, deeper, st.binary(max_size=200))


@pytest.fixture
def doors_of_all(doors, tmp_path):
    declared = tmp_path / "sources.toml"
    verify = 'verify = { scheme = "basic", secrets = ["env://BASIC"] }'
    declared.write_text(
        '[school]\ndomains = ["northside.example"]\n'
        + "".join(
            f'[sources.{it}]\nkind = "webhook"\nformat = "{it}"\n{verify}\n' for it in FORMATS
        )
    )
    doors.start_again(SOURCES_FILE=str(declared), BASIC=BASIC)
    return doors


class Told:
    """What the door has answered: the ids that it has accepted, and those for a person."""

    def __init__(self, doors, source):
        self.doors = doors
        self.source = source
        self.client = doors.app("sis_webhook").test_client()
        self.accepted, self.review = set(), set()

    def post(self, body):
        reply = self.client.post(
            f"/{self.source}", data=body, headers=credentials(), content_type="application/json"
        )
        assert reply.status_code in (202, 400, 422)
        assert not [each for each in (ADA, SECRET) if each in reply.text]
        for each in reply.json.get("results", [reply.json]):
            kept = {"accepted": self.accepted, "review": self.review}.get(each.get("status"))
            if kept is not None:
                kept.add(each["request_id"])

    def must_be_published(self):
        self._must_be_on("enrollment-requests", self.accepted)
        self._must_be_on("enrollment-dead-letters", self.review)
        logged = self.doors.logged.getvalue()
        assert not [each for each in (ADA, SECRET, BASIC) if each in logged]

    def _must_be_on(self, topic, ids):
        """The same wish in two deliveries is two messages, so their number says nothing."""
        seen = set()
        while missing := ids - seen:
            more = {each.attributes["request_id"] for each in self.doors.published(topic)}
            assert more, f"{len(missing)} of {len(ids)} never came"
            seen |= more
        assert seen == ids


def asked(request, bodies, told):
    @settings(
        max_examples=ALL if request.config.getoption("--all") else QUICK,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(bodies)
    def post(body):
        told.post(body)

    post()
    told.must_be_published()


@pytest.mark.parametrize("source", FORMATS)
def test_wrong_types_and_odd_values_in_every_field_lose_nothing(doors_of_all, request, source):
    told = Told(doors_of_all, source)
    told.post(written(GOOD[source]))

    asked(request, changed(GOOD[source]).map(written), told)

    assert told.accepted


@pytest.mark.parametrize("source", FORMATS)
def test_broken_bodies_lose_nothing(doors_of_all, request, source):
    told = Told(doors_of_all, source)

    asked(request, broken(written(GOOD[source])), told)
