"""Whether Classroom answers, and lets us act for the administrator."""

from enrollment.advice import advice
from enrollment.cli.findings import Finding, not_checked, ok, wrong
from enrollment.ports import Misconfigured, Refused, Seat, Unavailable
from enrollment.reasons import Reason
from enrollment.settings import Settings
from enrollment.timing import CLASSROOM_LIMIT
from enrollment.wiring.school import classroom

CHECK = "classroom"
NO_COURSE = "d:asked-by-doctor"  # an alias that nobody gives: that it is unknown is an answer


def check_classroom(settings: Settings) -> Finding:
    """Ask for a token, and with it for a course that is not there: it changes nothing."""
    if settings.administrator is None:
        return not_checked(CHECK, "CLASSROOM_ADMIN is not set")
    if settings.delegate is None and not settings.loopback:
        return not_checked(CHECK, "CLASSROOM_DELEGATE is not set")
    where = settings.endpoint or "Google Classroom"
    try:
        _ask(settings, settings.administrator)
    except Misconfigured as fault:
        if fault.reason is Reason.SIGNING_REFUSED and settings.sqlite_path is None:
            return not_checked(CHECK, "only the function enroll may sign for the administrator")
        told = advice(fault.reason)
        return wrong(CHECK, told.sentence.rstrip("."), told.next_step)
    except Unavailable as trouble:
        return _unanswered(settings, where, trouble)
    except Refused:
        pass  # that is an answer as well
    return ok(CHECK, f"{where} answers {settings.administrator}")


def _ask(settings: Settings, administrator: str) -> None:
    school = classroom(settings)
    try:
        school.check_access()
        seat = Seat(course_id=NO_COURSE, student=administrator)
        try:
            school.course_exists(seat, CLASSROOM_LIMIT.total_seconds())
        except Unavailable as trouble:
            if trouble.reason is not Reason.CLASSROOM_DOWN:
                raise
            school.course_exists(seat, CLASSROOM_LIMIT.total_seconds())  # a token may be renewed
    finally:
        school.close()


def _unanswered(settings: Settings, where: str, trouble: Unavailable) -> Finding:
    told = f"{where} could not be asked ({trouble.reason}, {trouble.detail})"
    if trouble.reason in (Reason.RATE_LIMITED, Reason.NOT_PERMITTED):
        return not_checked(CHECK, told, advice(trouble.reason).next_step)
    if settings.loopback:
        return wrong(CHECK, told, "see that the fake school runs, or unset CLASSROOM_API_ENDPOINT")
    return wrong(
        CHECK, told, "check the network; https://www.google.com/appsstatus tells of outages"
    )
