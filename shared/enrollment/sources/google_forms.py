"""A response of a Google Form, as its API tells it: one wish for each class that was chosen.

Questions are known by Google's ids, which stay when a title is changed. What a person has typed
proves nothing: who is not signed in may be anybody, and asks; a person decides.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from enrollment.request import Mode
from enrollment.sources.answers import course_named, version_of
from enrollment.sources.events import MOST_RECORDS, Passed, Reading, Wish
from enrollment.sources.forms import RESPONDENT, Form
from enrollment.sources.skips import SkipReason

VERIFIED = "VERIFIED"  # of settings.emailCollectionType: Google itself knows who has answered
CODE = re.compile(r"[!-~]{1,64}")
TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?Z")
UNVERIFIED = (
    "nobody saw the form verify who answers when this was sent: approve it if you know that the"
    " student asked for it"
)
# With a code the service acts as the student; on nobody's word but Google's.
UNPROVED = (
    "with a code, Google itself has to know who answers: let the form collect verified addresses,"
    " and the student answer it again"
)
TYPED = "the student was typed by somebody whom `respondents` does not name"
OLD = "the form was answered more than 60 days ago"


@dataclass(frozen=True, kw_only=True)
class Response:
    """One response. `submitted` is Google's own text of the time when it was sent last."""

    response_id: str
    submitted: str
    respondent: str = field(default="", repr=False)
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @property
    def moment(self) -> tuple[str, str]:
        """The time, to be compared with others; no digit of it is cut off."""
        return moment(self.submitted)

    @property
    def submitted_at(self) -> datetime:
        """The time, to the microsecond."""
        return time_of(self.submitted)


def moment(text: str) -> tuple[str, str]:
    """A time of Google's, as second and fraction. Raises ValueError if it is none."""
    found = TIME.fullmatch(text)
    if found is None:
        raise ValueError("it is no time in UTC")
    return found[1], (found[2] or "").ljust(9, "0")


def time_of(text: str) -> datetime:
    """A time of Google's. Raises ValueError if it is none."""
    second, fraction = moment(text)
    return datetime.fromisoformat(f"{second}.{fraction[:6]}+00:00")


def read_response(
    response: Response, form: Form, mode: Mode, *, verified: bool, old: bool = False
) -> Reading:
    """What a response asks for. `verified`: Google itself knows who the respondent is."""
    records = list(_records(response, form, mode, verified=verified, old=old))
    if len(records) > MOST_RECORDS:
        fact = f"{len(records)} classes in one response; it may have at most {MOST_RECORDS}"
        records = [_passed(response, "", SkipReason.UNREADABLE_ROW, fact)]
    return Reading(records)


def _records(
    response: Response, form: Form, mode: Mode, *, verified: bool, old: bool
) -> Iterator[Wish | Passed]:
    asker = _Asker(response, form, verified=verified)
    question = form.questions["course"]
    classes = [" ".join(each.split()) for each in response.answers.get(question, ())]
    code = _one(response, form.questions.get("enrollment_code"))
    if not any(classes):
        yield _passed(
            response, "", SkipReason.NO_COURSE, "the response names no class", user_id=asker.named
        )
    for number, chosen in enumerate(classes):
        place = f"/answers/{question}/textAnswers/answers/{number}/value"
        if not chosen:
            continue
        course_id, class_id = _course(form, chosen)
        if form.choices and not course_id:
            fact = "the answer is none of the `choices` in sources.toml: add it there"
            unknown = SkipReason.CLASS_UNKNOWN
            yield _passed(response, place, unknown, fact, class_id=chosen, user_id=asker.named)
        elif not asker.named:
            fact, nobody = "the response names no student", SkipReason.NO_EMAIL
            yield _passed(response, place, nobody, fact, class_id=course_id or class_id)
        elif mode is Mode.CODE and asker.doubt:
            half, nobody = course_id or class_id, SkipReason.NO_EMAIL
            yield _passed(response, place, nobody, UNPROVED, class_id=half, user_id=asker.named)
        elif mode is Mode.CODE and not CODE.fullmatch(code):
            fact = "the response gives no enrollment code, or more than a code"
            unread = SkipReason.UNREADABLE_ROW
            half = course_id or class_id
            yield _passed(response, place, unread, fact, class_id=half, user_id=asker.named)
        else:
            yield Wish(
                pointer=place,
                course_id=course_id,
                class_id=class_id,
                student=asker.student,
                user_id=asker.user_id,
                enrollment_code=code or None,
                approve=asker.doubt or (OLD if old else ""),
                kind="google_form",
                system=form.id,
                event_id=response.response_id,
                occurred_at=response.submitted_at,
                version=version_of(response.submitted_at.date(), mode),
            )


class _Asker:
    """Whom a response is about, and why that is to be doubted; "" if it is not."""

    def __init__(self, response: Response, form: Form, *, verified: bool) -> None:
        question, respondent = form.questions.get("student"), response.respondent.strip()
        self.user_id = _one(response, form.questions.get("user_id"))
        by_respondent = question == RESPONDENT
        self.student = respondent if by_respondent else _one(response, question)
        self.named = self.student or self.user_id
        is_self = by_respondent or self.student.lower() == respondent.lower() != ""
        if not verified:
            self.doubt = UNVERIFIED
        elif (is_self and self.student) or respondent.lower() in form.respondents:
            self.doubt = ""
        else:
            self.doubt = TYPED


def _course(form: Form, chosen: str) -> tuple[str, str]:
    """A course, or what the school calls the class; of declared choices, the course or nothing."""
    choices = {" ".join(label.split()): course for label, course in form.choices.items()}
    course_id, class_id = course_named(chosen, choices)
    return ("", "") if choices and chosen not in choices else (course_id, class_id)


def _one(response: Response, question: str | None) -> str:
    """The only answer to a question; "" if there are none or several."""
    answers = response.answers.get(question, ()) if question else ()
    return " ".join(answers[0].split()) if len(answers) == 1 else ""


def _passed(
    response: Response,
    pointer: str,
    reason: SkipReason,
    detail: str,
    *,
    class_id: str = "",
    user_id: str = "",
) -> Passed:
    return Passed(
        pointer=pointer,
        reason=reason,
        detail=detail,
        class_id=class_id,
        user_id=user_id,
        event_id=response.response_id,
    )
