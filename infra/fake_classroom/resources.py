"""People, courses and invitations as Classroom shows them: numeric ids, never alias or address.

A caller holds `classroom.rosters` and `classroom.courses.readonly`, so `emailAddress` and
`photoUrl` stay away: they need `classroom.profile.emails` and `…photos` (discovery document).
"""

from infra.fake_classroom.checks import Json
from infra.fake_classroom.members import Account, Course, Invitation


def course(found: Course, *, with_code: bool) -> Json:
    """A Course; the enrollment code only for those who teach or administer it."""
    code = found.enrollment_code if with_code else None
    return {
        "id": found.id,
        "name": found.name,
        "ownerId": found.owner_id,
        "courseState": found.state.value,
        "alternateLink": f"https://classroom.google.com/c/{found.id}",
    } | ({"enrollmentCode": code} if code else {})


def student(found: Course, account: Account) -> Json:
    """A Student."""
    return {"courseId": found.id, "userId": account.id, "profile": profile(account)}


def teacher(found: Course, account: Account) -> Json:
    """A Teacher."""
    return {"courseId": found.id, "userId": account.id, "profile": profile(account)}


def invitation(seat: Invitation) -> Json:
    """An Invitation."""
    return {
        "id": seat.id,
        "userId": seat.user_id,
        "courseId": seat.course_id,
        "role": seat.role.value,
    }


def profile(account: Account) -> Json:
    """A UserProfile; the name is made from the address, since a school file has no names."""
    given, _, family = account.email.partition("@")[0].replace("_", ".").partition(".")
    given, family = given.title(), family.title() or "Northside"
    return {
        "id": account.id,
        "name": {"givenName": given, "familyName": family, "fullName": f"{given} {family}"},
    }
