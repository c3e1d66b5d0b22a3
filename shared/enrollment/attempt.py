"""One attempt at Classroom: the calls that one delivery makes, and what they amount to.

Classroom's answers do not all speak for themselves: 409 means student or teacher, 404 course or
person or neither, a bare 403 nothing at all. The rules that find out are here; every single call is
the port's. Facts: common-errors page, discovery document of courses.students.create.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from enrollment.clock import Deadline, ServerTime
from enrollment.entry import Entry
from enrollment.outcome import Outcome
from enrollment.pace import Pace, Permit
from enrollment.policy import Policy
from enrollment.ports import (
    Classroom,
    CreateAnswer,
    InviteAnswer,
    Misconfigured,
    Refused,
    Seat,
    Unavailable,
)
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest, Mode
from enrollment.timing import (
    CLASSROOM_LIMIT,
    CRASH_REST,
    LAPSES,
    LAPSES_MOST,
    LEDGER_LIMIT,
    NOT_FOUND_GAPS,
    PERMIT_LIMIT,
    Waits,
)
from enrollment.witness import Witness

Answer = TypeVar("Answer")

FAILING = frozenset({Reason.CLASSROOM_DOWN, Reason.NO_ANSWER})


@dataclass
class Attempt:
    """One attempt at one request, with the permit for its first call."""

    classroom: Classroom
    pace: Pace
    witness: Witness
    policy: Policy
    waits: Waits
    request: EnrollmentRequest
    entry: Entry
    time: ServerTime
    deadline: Deadline
    permit: Permit | None
    calls: int = field(default=0, init=False)
    answered: bool = field(default=False, init=False)
    exists: bool = field(init=False)

    def __post_init__(self) -> None:
        self.exists = self.entry.exists

    @property
    def seat(self) -> Seat:
        """The seat that is asked for."""
        code = self.request.enrollment_code if self.request.mode is Mode.CODE else None
        return Seat(
            course_id=self.request.course_id, student=self.request.student, enrollment_code=code
        )

    def run(self) -> Outcome:
        """Enroll the student. Raises Refused, Unavailable or Misconfigured."""
        if self.entry.lapses >= LAPSES and self._is_there_after_crashes():
            return Outcome.ENROLLED
        if self.entry.exists:  # told before; only the look-up failed then
            return self._who_is_there()
        return self._outcome(self._call(self.classroom.create_student))

    def _outcome(self, answer: CreateAnswer, *, asked_twice: bool = False) -> Outcome:
        match answer:
            case CreateAnswer.ADDED:
                self._worked()
                return Outcome.ENROLLED
            case CreateAnswer.EXISTS:
                self._worked()
                return self._who_is_there()
            case CreateAnswer.NOT_FOUND:
                raise self._not_found()
            case CreateAnswer.CANNOT_ADD:
                return self._cannot_add()
            case CreateAnswer.FORBIDDEN if asked_twice:
                raise Refused(Reason.COURSE_NOT_PERMITTED)
            case CreateAnswer.FORBIDDEN:
                return self._forbidden()

    def _is_there_after_crashes(self) -> bool:
        """Look it up; where it is not, it rests before the next try, or there is none.

        Its process may have ended for a neighbour's sake, or the power's. Raises Unavailable for a
        rest, and Refused.
        """
        if self._call(self.classroom.is_student):
            return True
        if self.entry.lapses >= LAPSES_MOST:
            raise Refused(Reason.CRASHED)
        if not any(each.reason is Reason.CRASHING for each in self.entry.history[-2:]):
            raise Unavailable(Reason.CRASHING, retry_after=CRASH_REST)
        return False

    def _who_is_there(self) -> Outcome:
        self.exists = True
        if self._call(self.classroom.is_student):
            # If an answer of ours was lost, it most likely was that call which added the student.
            return Outcome.ENROLLED if self.entry.answer_lost else Outcome.ALREADY_ENROLLED
        if self._call(self.classroom.is_teacher):
            raise Refused(Reason.IS_TEACHER)
        raise Unavailable(Reason.CONFLICT_UNCLEAR)

    def _not_found(self) -> Refused | Unavailable:
        asked = self.entry.reason_count if self.entry.last_reason is Reason.NOT_FOUND else 0
        missing_before = self.entry.last_reason is Reason.ACCOUNT_MISSING
        if asked < len(NOT_FOUND_GAPS) and not missing_before:
            return Unavailable(Reason.NOT_FOUND)
        if not self._call(self.classroom.course_exists):
            return Refused(Reason.COURSE_UNKNOWN)
        if self.policy.is_own(self.request) and not self._waited(
            Reason.ACCOUNT_MISSING, self.waits.account_missing.total_seconds()
        ):
            return Unavailable(Reason.ACCOUNT_MISSING)
        return Refused(Reason.STUDENT_UNKNOWN)

    def _cannot_add(self) -> Outcome:
        if self.policy.is_own(self.request) and not self._waited(
            Reason.ACCOUNT_PENDING, self.waits.account_pending.total_seconds()
        ):
            raise Unavailable(Reason.ACCOUNT_PENDING)
        if self.request.mode is Mode.ADMIN and self.policy.may_invite(self.request):
            return self._invite()
        raise Refused(Reason.OUTSIDE_DOMAIN)

    def _invite(self) -> Outcome:
        match self._call(self.classroom.invite):
            case InviteAnswer.INVITED:
                return Outcome.INVITED
            case InviteAnswer.HAS_ROLE:
                return self._has_role()
            case InviteAnswer.NOT_FOUND:
                raise self._not_found()

    def _has_role(self) -> Outcome:
        """Read back: Classroom says the same of a member and of a disabled account."""
        if self._call(self.classroom.is_student):
            return Outcome.ENROLLED if self.entry.answer_lost else Outcome.ALREADY_ENROLLED
        if self._call(self.classroom.is_teacher):
            raise Refused(Reason.IS_TEACHER)
        raise Refused(Reason.ACCOUNT_DISABLED)

    def _forbidden(self) -> Outcome:
        """A bare 403: the course's trouble only if it is said again while another is open to us.

        Our role may have been lost and given back at any moment since.
        """
        if self.request.mode is Mode.CODE:
            raise Refused(Reason.CODE_REFUSED)
        if self.witness.refusal(self.request.course_id, self.time.now()):
            raise Misconfigured(Reason.NOT_ADMINISTRATOR)
        since = self.entry.reason_since if self.entry.last_reason is Reason.NOT_PERMITTED else None
        another = since and self.witness.another_since(self.request.course_id, since)
        if another and self._is_open_to_us(another):
            return self._outcome(self._call(self.classroom.create_student), asked_twice=True)
        raise Unavailable(Reason.NOT_PERMITTED)

    def _is_open_to_us(self, course_id: str) -> bool:
        seat = Seat(course_id=course_id, student=self.request.student)
        try:
            return self._call(lambda _, timeout: self.classroom.course_exists(seat, timeout))
        except Unavailable:
            return False  # the request's own trouble is the 403

    def _waited(self, reason: Reason, seconds: float) -> bool:
        if self.entry.last_reason is not reason or self.entry.reason_since is None:
            return False
        return (self.time.now() - self.entry.reason_since).total_seconds() >= seconds

    def _worked(self) -> None:
        if self.request.mode is Mode.ADMIN:
            self.witness.success(self.request.course_id, self.time.now())

    def _call(self, method: Callable[[Seat, float], Answer]) -> Answer:
        """Make one call under one permit, and tell the pace how it went."""
        permit = self._permit()
        self.calls += 1
        try:
            answer = method(self.seat, self.deadline.within(CLASSROOM_LIMIT))
        except Unavailable as trouble:
            # A lost answer to a look-up has changed nothing.
            trouble.answer_lost &= method in {self.classroom.create_student, self.classroom.invite}
            if trouble.reason is Reason.RATE_LIMITED:
                self.pace.limited(permit)
            elif trouble.reason in FAILING:
                self.pace.failed(permit)
            else:
                self.pace.succeeded(permit)
            raise
        except (Refused, Misconfigured):
            self.pace.succeeded(permit)
            raise
        except BaseException:
            self.pace.broke(permit)
            raise
        self.pace.succeeded(permit)
        self.answered = True
        return answer

    def _permit(self) -> Permit:
        permit, self.permit = self.permit, None
        patience = min(
            PERMIT_LIMIT.total_seconds(),
            self.deadline.remaining()
            - CLASSROOM_LIMIT.total_seconds()
            - LEDGER_LIMIT.total_seconds(),
        )
        if permit is None and patience > 0:
            return self.pace.take(patience)
        if permit is not None and patience > 0:
            return permit
        if permit is not None:
            self.pace.give_back(permit)
        raise Unavailable(Reason.NO_PERMIT, "no time is left in this delivery")
