"""What to tell a person about each reason: what happened, who can mend it, what to do next."""

from dataclasses import dataclass
from enum import StrEnum

from enrollment.reasons import Reason


class Kind(StrEnum):
    """What a reason means for the request."""

    REFUSED = "refused"
    NOT_NOW = "not now"
    MISCONFIGURED = "line held"


class Who(StrEnum):
    """Who can mend it."""

    OFFICE = "school office"
    TEACHER = "teacher of the course"
    ADMINISTRATOR = "Workspace administrator"
    SENDER = "whoever runs the sending system"
    ENGINEER = "whoever runs this service"
    TIME = "nobody: it mends itself"
    NOBODY = "nobody: nothing is wrong"


@dataclass(frozen=True)
class Advice:
    """What a person needs to know: what happened, who can mend it, what to do next."""

    kind: Kind
    sentence: str
    who: Who
    next_step: str


def advice(reason: Reason) -> Advice:
    """The advice for a reason."""
    return ADVICE[reason]


def _refused(sentence: str, who: Who, next_step: str) -> Advice:
    return Advice(Kind.REFUSED, sentence, who, next_step)


def _not_now(sentence: str, next_step: str, who: Who = Who.TIME) -> Advice:
    return Advice(Kind.NOT_NOW, sentence, who, next_step)


def _held(sentence: str, who: Who, next_step: str) -> Advice:
    return Advice(Kind.MISCONFIGURED, sentence, who, next_step)


ADVICE: dict[Reason, Advice] = {
    Reason.COURSE_UNKNOWN: _refused(
        "Google Classroom has no course with this id or alias.",
        Who.OFFICE,
        "Create the course or give it this alias, then replay.",
    ),
    Reason.COURSE_CLOSED: _refused(
        "The course is archived, declined or suspended, so nobody can be added.",
        Who.TEACHER,
        "Restore the course in Classroom, then replay.",
    ),
    Reason.COURSE_FULL: _refused(
        "The course has reached the number of members that Classroom allows.",
        Who.TEACHER,
        "Remove members who left, or split the course, then replay.",
    ),
    Reason.COURSE_NOT_PERMITTED: _refused(
        "Our administrator may not add students to this course, though others work: its owner is "
        "probably outside the school's domain.",
        Who.ADMINISTRATOR,
        "Give the course an owner in the school's domain, then replay.",
    ),
    Reason.OWNER_INACTIVE: _refused(
        "The account that owns the course was deleted.",
        Who.ADMINISTRATOR,
        "Restore the owner's account or transfer the course, then replay.",
    ),
    Reason.STUDENT_UNKNOWN: _refused(
        "Google knows no account with this address.",
        Who.OFFICE,
        "Check the spelling or create the account, then replay with the right address.",
    ),
    Reason.STUDENT_OVER_LIMIT: _refused(
        "The student's account is in as many groups as Google allows and can join no more courses.",
        Who.ADMINISTRATOR,
        "Remove the student from old courses or groups, then replay.",
    ),
    Reason.STUDENT_ACCESS: _refused(
        "The student's own account may not use Classroom or has not allowed this service.",
        Who.ADMINISTRATOR,
        "Switch Classroom and its data access on for the student's unit, then replay.",
    ),
    Reason.CODE_REFUSED: _refused(
        "Classroom did not let the student join with this enrollment code.",
        Who.TEACHER,
        "Check that the code is right and switched on; the student then sends the form again.",
    ),
    Reason.ACCOUNT_DISABLED: _refused(
        "The student's account is suspended or archived.",
        Who.ADMINISTRATOR,
        "Restore the account, then replay.",
    ),
    Reason.OUTSIDE_DOMAIN: _refused(
        "The account is not in the school's domain (or has no mailbox), so it cannot be added "
        "directly.",
        Who.OFFICE,
        "Use the student's school account, or let the teacher send an invitation.",
    ),
    Reason.UNTRUSTED_DOMAIN: _refused(
        "The student's domain is not one that the school's domain trusts.",
        Who.ADMINISTRATOR,
        "Use the student's school account, or trust the domain on both sides, then replay.",
    ),
    Reason.IS_TEACHER: _refused(
        "This person already is a teacher of the course, so Classroom does not add them as a "
        "student.",
        Who.TEACHER,
        "Nothing to do if that is right; else remove them as a teacher, then replay.",
    ),
    Reason.INVALID_REQUEST: _refused(
        "Classroom could not make sense of the course or student in this request.",
        Who.SENDER,
        "Correct it where it was made and send it again.",
    ),
    Reason.MALFORMED: _refused(
        "The message is not an enrollment request that can be read.",
        Who.SENDER,
        "Correct the sending system; the detail names what is wrong.",
    ),
    Reason.UNKNOWN_VERSION: _refused(
        "The message was written for a newer version of this service.",
        Who.ENGINEER,
        "Update this service, or let the sender write schema_version 1, then send it again.",
    ),
    Reason.TOO_OLD: _refused(
        "The request is older than 60 days; the student may have left the course since.",
        Who.OFFICE,
        "Check that it still holds, then replay.",
    ),
    Reason.UNMAPPED: _refused(
        "What a sending system told about a student or a class leads to no account or course here; "
        "the detail says why.",
        Who.OFFICE,
        "Replay with what is missing, or correct it where it comes from and have it sent again.",
    ),
    Reason.NEEDS_APPROVAL: _refused(
        "A person has to approve this request before it is sent; the detail says why.",
        Who.OFFICE,
        "If the student belongs in the course, replay it; if not, dismiss it.",
    ),
    Reason.ID_REUSED: _refused(
        "The sender used the id of an earlier request for another student or course.",
        Who.SENDER,
        "Send it as a new request with an id of its own.",
    ),
    Reason.EXHAUSTED: _refused(
        "It was tried for days and never worked; the last trouble is in the detail.",
        Who.ENGINEER,
        "Find out what kept failing, then replay.",
    ),
    Reason.GIVEN_BACK: _refused(
        "Pub/Sub gave up delivering this request three times; it still waits and is tried.",
        Who.ENGINEER,
        "See why `enroll` did not answer in time; the item closes by itself once it is done.",
    ),
    Reason.CRASHED: _refused(
        "Working on this request ended the program six times.",
        Who.ENGINEER,
        "Look at the log of the last attempt and mend the program, then replay.",
    ),
    Reason.RATE_LIMITED: _not_now(
        "Google's quota for this minute is used up.", "Nothing: it is tried again by itself."
    ),
    Reason.CLASSROOM_DOWN: _not_now(
        "Google Classroom cannot be reached, or answered with an error of its own.",
        "Nothing: it is tried again by itself.",
    ),
    Reason.NO_ANSWER: _not_now(
        "Google Classroom did not answer; the student may or may not have been added.",
        "Nothing: the next attempt finds out.",
    ),
    Reason.NOT_FOUND: _not_now(
        "Classroom says that the course or the student does not exist; it sometimes says so of "
        "valid ones.",
        "Nothing: it is asked again before it is believed.",
    ),
    Reason.ACCOUNT_MISSING: _not_now(
        "There is no account with this address yet; accounts are often made after the roster.",
        "Check that the account is being made; it is asked again for 48 hours.",
        Who.ADMINISTRATOR,
    ),
    Reason.ACCOUNT_PENDING: _not_now(
        "Google does not let this school account be added yet, as with accounts made just now.",
        "Nothing: it is tried again for 6 hours.",
    ),
    Reason.NOT_PERMITTED: _not_now(
        "Classroom refused without naming a cause: either this course or our access is at fault.",
        "Nothing yet: other courses show which of the two it is.",
    ),
    Reason.JOIN_LIMIT: _not_now(
        "The student joined as many courses today as Google allows in one day.",
        "Nothing: it is tried again tomorrow.",
    ),
    Reason.INVITATION_LIMIT: _not_now(
        "The day's number of invitations is used up.", "Nothing: it is tried again tomorrow."
    ),
    Reason.CONFLICT_UNCLEAR: _not_now(
        "Classroom says that the person is already in the course but shows them in no role.",
        "Look at the course in Classroom if it stays so.",
        Who.ADMINISTRATOR,
    ),
    Reason.UNKNOWN_ANSWER: _not_now(
        "Classroom gave an answer that this service does not know; the detail names it.",
        "Nothing yet; if it stays so it comes to review.",
    ),
    Reason.CRASHING: _not_now(
        "Working on this request ended the program; it rests before it is tried again.",
        "Look whether the program is short of memory; a request that goes on like this comes to"
        " review.",
        Who.ENGINEER,
    ),
    Reason.INTERNAL_ERROR: _not_now(
        "This service failed on the request; the fault is ours.",
        "Look at the log and mend the program.",
        Who.ENGINEER,
    ),
    Reason.LINE_HELD: _not_now(
        "All enrollments are held: somebody holds the line, or the service's access is at fault.",
        "See `enrollment line` for who holds it, and why.",
        Who.ENGINEER,
    ),
    Reason.NO_PERMIT: _not_now(
        "The calls that the quota allows are taken at the moment.",
        "Nothing: it is tried again by itself.",
    ),
    Reason.LEDGER_DOWN: _not_now(
        "The memory of requests cannot be reached.", "Check the database.", Who.ENGINEER
    ),
    Reason.TOPIC_DOWN: _not_now(
        "A message could not be published.", "Check Pub/Sub or the queue.", Who.ENGINEER
    ),
    Reason.FORMS_DOWN: _not_now(
        "Google Forms did not answer, or there was no time left to read all that is new.",
        "Nothing to do: the form is read again by itself, from where the reading stopped.",
        Who.TIME,
    ),
    Reason.KEYS_DOWN: _not_now(
        "The published keys by which a sender is known cannot be had.",
        "Check the address under `keys` in sources.toml; the sender sends again.",
        Who.ENGINEER,
    ),
    Reason.SECRETS_DOWN: _not_now(
        "A secret by which a sender is known, or its system is asked, cannot be had.",
        "Check that the secret exists and may be read; the sender sends again.",
        Who.ENGINEER,
    ),
    Reason.SIGN_IN_DOWN: _not_now(
        "Google's sign-in for people at a form cannot be reached.",
        "Nothing if it passes; else check `client_id` and the client's secret in sources.toml.",
        Who.ENGINEER,
    ),
    Reason.SIS_DOWN: _not_now(
        "The sender's own system cannot be asked just now whom or which class an id stands for.",
        "Check `lookup` in sources.toml if it stays so; the sender sends again.",
        Who.ENGINEER,
    ),
    Reason.ADMIN_CLASSROOM_OFF: _held(
        "Classroom is switched off for the administrator whom this service acts for.",
        Who.ADMINISTRATOR,
        "Switch Classroom on for that account; the line reopens by itself.",
    ),
    Reason.ADMIN_API_OFF: _held(
        "Classroom data access is switched off for the administrator whom this service acts for.",
        Who.ADMINISTRATOR,
        "Switch on Classroom API access for that account's unit; the line reopens by itself.",
    ),
    Reason.API_DISABLED: _held(
        "The Classroom API is switched off in the Cloud project.",
        Who.ENGINEER,
        "Switch on classroom.googleapis.com in the project; the line reopens by itself.",
    ),
    Reason.SCOPES_MISSING: _held(
        "The delegation does not include the scope classroom.rosters.",
        Who.ADMINISTRATOR,
        "Add the scope in the Admin console under domain-wide delegation.",
    ),
    Reason.NO_CREDENTIALS: _held(
        "This machine has no Google login that could sign for the service account.",
        Who.ENGINEER,
        "Log in with `gcloud auth application-default login`, or run it where the service account "
        "is attached.",
    ),
    Reason.CREDENTIALS_REJECTED: _held(
        "Google rejects the service's credentials.",
        Who.ENGINEER,
        "Check CLASSROOM_DELEGATE and CLASSROOM_ADMIN.",
    ),
    Reason.DELEGATION_REFUSED: _held(
        "Google does not let the service account act for the administrator.",
        Who.ADMINISTRATOR,
        "Check the delegation's client id and scopes and the administrator's account.",
    ),
    Reason.SIGNING_REFUSED: _held(
        "The service may not sign for its service account.",
        Who.ENGINEER,
        "Grant roles/iam.serviceAccountTokenCreator to the service account on itself.",
    ),
    Reason.NOT_ADMINISTRATOR: _held(
        "Classroom refuses in every course: the account in CLASSROOM_ADMIN is probably no "
        "administrator.",
        Who.ADMINISTRATOR,
        "Make it a domain administrator, or name another account.",
    ),
}
