"""What `sources.toml` declares: who may send, whom and where to, and how ids become addresses."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from enrollment.request import Mode
from enrollment.sources.checks import (
    course_rule,
    domain,
    nearest,
    not_empty,
    secret,
    student_rule,
    told,
)
from enrollment.sources.undeclarable import DeclarationError

MOST_BYTES = 1024 * 1024  # a thousand sources; more is another file given by mistake
RESERVED = "requests"  # `GET /requests/{id}` of sis_webhook
SOURCE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # as `source` of the message

M = TypeVar("M", bound=BaseModel)
Texts = tuple[Annotated[str, Field(min_length=1)], ...]
Domains = tuple[Annotated[str, AfterValidator(domain)], ...]


class Kind(StrEnum):
    """How a source reaches us."""

    WEBHOOK = "webhook"
    FILE = "file"
    GOOGLE_FORM = "google_form"
    WEB_FORM = "web_form"
    API = "api"


class Format(StrEnum):
    """What a source writes."""

    NATIVE = "native"
    ONEROSTER = "oneroster"
    CANVAS = "canvas"
    CLEVER = "clever"
    SDS = "sds"
    CSV = "csv"
    GOOGLE_FORMS = "google_forms"
    WEB_FORM = "web_form"


class CannotAdd(StrEnum):
    """What follows when Classroom does not let us add a student directly."""

    REVIEW = "review"
    INVITE = "invite"


class Verify(BaseModel):
    """How a source proves itself; further keys belong to the scheme and are kept as they are."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    scheme: str = Field(min_length=1)
    secrets: tuple[Annotated[str, AfterValidator(secret)], ...] = ()


class Declaration(BaseModel):
    """One source. Without `email_domains` or `courses` nothing is limited."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Kind = Kind.FILE
    format: Format | None = None  # None: recognised by the content, which only files allow
    verify: Verify | None = None
    answer: int = Field(default=202, ge=200, le=299)
    email_domains: Annotated[Domains, AfterValidator(not_empty)] = ()
    courses: Annotated[Texts, AfterValidator(not_empty)] = ()
    mode: Mode = Mode.ADMIN
    cannot_add: CannotAdd = CannotAdd.REVIEW
    course_id: Annotated[str, AfterValidator(course_rule)] = "d:{class_id}"
    student: Annotated[str, AfterValidator(student_rule)] = "{user_email}"


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
        faults.extend(f"{place} {fault}" for fault in _contradictions(table))
    return _checked(Declaration, place, table, faults)


def _contradictions(table: Mapping[str, object]) -> Iterator[str]:
    """What is wrong between keys, found even where single keys are wrong as well."""
    kind = table.get("kind")
    if kind is None:
        yield f"kind is missing: write one of {', '.join(Kind)}"
    if kind == Kind.WEBHOOK and "verify" not in table:
        yield (
            "verify is missing: a webhook proves itself, as in "
            'verify = { scheme = "standard-webhooks", secrets = ["secret://NAME"] }'
        )
    if kind not in (None, Kind.FILE) and "format" not in table:
        yield f"format is missing: write one of {', '.join(Format)}"
    if kind == Kind.FILE and table.get("mode") == Mode.CODE:
        yield "mode is code: write admin, because a file holds no enrollment codes"


def _checked(model: type[M], place: str, table: object, faults: list[str]) -> M | None:
    try:
        return model.model_validate(table)
    except ValidationError as error:
        keys = tuple(model.model_fields)
        faults.extend(
            f"{place} {told(each, keys)}"
            for each in error.errors(include_url=False, include_input=False)
        )
        return None
