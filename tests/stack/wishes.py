"""A school for chaos, and wishes of which it is known beforehand what must become of each."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from enrollment.ports import Message
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from enrollment.wire import encode
from infra.fake_classroom.members import course_id_for

OWN, PARTNER, ELSEWHERE = "northside.example", "partner.example", "elsewhere.example"
ADMIN, TEACHER = f"admin@{OWN}", f"tina@{OWN}"
CODE = "k7mq2w"
MOST = 300  # wishes of one kind; the school knows as many accounts of it
ADDRESSES = (f"@{OWN}", f"@{PARTNER}", f"@{ELSEWHERE}")

ENROLLED, ALREADY, INVITED = "enrolled", "already_enrolled", "invited"

# An inviting source, as a school declares one; without it a foreign address goes to review.
SOURCES = f"""
[school]
domains = ["{OWN}"]
[sources.form]
kind = "web_form"
format = "web_form"
email_domains = ["{OWN}", "{PARTNER}"]
courses = ["d:*"]
mode = "admin"
cannot_add = "invite"
course_id = "d:{{class_id}}"
student = "{{user_email}}"
"""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of wish: what the school has against it, what befalls its calls, and how it ends."""

    name: str
    expected: tuple[str, ...] = (ENROLLED,)
    course: str = "d:math"  # with a * each wish has a course of its own
    domain: str = OWN
    account: dict[str, Any] | None = field(default_factory=dict)  # None: there is none
    faults: tuple[tuple[str, int], ...] = ()  # what its first calls meet, and how often
    request: dict[str, Any] = field(default_factory=dict)
    seated: bool = False  # sits in the course before anybody asks
    ids: int = 1  # how many requests wish the same
    share: int = 1  # of a crowd


PLAIN = Kind(name="plain", share=12)
FULL = Kind(name="full", expected=("rejected:course_full",), course="d:full")
# Is told to come tomorrow, and so acknowledged: `wake` sends it again.
JOINED = Kind(name="joined", account={"state": "joined_today", "for_calls": 1})
CROWDED = Kind(name="crowded", course="d:crowded-*", share=0)  # is made room for later
SLOW = Kind(name="slow", course="d:slow", faults=(("slow", 1),), share=0)
HANGING = Kind(name="hanging", faults=(("hang", 1),), share=0)
KINDS = (
    PLAIN,
    FULL,
    JOINED,
    CROWDED,
    SLOW,
    HANGING,
    # When the answer to a first try was lost, or its worker died, it may have been that very try.
    Kind(name="member", expected=(ALREADY, ENROLLED), course="d:member", seated=True),
    Kind(name="twice", expected=(ENROLLED, ALREADY), ids=2),
    Kind(name="closed", expected=("rejected:course_closed",), course="d:closed"),
    Kind(name="ownerless", expected=("rejected:owner_inactive",), course="d:ownerless"),
    Kind(name="teacher", expected=("rejected:is_teacher",), course="d:taught"),
    Kind(name="disabled", expected=("rejected:account_disabled",), account={"state": "disabled"}),
    Kind(
        name="overfull", expected=("rejected:student_over_limit",), account={"state": "groups_full"}
    ),
    Kind(name="foreign", expected=("rejected:outside_domain",), domain=ELSEWHERE),
    Kind(name="invited", expected=(INVITED,), domain=PARTNER, request={"source": "form"}),
    Kind(name="courseless", expected=("rejected:course_unknown",), course="d:nowhere"),
    Kind(name="nobody", expected=("rejected:student_unknown",), account=None),
    Kind(name="young", account={"state": "young", "for_calls": 1}),
    Kind(name="by-code", request={"mode": "code", "enrollment_code": CODE}),
    Kind(
        name="badcode",
        expected=("rejected:code_refused",),
        request={"mode": "code", "enrollment_code": "wrong"},
    ),
    Kind(name="limited", faults=(("429", 2),)),
    Kind(name="limited-403", faults=(("403_rate", 1),)),
    Kind(name="limited-text", faults=(("429_plain_text", 1),)),
    Kind(name="internal", faults=(("500", 1), ("502_html", 1))),
    Kind(name="away", faults=(("503", 2),)),
    Kind(name="aborted", faults=(("aborted", 2),)),
    Kind(name="phantom", faults=(("phantom_404", 2),)),
    Kind(name="hung-up", faults=(("closed", 1), ("reset", 1))),
    Kind(name="lost", faults=(("reply_lost", 1),), share=2),
    Kind(name="halved", faults=(("truncated_json", 1),)),
    Kind(name="texted", faults=(("not_json_200", 1),)),
)
# Those that are asked for once, and then it is known.
QUICK = tuple(
    kind
    for kind in KINDS
    if not kind.faults and kind.name not in {"young", "joined", "courseless", "nobody"}
)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A request, and the ways in which it may end: any other is wrong."""

    request: EnrollmentRequest = field(repr=False)
    expected: tuple[str, ...]

    @property
    def id(self):
        return self.request.request_id

    @property
    def seat(self):
        """The student and the course as they are asked for."""
        return self.request.course_id, self.request.student


def school():
    """The school as the fake Classroom is told of it, with accounts for every wish."""
    numbers = range(MOST)
    accounts = [
        {"email": _address(kind, number), **kind.account}
        for kind in KINDS
        if kind.account is not None
        for number in numbers
    ]
    teachers = [
        _address(kind, number) for kind in KINDS if kind.name == "teacher" for number in numbers
    ]
    seated = [_address(kind, number) for kind in KINDS if kind.seated for number in numbers]
    crowded = [
        {"aliases": [_course(CROWDED, number)], "owner": TEACHER, "member_limit": 1}
        for number in numbers
    ]
    return {
        "domains": [OWN],
        "administrator": ADMIN,
        "trusted_domains": [PARTNER],
        "accounts": accounts,
        "courses": [
            {"aliases": ["d:math"], "owner": TEACHER, "enrollment_code": CODE},
            {"aliases": ["d:slow"], "owner": TEACHER},
            {"aliases": ["d:full"], "owner": TEACHER, "member_limit": 1},
            {"aliases": ["d:closed"], "owner": TEACHER, "state": "ARCHIVED"},
            {"aliases": ["d:ownerless"], "owner": TEACHER, "owner_deleted": True},
            {"aliases": ["d:taught"], "owner": TEACHER, "teachers": teachers},
            {"aliases": ["d:member"], "owner": TEACHER, "students": seated},
            *crowded,
        ],
    }


class Wishes:
    """Makes wishes, each for a student of its own."""

    def __init__(self, chance, slow_seconds=13.0):
        self._chance, self._slow_seconds = chance, slow_seconds
        self._numbers = {kind.name: count() for kind in KINDS}

    def crowd(self, number, kinds):
        """So many wishes of these kinds, and the rules of the school that go with them."""
        kinds = self._chance.choices(kinds, [kind.share for kind in kinds], k=number)
        made = [self.one(kind) for kind in kinds]
        return [wish for wishes, _ in made for wish in wishes], [
            rule for _, rules in made for rule in rules
        ]

    def one(self, kind):
        """The wishes of one student, and the rules that go with them."""
        number = next(self._numbers[kind.name])
        assert number < MOST, f"the school has no more accounts for wishes of kind {kind.name}"
        wishes = [
            Wish(request=_request(kind, number, letter), expected=kind.expected)
            for letter in "ab"[: kind.ids]
        ]
        user = _address(kind, number)
        rules = [
            {
                "match": {"user": user, "method": "students.create"},
                "fault": fault,
                "times": times,
                **({"seconds": self._slow_seconds} if fault == "slow" else {}),
            }
            for fault, times in kind.faults
        ]
        return wishes, rules


def once_more(wish):
    """The same wish as tonight's roster sends it again, in case it was rejected."""
    again = wish.request.model_copy(update={"retry": True, "received_at": datetime.now(UTC)})
    return Wish(request=again, expected=(ENROLLED,))


def odd_messages(wish):
    """Messages that are no requests, or not what their id stands for: each with its reason."""
    request = wish.request
    said = json.loads(request.model_dump_json())
    newer = {**said, "schema_version": "2", "request_id": "newer:0001"}
    myself = {**said, "student": "me", "request_id": "myself:0001"}
    long_ago = request.model_copy(
        update={
            "request_id": "stale:0001",
            "received_at": datetime.now(UTC) - timedelta(days=90),
        }
    )
    elsewhere = request.model_copy(update={"course_id": "d:somewhere-else"})
    return [
        (Message(b'{"schema_version": "1", "request_id": '), Reason.MALFORMED),
        (Message(json.dumps(newer).encode()), Reason.UNKNOWN_VERSION),
        (Message(json.dumps(myself).encode()), Reason.MALFORMED),
        (encode(long_ago), Reason.TOO_OLD),
        (encode(elsewhere), Reason.ID_REUSED),
    ]


def google_id(course):
    """The id of a course of this school behind its alias."""
    return course_id_for(course)


def _request(kind, number, letter):
    usual = {
        "schema_version": "1",
        "request_id": f"{kind.name}:{number:04}{letter}",
        "action": "enroll",
        "source": "sis",
        "course_id": _course(kind, number),
        "student": _address(kind, number),
        "received_at": datetime.now(UTC),
    }
    return EnrollmentRequest(**(usual | kind.request))


def _course(kind, number):
    return kind.course.replace("*", f"{number:04}")


def _address(kind, number):
    return f"{kind.name}-{number:04}@{kind.domain}"
