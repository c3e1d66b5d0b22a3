"""The protocol port below the methods: routes, parameters, bodies, connections."""

import socket
import threading
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from infra.fake_classroom import FakeClassroom
from tests.infra.fake_classroom.builders import ADA, a_school, send, send_student

COURSE = "v1/courses/d%3Amath%20101%2Fa"


@pytest.fixture(scope="module")
def fake():
    with FakeClassroom(a_school(students=[ADA])) as running:
        yield running


@pytest.mark.parametrize(
    ("line", "body", "status", "message"),
    [
        ("GET v1/guardians", None, "NOT_FOUND", "Method not found."),
        (f"DELETE {COURSE}", None, "NOT_FOUND", "Method not found."),
        ("GET v1/courses//students", None, "NOT_FOUND", "Method not found."),
        (f"GET {COURSE}?colour=1", None, "INVALID_ARGUMENT", 'Unknown name "colour"'),
        (f"GET {COURSE}/students?pageSize=x", None, "INVALID_ARGUMENT", "(TYPE_INTEGER)"),
        (f"GET {COURSE}?alt=carrier-pigeon", None, "INVALID_ARGUMENT", "(TYPE_ENUM)"),
        (f"GET {COURSE}?fields=colour", None, "INVALID_ARGUMENT", "field selection colour"),
        (f"GET {COURSE}?fields=id(", None, "INVALID_ARGUMENT", "field selection id("),
        (f"POST {COURSE}/students", {"userId": 5}, "INVALID_ARGUMENT", "(TYPE_STRING)"),
        (f"POST {COURSE}/students", {"user": "x"}, "INVALID_ARGUMENT", 'Unknown name "user"'),
        (f"POST {COURSE}/students", ["x"], "INVALID_ARGUMENT", "Root element"),
        (f"POST {COURSE}/students", None, "INVALID_ARGUMENT", "an invalid argument"),
        ("POST v1/invitations", {"role": "GUEST"}, "INVALID_ARGUMENT", "invitation.role"),
    ],
)
def test_what_breaks_the_contract_is_refused_in_googles_words(fake, line, body, status, message):
    said = send(fake.endpoint, *line.split(), body)

    assert said.content["error"]["status"] == status
    assert said.content["error"]["code"] == said.status
    assert message in said.content["error"]["message"]


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ("courseId,userId", {"courseId", "userId"}),
        ("userId,profile(id,name/fullName)", {"userId", "profile"}),
        ("profile/name", {"profile"}),
        ("*", {"courseId", "userId", "profile"}),
    ],
)
def test_fields_choose_what_comes_back(fake, fields, names):
    said = send(fake.endpoint, "GET", f"{COURSE}/students/{ADA}?fields={fields}")

    assert said.content.keys() == names


@pytest.mark.parametrize(
    ("token", "status"),
    [
        ("Bearer loopback:ada@northside.example", 200),
        ("Bearer loopback:nobody@northside.example", 401),
        ("Bearer something", 401),
    ],
)
def test_the_token_says_who_acts(fake, token, status):
    said = send(fake.endpoint, "GET", "v1/userProfiles/me", authorization=token)

    assert said.status == status


def test_an_account_that_is_disabled_cannot_act():
    off = {"email": "off@northside.example", "state": "disabled"}
    with FakeClassroom(a_school(off)) as fake:
        said = send(
            fake.endpoint,
            "GET",
            "v1/userProfiles/me",
            authorization=f"Bearer loopback:{off['email']}",
        )

    assert said.content["error"]["status"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("error_format", "query", "with_errors"),
    [
        ("v1", "", [True, True]),
        ("v2", "", [False, False]),
        ("v1", "?%24.xgafv=2", [False, False]),
        ("v2", "?%24.xgafv=1", [True, True]),
    ],
)
def test_an_error_has_the_shape_that_is_asked_for(error_format, query, with_errors):
    with FakeClassroom(a_school(), error_format=error_format) as fake:
        said = [send(fake.endpoint, "GET", f"v1/courses/d%3Ax{query}").content for _ in range(2)]

    assert ["errors" in content["error"] for content in said] == with_errors


def test_mixed_shapes_take_turns():
    with FakeClassroom(a_school(), error_format="mixed") as fake:
        said = [send(fake.endpoint, "GET", "v1/courses/d%3Ax").content for _ in range(4)]

    shapes = ["errors" in content["error"] for content in said]
    assert shapes in ([True, False] * 2, [False, True] * 2)


@pytest.mark.parametrize(
    ("raw", "begin"),
    [
        (b"nonsense\r\n\r\n", b"HTTP/1.1 400 "),
        (b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"HTTP/1.1 400 "),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"HTTP/1.1 400 "),
        (b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf", b""),
        (b"GET / HTTP", b""),
        (b"", b""),
    ],
)
def test_what_is_no_request_ends_its_connection_and_no_other(fake, raw, begin):
    with socket.create_connection(("127.0.0.1", urlsplit(fake.endpoint).port)) as client:
        client.sendall(raw)
        if not begin:  # the rest will never come
            client.shutdown(socket.SHUT_WR)
        said = client.recv(4096)

    assert said[:13] == begin
    assert send(fake.endpoint, "GET", COURSE).status == 200


def test_a_connection_serves_call_after_call(fake):
    connection = HTTPConnection(urlsplit(fake.endpoint).netloc)
    seen, sockets = [], set()

    for _ in range(3):
        connection.request("GET", "/v1/courses/d%3Amath%20101%2Fa")
        response = connection.getresponse()
        response.read()
        seen.append(response.status)
        sockets.add(id(connection.sock))
    connection.close()

    assert seen == [200] * 3
    assert len(sockets) == 1


def test_many_threads_put_one_student_on_the_roster_once():
    with FakeClassroom(a_school()) as fake:
        seen = []
        threads = [
            threading.Thread(target=lambda: seen.append(send_student(fake.endpoint).status))
            for _ in range(8)
        ]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(seen) == [200] + [409] * 7
        assert len(fake.roster()["students"]) == 1


def test_the_end_leaves_no_thread_behind_even_with_clients_waiting():
    before = set(threading.enumerate())
    fake = FakeClassroom(a_school(), rules=[{"fault": "hang"}])
    with fake:
        idle = HTTPConnection(urlsplit(fake.endpoint).netloc)
        idle.connect()
        waiting = HTTPConnection(urlsplit(fake.endpoint).netloc)
        waiting.request("GET", "/v1/userProfiles/me")
        while not fake.log:
            pass
    idle.close()
    waiting.close()

    assert set(threading.enumerate()) <= before
