"""A small school, and two ways to ask it: as a function call, and over a socket."""

import http.client
import json
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from infra.fake_classroom.errors import Refusal
from infra.fake_classroom.methods import METHODS, Question
from infra.fake_classroom.school import School

ADMIN = "admin@northside.example"
TEACHER = "tina@northside.example"
ADA = "ada@northside.example"
CREATE = "courses.students.create"


def a_school(*accounts: dict[str, Any], **course: Any) -> School:
    """One course `d:math 101/a` with a teacher; Ada has an account and is not in it."""
    return School.from_json(a_document(*accounts, **course))


def a_document(*accounts: dict[str, Any], **course: Any) -> dict[str, Any]:
    return {
        "domains": ["northside.example"],
        "trusted_domains": ["friend.example"],
        "administrator": ADMIN,
        "accounts": [{"email": ADA}, *accounts],
        "courses": [{"aliases": ["d:math 101/a"], "owner": TEACHER} | course],
    }


def ask(
    school: School,
    method: str,
    *,
    subject: str = ADMIN,
    now: float = 0.0,
    path: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    body: dict[str, str] | None = None,
) -> dict[str, Any] | str:
    """The answer, or what Google says instead: `403 CannotDirectAddUser`, `409 ALREADY_EXISTS`."""
    question = Question(
        subject=school.account(subject),
        now=now,
        path=path or {},
        query=query or {},
        body=body or {},
    )
    try:
        return METHODS[method](school, question)
    except Refusal as refusal:
        return f"{refusal.error.http} {refusal.error.code or refusal.error.status}"


def add(school: School, user: str = ADA, *, code: str | None = None, **rest: Any) -> Any:
    """students.create in the one course."""
    return ask(
        school,
        CREATE,
        path={"courseId": "d:math 101/a"},
        query={"enrollmentCode": code} if code else {},
        body={"userId": user},
        **rest,
    )


def invite(school: School, user: str = ADA, *, role: str = "STUDENT", **rest: Any) -> Any:
    """invitations.create for the one course."""
    body = {"userId": user, "courseId": "d:math 101/a", "role": role}
    return ask(school, "invitations.create", body=body, **rest)


class Said(NamedTuple):
    """One reply: status and content, text where it is not JSON."""

    status: int
    content: Any


def send(
    base: str, verb: str, path: str, body: Any = None, *, timeout: float = 5, **headers: str
) -> Said:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=timeout)
    try:
        raw = None if body is None else json.dumps(body)
        connection.request(verb, f"/{path.lstrip('/')}", raw, headers)
        response = connection.getresponse()
        text = response.read().decode()
        is_json = response.headers["Content-Type"].startswith("application/json")
        return Said(response.status, json.loads(text) if is_json else text)
    finally:
        connection.close()


def send_student(base: str, user: str = ADA, **rest: Any) -> Said:
    """students.create over a socket."""
    return send(base, "POST", "v1/courses/d%3Amath%20101%2Fa/students", {"userId": user}, **rest)
