"""A source as `sources.toml` declares it, and all of them together."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from enrollment.request import Mode
from enrollment.sources.checks import (
    columns,
    course_rule,
    domain,
    not_empty,
    secret,
    student_rule,
)
from enrollment.sources.columns import READY
from enrollment.sources.forms import Form
from enrollment.sources.kinds import CannotAdd, Format, Kind
from enrollment.sources.lookup import LookupPlace
from enrollment.sources.rules import Refusal, Rules, fields_of
from enrollment.verify.schemes import Name as SchemeName

Texts = tuple[Annotated[str, Field(min_length=1)], ...]
Columns = Annotated[Mapping[str, str], AfterValidator(columns)]
Domains = tuple[Annotated[str, AfterValidator(domain)], ...]


class Verify(BaseModel):
    """How a source proves itself; further keys are those of the scheme, kept as they are."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    scheme: str = Field(min_length=1)
    secrets: tuple[Annotated[str, AfterValidator(secret)], ...] = ()

    @property
    def options(self) -> Mapping[str, object]:
        """What else the scheme is told."""
        return self.model_extra or {}


class Declaration(BaseModel):
    """One source. Without `email_domains` or `courses` nothing is limited.

    `columns` say what the columns of a plain CSV hold, `form` what a form asks.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Kind = Kind.FILE
    format: Format | None = None  # None: recognised by the content, which only files allow
    verify: Verify | None = None
    lookup: LookupPlace | None = None
    answer: int = Field(default=202, ge=200, le=299)
    email_domains: Annotated[Domains, AfterValidator(not_empty)] = ()
    courses: Annotated[Texts, AfterValidator(not_empty)] = ()
    mode: Mode = Mode.ADMIN
    cannot_add: CannotAdd = CannotAdd.REVIEW
    course_id: Annotated[str, AfterValidator(course_rule)] = "d:{class_id}"
    student: Annotated[str, AfterValidator(student_rule)] = "{user_email}"
    columns: Columns = {}
    form: Form | None = None

    @property
    def course_rule(self) -> str:
        """The rule in force: a column of ready courses needs none, and none is added to it."""
        is_ready = READY in self.columns and "course_id" not in self.model_fields_set
        return "{class_id}" if is_ready else self.course_id

    @property
    def unreachable(self) -> Sequence[int]:
        """The choices of its form, counted from 1, that lead where the source may not."""
        rules = Rules(self.course_rule, self.student, self.email_domains, self.courses)
        choices = self.form.choices.values() if self.form else ()
        return [
            number
            for number, course_id in enumerate(choices, 1)
            if isinstance(rules.given_course(course_id), Refusal)
        ]

    @property
    def joins_anything(self) -> bool:
        """Whether a wish is added to any class at all, without a code or a person's approval."""
        limited = self.courses or (self.form and (self.form.choices or self.form.approval))
        return not limited and self.mode is not Mode.CODE

    @property
    def goes_straight_on(self) -> bool:
        """Whether people ask for themselves, and Google's word for who they are is enough."""
        signs_in = self.verify is not None and self.verify.scheme == SchemeName.GOOGLE_SIGN_IN
        return signs_in or (self.form is not None and self.form.id is not None)

    def within(self, own_domains: Collection[str]) -> "Declaration":
        """The same; where it names no domains, the school's own are its limit."""
        if self.email_domains or not own_domains:
            return self
        return self.model_copy(update={"email_domains": tuple(sorted(own_domains))})

    @property
    def needs(self) -> set[str]:
        """The fields that the rules name."""
        return {*fields_of(self.course_rule), *fields_of(self.student)}


class School(BaseModel):
    """The school's own domains."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    domains: Domains = ()


class Declared(BaseModel):
    """The whole of `sources.toml`."""

    model_config = ConfigDict(frozen=True)

    school: School = School()
    sources: Mapping[str, Declaration] = {}
