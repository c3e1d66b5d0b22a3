"""Google's Classroom as the adapter meets it: a small school behind a fake, and who calls."""

from contextlib import contextmanager

from enrollment.adapters.classroom import GoogleClassroom, LoopbackIdentities
from enrollment.ports import Misconfigured, Refused, Seat, Unavailable
from infra.fake_classroom import FakeClassroom

ADMIN = "admin@northside.example"
TEACHER = "tina@northside.example"
ADA = "ada@northside.example"
BOB = "bob@northside.example"
FAY = "fay@friend.example"
COURSE = "d:math 101"
CODE = "k7xq2p"
PATIENCE = 5.0
SCHOOL = {
    "domains": ["northside.example"],
    "trusted_domains": ["friend.example"],
    "administrator": ADMIN,
    "invitation_quota": 3,
    "accounts": [
        {"email": ADA},
        {"email": FAY},
        {"email": "off@northside.example", "state": "disabled"},
        {"email": "full@northside.example", "state": "groups_full"},
        {"email": "busy@northside.example", "state": "joined_today"},
        {"email": "young@northside.example", "state": "young", "for_calls": 1000},
    ],
    "courses": [
        {"aliases": [COURSE], "owner": TEACHER, "students": [BOB], "enrollment_code": CODE},
        {"aliases": ["d:old"], "state": "ARCHIVED", "enrollment_code": CODE},
        {"aliases": ["d:full"], "member_limit": 1, "enrollment_code": CODE},
        {"aliases": ["d:orphan"], "owner_deleted": True},
        {"aliases": ["p:abroad"], "owner": "head@elsewhere.example"},
    ],
}
CALLS = ("create_student", "is_student", "is_teacher", "course_exists", "invite")


def a_seat(student=ADA, course_id=COURSE, code=None):
    return Seat(course_id=course_id, student=student, enrollment_code=code)


@contextmanager
def a_client(fake, identities=None):
    """The adapter on a fake school; closed at the end."""
    client = GoogleClassroom(ADMIN, identities or LoopbackIdentities(), fake.endpoint)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def a_school(**options):
    """A fake school and the adapter on it."""
    with FakeClassroom(SCHOOL, **options) as fake, a_client(fake) as client:
        yield fake, client


def trouble_of(call, *arguments):
    """The trouble that a port call raises, or None."""
    try:
        call(*arguments)
    except (Refused, Unavailable, Misconfigured) as trouble:
        return trouble
    return None


def outcome(call, *arguments):
    """What a port call amounts to: its answer, or the kind of trouble and its reason."""
    try:
        return call(*arguments)
    except (Refused, Unavailable, Misconfigured) as trouble:
        return type(trouble), trouble.reason
