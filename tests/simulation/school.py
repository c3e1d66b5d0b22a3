"""The simulated school: what Classroom would do with each call, and what is true of each wish."""

from dataclasses import dataclass, field

from enrollment.policy import Policy
from enrollment.ports import CreateAnswer, InviteAnswer, Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason
from infra.fake_classroom.quota import Window
from tests.simulation.hub import Dead

OWN, ELSEWHERE = "northside.example", "elsewhere.example"
INVITING = "inviting-sis"
POLICY = Policy(own_domains=frozenset({OWN}), inviting_sources=frozenset({INVITING}))
CODE, WRONG_CODE = "abc123", "zzz999"
NEVER = float("inf")
DAY = 86_400.0

# What a wish may come to. Anything else is a lie, or our fault.
TRUTH = {
    "fine": {"enrolled"},
    "member": {"already_enrolled", "enrolled"},  # the latter if an answer was lost on the way
    "teacher": {"is_teacher"},
    "course unknown": {"course_unknown"},
    "course closed": {"course_closed"},
    # Where nothing else ever succeeds, nobody can tell whose fault it is, and patience runs out.
    "course of another domain": {"course_not_permitted", "exhausted"},
    "account unknown": {"student_unknown"},
    "account comes later": {"enrolled"},
    "account too new": {"enrolled"},
    "account never ready": {"outside_domain"},
    "outsider": {"outside_domain"},
    "outsider, may be invited": {"invited"},
    "outsider, disabled": {"account_disabled"},
    "code": {"enrolled"},
    "wrong code": {"code_refused"},
    "code, no access": {"student_access"},
    "joined too much today": {"enrolled"},
    "conflict without a cause": {"conflict_unclear"},
    "ends its process": {"crashed"},
    "breaks our code": {"internal_error"},
}


# What is said of a course that there is not.
MISSING = {
    "create_student": CreateAnswer.NOT_FOUND,
    "invite": InviteAnswer.NOT_FOUND,
    "is_student": False,
    "is_teacher": False,
    "course_exists": False,
}


class PlannedFault(Exception):
    """A fault in our own code, as Python would raise it."""


@dataclass
class Person:
    """Somebody whom a wish names, with what is special about them."""

    kind: str
    exists_at: float = 0.0
    addable_at: float = 0.0


@dataclass
class Course:
    """A course and who is in it."""

    kind: str = "open"
    students: set = field(default_factory=set)
    teachers: set = field(default_factory=set)
    invited: set = field(default_factory=set)


class School:
    """Accounts, courses and the quota, as Google has them."""

    def __init__(self, quota):
        self.people, self.courses = {}, {}
        self.window = Window(quota)
        self.calls, self.refused = 0, 0
        self.faults = []  # what every call meets now

    def enters(self, wish):
        """Make the person and the course that a wish names."""
        name, course = self.course_of(wish)
        there = self.courses.get(name)
        if course is not None and there is None:
            there = self.courses[name] = course
        self.people[self.student_of(wish)] = Person(
            wish.kind,
            exists_at={"account unknown": NEVER, "account comes later": wish.ready_at}.get(
                wish.kind, 0.0
            ),
            addable_at={"account never ready": NEVER, "account too new": wish.ready_at}.get(
                wish.kind, DAY if wish.kind == "joined too much today" else 0.0
            ),
        )
        if wish.kind == "member":
            there.students.add(self.student_of(wish))
        if wish.kind == "teacher":
            there.teachers.add(self.student_of(wish))

    def mend(self, wish):
        """What was wrong with a wish's course or account is put right."""
        person = self.people[self.student_of(wish)]
        person.exists_at = person.addable_at = 0.0
        name, _ = self.course_of(wish)
        self.courses.setdefault(name, Course()).kind = "open"
        self.courses[name].teachers.discard(self.student_of(wish))

    @staticmethod
    def student_of(wish):
        domain = ELSEWHERE if wish.kind.startswith("outsider") else OWN
        return f"s{wish.number}@{domain}"

    @staticmethod
    def course_of(wish):
        """The course's alias, and the course itself unless there is none."""
        match wish.kind:
            case "course unknown":
                return f"d:unknown-{wish.course}", None
            case "course closed":
                return f"d:closed-{wish.course}", Course("closed")
            case "course of another domain":
                return f"d:foreign-{wish.course}", Course("foreign")
            case _:
                return f"d:c{wish.course}", Course()

    def create_student(self, seat, now):
        if seat.enrollment_code not in (None, CODE):
            return CreateAnswer.FORBIDDEN
        course, person = self.courses.get(seat.course_id), self.people[seat.student]
        self._spoils(person)
        if course is None or person.exists_at > now:
            return CreateAnswer.NOT_FOUND
        match course.kind:
            case "foreign":
                return CreateAnswer.FORBIDDEN
            case "closed":
                raise Refused(Reason.COURSE_CLOSED)
        if person.kind == "conflict without a cause":
            return CreateAnswer.EXISTS
        if seat.student in course.students | course.teachers:
            return CreateAnswer.EXISTS
        if person.kind == "joined too much today" and person.addable_at > now:
            raise Unavailable(Reason.JOIN_LIMIT)
        if person.addable_at > now or seat.student.endswith(ELSEWHERE):
            return CreateAnswer.CANNOT_ADD
        course.students.add(seat.student)
        return CreateAnswer.ADDED

    @staticmethod
    def _spoils(person):
        if person.kind == "ends its process":
            raise Dead
        if person.kind == "breaks our code":
            raise PlannedFault

    def is_student(self, seat, _now):
        course = self.courses.get(seat.course_id)
        return course is not None and seat.student in course.students

    def is_teacher(self, seat, _now):
        course = self.courses.get(seat.course_id)
        return course is not None and seat.student in course.teachers

    def course_exists(self, seat, _now):
        return seat.course_id in self.courses

    def invite(self, seat, _now):
        course = self.courses.get(seat.course_id)
        if course is None:
            return InviteAnswer.NOT_FOUND
        disabled = self.people[seat.student].kind == "outsider, disabled"
        if disabled or seat.student in course.students | course.teachers:
            return InviteAnswer.HAS_ROLE
        course.invited.add(seat.student)
        return InviteAnswer.INVITED

    def answer(self, method, seat, now):
        """One call that has arrived, if the caller's token could be had."""
        if seat.enrollment_code and self.people[seat.student].kind == "code, no access":
            raise Refused(Reason.STUDENT_ACCESS)
        self.calls += 1
        if not self.window.admits(now):
            self.refused += 1
            raise Unavailable(Reason.RATE_LIMITED)
        for fault in self.faults:
            answer = self._faulty(fault, method, seat)
            if answer is not None:
                return answer
        return getattr(self, method)(seat, now)

    def _faulty(self, fault, method, seat):
        """What an outage answers to this call; None if it does not concern it."""
        as_student = seat.enrollment_code is not None
        match fault:
            case "classroom 503":
                raise Unavailable(Reason.CLASSROOM_DOWN)
            case "429":
                raise Unavailable(Reason.RATE_LIMITED)
            case "project off":
                raise Misconfigured(Reason.API_DISABLED)
            case "key wrong" if not as_student:
                raise Misconfigured(Reason.CREDENTIALS_REJECTED)
            case "role lost" if not as_student and seat.course_id in self.courses:
                if method == "create_student":
                    return CreateAnswer.FORBIDDEN
                raise Unavailable(Reason.NOT_PERMITTED)
            case "role lost" if not as_student:  # that a course is missing, anybody is told
                return MISSING[method]
        return None
