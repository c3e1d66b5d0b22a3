"""The control port: how a test or a stack sets the fake up and asks what happened. JSON only."""

import json
import os
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs

from infra.fake_classroom.classroom import Classroom
from infra.fake_classroom.faults import Rule, RuleError
from infra.fake_classroom.log import as_json
from infra.fake_classroom.school import School
from infra.fake_classroom.school_file import SchoolFileError
from infra.fake_classroom.trouble import Trouble, TroubleKind
from infra.fake_classroom.wire import Reply, Request


class BadOrder(ValueError):
    """The control port cannot do that; says why in its one argument."""


class Control:
    """Answers the control port of one fake."""

    def __init__(self, classroom: Classroom, shut_down: Callable[[], None]) -> None:
        self._classroom = classroom
        self._shut_down = shut_down

    def answer(self, request: Request) -> Reply:
        """Do as ordered; 400 says what is wrong with an order, 404 that there is none like it."""
        order = ORDERS.get((request.verb, request.path))
        if order is None:
            return _reply(HTTPStatus.NOT_FOUND, {"error": "no such order"})
        try:
            return _reply(HTTPStatus.OK, order(self, request))
        except SchoolFileError as wrong:
            found = [{"place": p.place, "problem": p.text} for p in wrong.problems]
            return _reply(HTTPStatus.BAD_REQUEST, {"error": "not a school", "problems": found})
        except (BadOrder, RuleError) as wrong:
            return _reply(HTTPStatus.BAD_REQUEST, {"error": str(wrong)})

    def health(self, _: Request) -> Any:
        """GET /health."""
        return {"status": "ok", "pid": os.getpid()}

    def get_school(self, _: Request) -> Any:
        """GET /school."""
        return self._classroom.school_as_json()

    def put_school(self, request: Request) -> Any:
        """PUT /school."""
        self._classroom.replace_school(School.from_json(_body(request)))
        return {}

    def add_faults(self, request: Request) -> Any:
        """POST /faults, a list of rules or {"rules": [...]}."""
        body = _body(request)
        rules = body.get("rules") if isinstance(body, dict) else body
        if not isinstance(rules, list):
            raise BadOrder('rules: must be a list, or an object {"rules": [...]}')
        self._classroom.add_rules([Rule.from_json(rule) for rule in rules])
        return {}

    def clear_faults(self, _: Request) -> Any:
        """DELETE /faults."""
        self._classroom.clear_rules()
        return {}

    def set_trouble(self, request: Request) -> Any:
        """POST /trouble {"kind": … or null, "subject": …}."""
        body = _body(request)
        kind = body.get("kind", "") if isinstance(body, dict) else ""
        if kind is not None and kind not in set(TroubleKind):
            raise BadOrder(f"kind: must be null or one of {', '.join(TroubleKind)}")
        subject = body.get("subject")
        if subject is not None and not isinstance(subject, str):
            raise BadOrder("subject: must be an e-mail address or null")
        whose = subject.lower() if subject else None
        trouble = None if kind is None else Trouble(kind=TroubleKind(kind), subject=whose)
        self._classroom.set_trouble(trouble)
        return {}

    def log(self, request: Request) -> Any:
        """GET /log?after=N; a call with `answered_at` null may still change."""
        after = parse_qs(request.query).get("after", ["0"])[-1]
        if not after.isdecimal():
            raise BadOrder("after: must be the number of a call, or 0")
        return {"calls": [as_json(call) for call in self._classroom.log.calls(int(after))]}

    def roster(self, _: Request) -> Any:
        """GET /roster."""
        return self._classroom.roster()

    def counts(self, _: Request) -> Any:
        """GET /counts."""
        return self._classroom.log.counts()

    def shutdown(self, _: Request) -> Any:
        """POST /shutdown."""
        self._shut_down()
        return {}


ORDERS: Mapping[tuple[str, str], Callable[[Control, Request], Any]] = MappingProxyType(
    {
        ("GET", "/health"): Control.health,
        ("GET", "/school"): Control.get_school,
        ("PUT", "/school"): Control.put_school,
        ("POST", "/faults"): Control.add_faults,
        ("DELETE", "/faults"): Control.clear_faults,
        ("POST", "/trouble"): Control.set_trouble,
        ("GET", "/log"): Control.log,
        ("GET", "/roster"): Control.roster,
        ("GET", "/counts"): Control.counts,
        ("POST", "/shutdown"): Control.shutdown,
    }
)


def _body(request: Request) -> Any:
    try:
        return json.loads(request.body)
    except ValueError:
        raise BadOrder("the body is not JSON") from None


def _reply(status: HTTPStatus, content: Any) -> Reply:
    return Reply(status=status.value, body=json.dumps(content).encode())
