"""What `sources.toml` declares: who may send, whom and where to, and how ids become addresses."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from enrollment.request import Mode
from enrollment.sources.checks import (
    columns,
    course_rule,
    domain,
    nearest,
    not_empty,
    secret,
    student_rule,
    told,
)
from enrollment.sources.columns import READY, by_field, lacking
from enrollment.sources.forms import Form
from enrollment.sources.kinds import CannotAdd, Format, Kind, contradictions
from enrollment.sources.lookup import LookupPlace
from enrollment.sources.rules import Refusal, Rules, fields_of
from enrollment.sources.undeclarable import DeclarationError

MOST_BYTES = 1024 * 1024  # a thousand sources; more is another file given by mistake
RESERVED = "requests"  # `GET /requests/{id}` of the intakes
SOURCE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # as `source` of the message

__all__ = [
    "SOURCE_NAME",
    "UNDECLARED",
    "CannotAdd",
    "Declaration",
    "DeclarationError",
    "Declared",
    "Format",
    "Kind",
    "parse_declared",
    "read_declared",
]

M = TypeVar("M", bound=BaseModel)
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


UNDECLARED = Declaration()  # d:{class_id}, {user_email}, mode admin, no allow-lists


def read_declared(path: Path) -> Declared:
    """The declarations of a file. Raises DeclarationError with every fault of it."""
    try:
        return parse_declared(_content(path))
    except DeclarationError as error:
        raise DeclarationError(error.faults, path) from error.__cause__
    except (OSError, UnicodeDecodeError) as error:
        fault = f"{path} cannot be read: SOURCES_FILE must name a UTF-8 text file"
        raise DeclarationError([fault], path) from error


def _content(path: Path) -> str:
    if path.stat().st_size > MOST_BYTES:
        fault = "it is larger than 1 MiB: SOURCES_FILE must name a file of declarations"
        raise DeclarationError([fault])
    return path.read_text(encoding="utf-8")


def parse_declared(text: str) -> Declared:
    """The declarations of a text. Raises DeclarationError with every fault of it."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        fault = f"it is not TOML: {error}"
        raise DeclarationError([fault]) from error
    except RecursionError as error:
        fault = "its lists are nested too deeply: write each list in one pair of brackets"
        raise DeclarationError([fault]) from error
    faults = [
        f"[{name}] is not known here{nearest(name, ('school', 'sources'))}: only [school] and "
        "[sources.NAME] are"
        for name in tables.keys() - {"school", "sources"}
    ]
    school = _checked(School, "[school]", tables.get("school", {}), faults)
    sources = tables.get("sources", {})
    if not isinstance(sources, dict):
        faults.append("sources is not a table: begin each source with [sources.NAME]")
        sources = {}
    declared = {name: _source(name, table, faults) for name, table in sources.items()}
    if faults or school is None:
        raise DeclarationError(sorted(faults))
    return Declared(school=school, sources={n: d for n, d in declared.items() if d is not None})


def _source(name: str, table: object, faults: list[str]) -> Declaration | None:
    place = f"[sources.{name}]"
    if name == RESERVED:
        faults.append(f"{place} is a reserved name: the webhook's own addresses begin with it")
    if not SOURCE_NAME.fullmatch(name):
        faults.append(f"{place} is no name of a source: use letters, digits, . _ - (64 at most)")
    if isinstance(table, dict):
        faults.extend(f"{place} {fault}" for fault in contradictions(table))
    declaration = _checked(Declaration, place, table, faults)
    if declaration and declaration.columns:
        faults.extend(
            f"{place} columns gives no {field}, which a rule names: add it, or change the rule"
            for field in lacking(declaration.needs, by_field(declaration.columns))
        )
    if declaration and declaration.form:
        faults.extend(
            f"{place} form.choices gives choice {number} a course outside of courses: "
            "add it to courses, or leave the choice out"
            for number in declaration.unreachable
        )
    return declaration


def _checked(model: type[M], place: str, table: object, faults: list[str]) -> M | None:
    try:
        return model.model_validate(table)
    except ValidationError as error:
        faults.extend(
            f"{place} {told(each, _keys(model, each['loc']))}"
            for each in error.errors(include_url=False, include_input=False)
        )
        return None


def _keys(model: type[BaseModel], at: tuple[int | str, ...]) -> tuple[str, ...]:
    """The keys of the table in which something was found."""
    table = LookupPlace if at[:1] == ("lookup",) and len(at) > 1 else model
    return tuple(table.model_fields)
