"""The fake keeps Google's published contract, and Google's own client takes it for Google."""

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any, NamedTuple

import pytest
from google.auth.credentials import AnonymousCredentials, Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from infra.fake_classroom import FakeClassroom
from infra.fake_classroom.checks import misfit
from infra.fake_classroom.contract import IMITATED, published
from infra.fake_classroom.methods import METHODS

ADMIN = "admin@northside.example"
TEACHER = "tina@northside.example"
COURSE = "d:math 101/a"
SCHOOL = {
    "domains": ["northside.example"],
    "trusted_domains": ["friend.example"],
    "administrator": ADMIN,
    "accounts": [
        {"email": "ada@northside.example"},
        {"email": "bob@northside.example"},
        {"email": "fay@friend.example"},
        {"email": "off@northside.example", "state": "disabled"},
        {"email": "full@northside.example", "state": "groups_full"},
        {"email": "busy@northside.example", "state": "joined_today"},
        {"email": "young@northside.example", "state": "young", "for_calls": 1000},
    ],
    "courses": [
        {"aliases": [COURSE], "owner": TEACHER, "students": ["bob@northside.example"]},
        {"aliases": ["d:old"], "state": "ARCHIVED"},
        {"aliases": ["d:full"], "member_limit": 1},
        {"aliases": ["d:orphan"], "owner_deleted": True},
        {"aliases": ["p:abroad"], "owner": "head@elsewhere.example"},
    ],
}


@pytest.fixture(scope="module")
def document():
    """The discovery document as Google's client carries it."""
    cached = files("googleapiclient") / "discovery_cache" / "documents" / "classroom.v1.json"
    return json.loads(cached.read_text())


@pytest.fixture(scope="module")
def fake():
    with FakeClassroom(SCHOOL) as running:
        yield running


class Acting(Credentials):
    """Credentials that name the acting user and can be refreshed, as real ones can."""

    def __init__(self, email):
        super().__init__()
        self.token = f"loopback:{email}"

    def refresh(self, request):
        """The token is good for ever."""


def client_of(fake, credentials):
    """Google's client, pointed at the fake."""
    return build(
        "classroom",
        "v1",
        static_discovery=True,
        credentials=credentials,
        client_options={"api_endpoint": fake.endpoint},
    )


@pytest.fixture(scope="module")
def client(fake):
    with client_of(fake, AnonymousCredentials()) as service:
        yield service


@pytest.fixture(autouse=True)
def _a_fresh_school(fake):
    fake.replace_school(SCHOOL)
    fake.clear_rules()
    fake.trouble(None)


def entry_of(document, name):
    """A method's entry in the discovery document."""
    *resources, last = name.split(".")
    for resource in resources:
        document = document["resources"][resource]
    return document["methods"][last]


def request_for(client, name, **arguments):
    """The client's request for a method, by its name in the discovery document."""
    *resources, last = name.split(".")
    for resource in resources:
        client = getattr(client, resource)()
    return getattr(client, last)(**arguments)


def add(client, user, course=COURSE, **rest):
    return request_for(
        client, "courses.students.create", courseId=course, body={"userId": user}, **rest
    )


def invite(client, user, course=COURSE, role="STUDENT", **rest):
    body = {"userId": user, "courseId": course, "role": role}
    return request_for(client, "invitations.create", body=body, **rest)


@pytest.mark.parametrize("name", IMITATED)
def test_route_parameters_and_schemas_are_those_of_the_discovery_document(document, name):
    entry = entry_of(document, name)
    samples = {key: f"a {key}/" for key in entry["parameterOrder"]}
    path = entry["flatPath"].format(**{k: v.replace("/", "%2F") for k, v in samples.items()})

    method, parameters = published().find(entry["httpMethod"], f"/{path}")

    in_query = {k for k, v in entry["parameters"].items() if v["location"] == "query"}
    assert (method.id, parameters) == (name, samples)
    assert method.query.keys() == in_query | document["parameters"].keys()
    assert method.request == entry.get("request", {}).get("$ref")
    assert method.response == entry["response"]["$ref"]


def test_every_method_that_has_a_route_has_an_answer():
    assert METHODS.keys() == set(IMITATED)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("courses.get", {"id": COURSE}),
        (
            "courses.students.create",
            {"courseId": COURSE, "body": {"userId": "ada@northside.example"}},
        ),
        ("courses.students.get", {"courseId": COURSE, "userId": "bob@northside.example"}),
        ("courses.students.list", {"courseId": COURSE, "pageSize": 1}),
        ("courses.teachers.get", {"courseId": COURSE, "userId": TEACHER}),
        ("courses.teachers.list", {"courseId": COURSE}),
        (
            "invitations.create",
            {"body": {"courseId": COURSE, "userId": "fay@friend.example", "role": "STUDENT"}},
        ),
        ("invitations.get", {"id": None}),
        ("invitations.list", {"courseId": COURSE}),
        ("userProfiles.get", {"userId": "me"}),
    ],
)
def test_googles_client_gets_what_the_schema_promises(client, name, arguments):
    if name in {"invitations.get", "invitations.list"}:
        seat = invite(client, "fay@friend.example").execute()
        arguments = {"id": seat["id"]} if "id" in arguments else arguments

    answer = request_for(client, name, **arguments).execute(num_retries=0)

    contract = published()
    method = next(method for method in contract.methods if method.id == name)
    assert answer
    assert misfit(contract, contract.schemas[method.response], answer, name) is None


def test_googles_client_walks_through_the_pages(client, fake):
    for user in ("ada@northside.example", "admin@northside.example"):
        add(client, user).execute()
    students = client.courses().students()
    request, seen = students.list(courseId=COURSE, pageSize=2), []

    while request is not None:
        answer = request.execute()
        seen.append(len(answer["students"]))
        request = students.list_next(request, answer)

    assert seen == [2, 1]


class Refused(NamedTuple):
    """A call, and how Google's error to it begins."""

    call: Callable[..., Any]
    arguments: list[str]
    status: int
    begin: str


REFUSALS = [
    Refused(add, ["ada@northside.example", "d:none"], 404, "@CourseNotFound "),
    Refused(add, ["none@northside.example"], 404, "Requested entity was not found."),
    Refused(add, ["bob@northside.example"], 409, "Requested entity already exists"),
    Refused(add, [TEACHER], 409, "Requested entity already exists"),
    Refused(add, ["ada@northside.example", "d:old"], 400, "@CourseNotModifiable "),
    Refused(add, ["ada@northside.example", "d:full"], 400, "@CourseMemberLimitReached "),
    Refused(add, ["ada@northside.example", "d:orphan"], 400, "@InactiveCourseOwner "),
    Refused(add, ["ada@northside.example", "p:abroad"], 403, "The caller does not have permission"),
    Refused(add, ["off@northside.example"], 400, "Precondition check failed."),
    Refused(add, ["full@northside.example"], 400, "@UserGroupsMembershipLimitReached "),
    Refused(add, ["busy@northside.example"], 429, "@UserCourseJoinRateLimitReached "),
    Refused(add, ["young@northside.example"], 403, "@CannotDirectAddUser "),
    Refused(add, ["fay@friend.example"], 403, "@CannotDirectAddUser "),
    Refused(invite, ["sam@elsewhere.example"], 403, "@CannotInviteUserInUntrustedDomain "),
    Refused(invite, ["bob@northside.example"], 400, "Precondition check failed."),
    Refused(invite, ["ada@northside.example", COURSE, "OWNER"], 400, "@IneligibleOwner "),
]


@pytest.mark.parametrize("shape", ["1", "2"])
@pytest.mark.parametrize(
    "refused", REFUSALS, ids=lambda refused: f"{refused.call.__name__} {refused.arguments}"
)
def test_googles_client_raises_each_documented_refusal_in_both_shapes(client, refused, shape):
    request = refused.call(client, *refused.arguments, x__xgafv=shape)

    with pytest.raises(HttpError) as raised:
        request.execute(num_retries=0)

    error = json.loads(raised.value.content)["error"]
    assert raised.value.status_code == error["code"] == refused.status
    assert raised.value.reason.startswith(refused.begin)
    assert ("errors" in error) == (shape == "1")


@pytest.mark.parametrize("shape", ["1", "2"])
@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("ClassroomDisabled", "403 forbidden"),
        ("ClassroomApiDisabled", "403 forbidden"),
        ("SERVICE_DISABLED", "403 accessNotConfigured"),
        ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "403 insufficientPermissions"),
        ("UNAUTHENTICATED", "401 authError"),
        ("PERMISSION_DENIED", "403 forbidden"),
        ("away", "503 backendError"),
    ],
)
def test_googles_client_raises_each_trouble_in_both_shapes(fake, trouble, reason, shape):
    fake.trouble(trouble)

    # not anonymous: such credentials cannot be refreshed, and a 401 would never become HttpError
    with client_of(fake, Acting(ADMIN)) as service, pytest.raises(HttpError) as raised:
        add(service, "ada@northside.example", x__xgafv=shape).execute(num_retries=0)

    error = json.loads(raised.value.content)["error"]
    in_v1 = [f"{error['code']} {entry['reason']}" for entry in error.get("errors", [])]
    infos = [detail["reason"] for detail in error.get("details", [])]
    assert raised.value.status_code == error["code"]
    assert in_v1 == [reason] * (shape == "1")
    assert infos == [trouble] * (trouble in {"SERVICE_DISABLED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})


def test_googles_client_acts_as_whom_its_token_names(fake):
    with client_of(fake, Acting("ada@northside.example")) as service:
        profile = service.userProfiles().get(userId="me").execute()

    assert profile["id"] == fake.school.account("ada@northside.example").id


def test_googles_client_sends_a_create_again_when_the_reply_is_lost(client, fake):
    # httplib2 does that silently, even with num_retries=0; the fake shows both calls
    fake.add_rules([{"fault": "reply_lost", "times": 1}])
    before = len(fake.log)

    with pytest.raises(HttpError) as raised:
        add(client, "ada@northside.example").execute(num_retries=0)

    calls = fake.log[before:]
    assert raised.value.status_code == 409
    assert [(call.status, call.deed, call.delivered) for call in calls] == [
        (None, True, False),
        (409, False, True),
    ]
