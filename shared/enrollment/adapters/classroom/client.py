"""The Classroom port on google-api-python-client."""

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from googleapiclient.discovery import build

from enrollment.adapters.classroom.answers import Problem, read_problem
from enrollment.adapters.classroom.connections import Connections
from enrollment.adapters.classroom.credentials import Identities
from enrollment.adapters.classroom.http import (
    AnswerLost,
    Calling,
    ErrorAnswer,
    OneShotHttp,
    Unreached,
)
from enrollment.adapters.classroom.verdicts import verdict
from enrollment.adapters.clock import monotonic
from enrollment.ports import CreateAnswer, InviteAnswer, Refused, Seat, Trouble, Unavailable
from enrollment.reasons import Reason
from enrollment.timing import BACKOFF_MOST, CLASSROOM_LIMIT

# Nothing but ids: the default answer holds names and photographs.
MEMBER_FIELDS = "courseId,userId"
# What each answer must hold to be Google's: a filter on the way may say 200 as well.
MEMBER, INVITATION = "userId", "id"
LIST = {"students", "nextPageToken"}


class _Parts:
    """The resource objects, made once: making one costs more than using it (emulators facts)."""

    def __init__(self, endpoint: str | None) -> None:
        options = {"api_endpoint": endpoint} if endpoint else None
        service = build(
            "classroom",
            "v1",
            http=OneShotHttp(CLASSROOM_LIMIT.total_seconds()),
            static_discovery=True,
            cache_discovery=False,
            client_options=options,
        )
        self.students = service.courses().students()
        self.teachers = service.courses().teachers()
        self.invitations = service.invitations()


@dataclass
class GoogleClassroom:
    """Classroom at Google, or at `endpoint`; the administrator acts unless the seat has a code."""

    administrator: str
    identities: Identities
    endpoint: str | None = None
    _parts: _Parts = field(init=False, repr=False)
    connections: Connections = field(default_factory=Connections, init=False, repr=False)

    def __post_init__(self) -> None:
        # At DEBUG it would log each URL, with the address and the enrollment code in it.
        logging.getLogger("googleapiclient.discovery").setLevel(logging.INFO)
        self._parts = _Parts(self.endpoint)

    def create_student(self, seat: Seat, timeout: float) -> CreateAnswer:
        """Ask for the seat (courses.students.create)."""
        named = {} if seat.enrollment_code is None else {"enrollmentCode": seat.enrollment_code}
        call = self._parts.students.create(
            courseId=seat.course_id,
            body={"userId": _user(seat)},
            fields=MEMBER_FIELDS,
            **named,
        )
        found = self._call(call, seat, timeout, MEMBER)
        return _answer(found) if isinstance(found, Problem) else CreateAnswer.ADDED

    def is_student(self, seat: Seat, timeout: float) -> bool:
        """Whether the person is a student of the course (courses.students.get)."""
        call = self._parts.students.get(
            courseId=seat.course_id, userId=_user(seat), fields=MEMBER_FIELDS
        )
        return self._exists(call, seat, timeout)

    def is_teacher(self, seat: Seat, timeout: float) -> bool:
        """Whether the person is a teacher of the course (courses.teachers.get)."""
        call = self._parts.teachers.get(
            courseId=seat.course_id, userId=_user(seat), fields=MEMBER_FIELDS
        )
        return self._exists(call, seat, timeout)

    def course_exists(self, seat: Seat, timeout: float) -> bool:
        """Whether the course can be read at all (courses.students.list, one student)."""
        call = self._parts.students.list(
            courseId=seat.course_id, pageSize=1, fields="students(courseId,userId)"
        )
        return self._exists(call, seat, timeout, None)

    def invite(self, seat: Seat, timeout: float) -> InviteAnswer:
        """Invite the person as a student (invitations.create)."""
        body = {"courseId": seat.course_id, "userId": seat.student, "role": "STUDENT"}
        call = self._parts.invitations.create(body=body, fields="id")
        try:
            found = self._call(call, seat, timeout, INVITATION)
        except Refused as refusal:
            if refusal.reason is Reason.ACCOUNT_DISABLED:
                # A member is answered the same; reading back tells the two apart.
                return InviteAnswer.HAS_ROLE
            raise
        if not isinstance(found, Problem):
            return InviteAnswer.INVITED
        match _answer(found):
            case CreateAnswer.EXISTS:
                return InviteAnswer.INVITED  # one invitation for a user and course: it is there
            case CreateAnswer.NOT_FOUND:
                return InviteAnswer.NOT_FOUND
            case _:
                pass
        raise _unexpected(found)

    def _exists(self, call: Any, seat: Seat, timeout: float, holds: str | None = MEMBER) -> bool:
        found = self._call(call, seat, timeout, holds)
        if not isinstance(found, Problem):
            return True
        if _answer(found) is CreateAnswer.NOT_FOUND:
            return False
        raise _unexpected(found)

    def _call(self, call: Any, seat: Seat, timeout: float, holds: str | None) -> Problem | None:
        """Make the one HTTP call: None when it succeeded, else what Google said.

        `holds`: the field that every answer to it has; a list may be empty and have none.
        """
        as_student = seat.enrollment_code is not None
        subject = seat.student if as_student else self.administrator
        ends = monotonic() + timeout
        headers = self.identities.headers(subject, as_student=as_student, timeout=timeout)
        left = ends - monotonic()
        if left <= 0:
            raise Unavailable(Reason.CLASSROOM_DOWN, "no time is left after the token")
        problem, retry_after = self._send(
            call, Calling(self.connections.mine(left), headers), holds
        )
        if problem is None:
            return None
        if problem.http == 401 and not self.identities.rejected(subject, headers):
            raise Unavailable(Reason.CLASSROOM_DOWN, "401, the token is renewed")
        found = verdict(problem, as_student=as_student)
        if isinstance(found, Unavailable):
            found.retry_after = retry_after
        if isinstance(found, Trouble):
            raise found
        return problem

    @staticmethod
    def _send(
        call: Any, http: Calling, holds: str | None
    ) -> tuple[Problem | None, timedelta | None]:
        try:
            reply = call.execute(http=http, num_retries=0)
        except Unreached as error:
            raise Unavailable(Reason.CLASSROOM_DOWN, "no connection") from error
        except AnswerLost as error:
            raise Unavailable(Reason.NO_ANSWER, str(error), answer_lost=True) from error
        except ErrorAnswer as error:
            return read_problem(error.http, error.content), _pause(error.retry_after)
        except (ValueError, RecursionError) as error:  # a 200 whose body is no JSON
            raise _not_googles() from error
        # Text is handed on by the client as it is; an object may be anybody's.
        if not isinstance(reply, dict) or (holds not in reply if holds else reply.keys() - LIST):
            raise _not_googles()
        return None, None

    def check_access(self) -> None:
        """Whether the administrator's token can be had. Raises Misconfigured or Unavailable."""
        limit = CLASSROOM_LIMIT.total_seconds()
        self.identities.headers(self.administrator, as_student=False, timeout=limit)

    def close(self) -> None:
        """Close the connections of all threads; none of them may be calling."""
        self.connections.close()


def _user(seat: Seat) -> str:
    """In mode `code` the caller is the student: `me` can be nobody else."""
    return seat.student if seat.enrollment_code is None else "me"


def _answer(problem: Problem) -> CreateAnswer:
    found = verdict(problem, as_student=False)
    if isinstance(found, Trouble):
        raise found
    return found


def _unexpected(problem: Problem) -> Trouble:
    """An answer that means something to students.create and nothing here."""
    if problem.http == 403 and problem.code is None:
        return Unavailable(Reason.NOT_PERMITTED, problem.detail)
    return Unavailable(Reason.UNKNOWN_ANSWER, problem.detail)


def _not_googles() -> Unavailable:
    return Unavailable(Reason.NO_ANSWER, "200 without Classroom's JSON", answer_lost=True)


def _pause(seconds: str | None) -> timedelta | None:
    """How long Google asks us to wait, as far as we would wait anyway."""
    digits = (seconds or "").strip()
    if not (digits.isascii() and digits.isdigit()):
        return None  # or a date: Google sends seconds where it sends any
    return min(timedelta(seconds=int(digits[:9])), BACKOFF_MOST)
