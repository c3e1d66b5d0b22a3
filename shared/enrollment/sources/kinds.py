"""The closed choices of a source, and which of them do not go together."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from enrollment.request import Mode
from enrollment.sources.forms import form_faults
from enrollment.sources.proof import EXAMPLE, proof_faults


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


# What is posted to a function; a file may be of any format that a roster is recognised as.
POSTED = (Format.NATIVE, Format.ONEROSTER, Format.CANVAS, Format.CLEVER)
FORMATS_OF: Mapping[str, tuple[Format, ...]] = {
    Kind.WEBHOOK: POSTED,
    Kind.API: POSTED,
    Kind.GOOGLE_FORM: (Format.GOOGLE_FORMS,),
    Kind.WEB_FORM: (Format.WEB_FORM,),
}


def contradictions(table: Mapping[str, object]) -> Iterator[str]:
    """What is wrong between keys, found even where single keys are wrong as well."""
    kind = table.get("kind")
    if kind is None:
        yield f"kind is missing: write one of {', '.join(Kind)}"
    verify = table.get("verify")
    if kind in (Kind.WEBHOOK, Kind.API) and verify is None:
        who = "a webhook" if kind == Kind.WEBHOOK else "whoever calls the api"
        yield f"verify is missing: {who} proves itself, as in {EXAMPLE}"
    if isinstance(verify, dict):
        yield from proof_faults(verify)
    yield from form_faults(kind, table)
    if isinstance(kind, str) and kind in FORMATS_OF:
        yield from _format_faults(Kind(kind), table.get("format"))
    elif kind not in (None, Kind.FILE) and "format" not in table:
        yield f"format is missing: write one of {', '.join(Format)}"
    if "columns" in table and table.get("format") != Format.CSV:
        yield 'columns are those of a plain CSV: write format = "csv" as well, or leave them out'
    if "lookup" in table:
        yield from _lookup_faults(kind, table.get("format"))
    if table.get("mode") == Mode.CODE:
        yield from _code_faults(kind, table.get("format"))


def _lookup_faults(kind: object, written: object) -> Iterator[str]:
    """Asked is who knows the ids: the system that posts OneRoster, and no writer of a file."""
    if kind == Kind.FILE:
        yield "lookup is for what is posted: leave it out, because a file lists everybody itself"
    elif written != Format.ONEROSTER:
        yield 'lookup asks OneRoster services: write format = "oneroster" as well, or leave it out'


def _code_faults(kind: object, written: object) -> Iterator[str]:
    """Where no enrollment code can come from, each wish would fail for the lack of one."""
    if kind == Kind.FILE:
        yield "mode is code: write admin, because a file holds no enrollment codes"
    elif written in POSTED and written != Format.NATIVE:
        yield f"mode is code: write admin, because the format {written} holds no enrollment codes"


def _format_faults(kind: Kind, written: object) -> Iterator[str]:
    formats = FORMATS_OF[kind]
    remedy = f"write {'one of ' if len(formats) > 1 else ''}{', '.join(formats)}"
    if written is None:
        yield f"format is missing: {remedy}"
    elif written in set(Format) and written not in formats:
        yield f"format is {written}, which no {kind} is: {remedy}"
