"""What `sources.toml` says of a form: where it is, what its answers mean, who is believed."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from enrollment.request import ADDRESS, COURSE_ID, Mode
from enrollment.sources.checks import nearest
from enrollment.sources.proof import EXAMPLE
from enrollment.verify.schemes import Name

SIGN_IN = Name.GOOGLE_SIGN_IN
RESPONDENT = "respondent"  # of a Google Form: whoever is signed in and answers
# What an answer may hold. A course is a choice, or what the school calls the class.
ASKED = ("course", "student", "user_id", "enrollment_code")
FORM_ID = re.compile(r"[A-Za-z0-9_-]{20,128}")
PUBLISHED = "1FAIpQLS"  # so begin the ids of /d/e/…/viewform, which the API does not know
ON_A_PAGE = frozenset({"title", "note"})
AT_GOOGLE = frozenset({"id", "owner", "questions", "respondents"})
A_FORM = 'form = { id = "18Xgmr4X…", questions = { course = "3e555b2b", student = "respondent" } }'


def _choices(said: Mapping[str, str]) -> Mapping[str, str]:
    """What people choose, and the course that each is."""
    for number, course_id in enumerate(said.values(), 1):
        if not COURSE_ID.fullmatch(course_id):
            raise ValueError(
                f"gives choice {number} no course: write Classroom's number of it,"
                " or an alias like d:MATH-101-3"
            )
    if any(not label.strip() or len(label) > 200 for label in said):
        raise ValueError("has a choice without a name, or one of more than 200 letters")
    named = {" ".join(label.split()): course_id for label, course_id in said.items()}
    if len(named) < len(said):
        raise ValueError("has two choices that differ by white space alone, which nobody can see")
    return named


def _questions(said: Mapping[str, str]) -> Mapping[str, str]:
    """Which question asks what, by Google's ids of questions: a title may change."""
    for key in said:
        if key not in ASKED:
            raise ValueError(f"names {key}{nearest(key, ASKED)}: the keys are {', '.join(ASKED)}")
    if "course" not in said or not {"student", "user_id"} & said.keys():
        raise ValueError("does not say who joins what: write course, and student or user_id")
    if any(not value.strip() for value in said.values()):
        raise ValueError("has an empty id: write Google's id of the question, such as 3e555b2b")
    return dict(said)


def _form_id(text: str) -> str:
    if text.startswith(PUBLISHED):
        raise ValueError(
            "is where people answer: open the form's editor, and write what stands between /d/ and"
            " /edit in the address there"
        )
    if not FORM_ID.fullmatch(text):
        raise ValueError("is no form: write what stands between /d/ and /edit in its address")
    return text


def _address(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise ValueError("is no e-mail address")
    return text.lower()


Address = Annotated[str, AfterValidator(_address)]


class Form(BaseModel):
    """A form. Without `choices` people write the class themselves, and the rules decide.

    `approval`: a person approves each request before it is sent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    choices: Annotated[Mapping[str, str], AfterValidator(_choices)] = {}
    approval: bool = False
    # Of a hosted page.
    title: Annotated[str, Field(min_length=1, max_length=100)] = "Join a class"
    note: Annotated[str, Field(max_length=1000)] = ""
    # Of a Google Form whose responses are read by its API.
    id: Annotated[str, AfterValidator(_form_id)] | None = None
    owner: Address | None = None  # on whose behalf it is read; None: it is shared with the service
    questions: Annotated[Mapping[str, str], AfterValidator(_questions)] = {}
    respondents: tuple[Address, ...] = ()  # who may ask for somebody else

    @property
    def is_read(self) -> bool:
        """Whether its responses are read by the API of Google Forms."""
        return self.id is not None


def form_faults(kind: object, table: Mapping[str, object]) -> Iterator[str]:
    """What of a declaration does not go together for want of, or because of, a form."""
    verify, form = table.get("verify"), table.get("form")
    if isinstance(verify, dict) and verify.get("scheme") == SIGN_IN and kind != "web_form":
        yield f"verify.scheme is {SIGN_IN}: only people at a web_form sign in"
    if isinstance(form, dict):
        yield from _halves(kind, form)
    is_read = isinstance(form, dict) and "id" in form
    if kind == "google_form" and verify is None and not is_read:
        yield f"verify is missing: a form's script proves itself, as in {EXAMPLE}; or {A_FORM}"
    if kind in ("web_form", "google_form") and table.get("mode") == Mode.CODE:
        yield from _code_faults(form, proved=verify is not None or is_read)


def _halves(kind: object, form: Mapping[str, object]) -> Iterator[str]:
    """What of a form does not belong to this kind, or lacks its other half."""
    if kind == "web_form":
        other, remedy = AT_GOOGLE, "it belongs to the kind google_form"
    elif kind == "google_form":
        other, remedy = ON_A_PAGE, "Google shows the form, with its own title"
    else:
        yield f"form is there: leave it out, because a source of kind {kind} is no form"
        return
    yield from (f"form.{key} is there: {remedy}" for key in sorted(form.keys() & other))
    if "id" in form and "questions" not in form:
        yield f"form.questions is missing: say which question asks what, as in {A_FORM}"
    if "id" not in form and form.keys() & AT_GOOGLE:
        yield f"form.id is missing: say which form is read, as in {A_FORM}"


def _code_faults(form: object, *, proved: bool) -> Iterator[str]:
    """With a code, a student joins by themself: the address is proved and never typed."""
    if not proved:
        yield (
            "mode is code: students prove who they are, as in"
            f' verify = {{ scheme = "{SIGN_IN}", client_id = "…", secrets = ["secret://NAME"] }}'
        )
    asked = form.get("questions") if isinstance(form, dict) else None
    if isinstance(asked, dict):
        if asked.get("student") != RESPONDENT:
            yield f'mode is code: write form.questions.student = "{RESPONDENT}"'
        if "enrollment_code" not in asked:
            yield "mode is code: say in form.questions.enrollment_code which question asks for it"
