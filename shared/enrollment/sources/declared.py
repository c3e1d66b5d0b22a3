"""What `sources.toml` declares: who may send, whom and where to, and how ids become addresses."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from enrollment.sources.checks import nearest, told
from enrollment.sources.columns import by_field, lacking
from enrollment.sources.declaration import Declaration, Declared, School, Verify
from enrollment.sources.forms import Form
from enrollment.sources.kinds import CannotAdd, Format, Kind, contradictions
from enrollment.sources.lookup import LookupPlace
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
    "Verify",
    "parse_declared",
    "read_declared",
]

M = TypeVar("M", bound=BaseModel)
TABLES: Mapping[int | str, type[BaseModel]] = {"form": Form, "lookup": LookupPlace}
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
    faults += _open_to_all(school, declared)
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


def _open_to_all(
    school: School | None, declared: Mapping[str, Declaration | None]
) -> Iterator[str]:
    """Anybody may have a Google account, and what they ask for goes straight on."""
    for name, said in declared.items():
        if said is None or not said.goes_straight_on:
            continue
        if not said.email_domains and school and not school.domains:
            yield (
                f"[sources.{name}] email_domains is missing: say whose accounts may ask, there"
                " or as domains under [school]"
            )
        if said.joins_anything:
            yield (
                f"[sources.{name}] courses is missing: say which classes people may join by"
                " themselves, there or as form.choices; or write form.approval = true"
            )


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
    within = TABLES.get(at[0]) if len(at) > 1 else None
    return tuple((within or model).model_fields)
