"""OneRoster 1.1 and 1.2 as JSON, as its REST services answer and as senders post it.

One `enrollment`, or a list of `enrollments`, with `users` and `classes` beside them where a sender
has them. `status` is the state of a record only; dates tell whether the student is in the class.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from enrollment.sources.candidates import Person, Section
from enrollment.sources.dates import ALWAYS, Span, SpanReader, evidence, is_ambiguous, timestamp
from enrollment.sources.events import Fault, Passed, Reading, Unfit, Wish, listed, text
from enrollment.sources.known import Known, latest
from enrollment.sources.newest import by_id, newest_of
from enrollment.sources.oneroster_lists import GONE, NO, STUDENT
from enrollment.sources.roles import OTHERS, no_student
from enrollment.sources.rules import ClassFields, PersonFields
from enrollment.sources.skips import SkipReason
from enrollment.sources.words import is_plain

LISTS = ("enrollments", "users", "classes")
SINGLE = ("enrollment", "user", "class")


def read_oneroster(body: object) -> Reading:
    """What a body asks for and tells of. Raises Unfit if it is none of OneRoster's shapes."""
    if not isinstance(body, Mapping):
        raise Unfit([Fault("", "object_expected", "write a JSON object, as OneRoster has it")])
    enveloped = any(name in body for name in ("enrollment", "enrollments"))
    if "class" in body and "user" in body and not enveloped:  # one record without its envelope
        return Reading([_enrollment("", body)], single=True)
    if not any(name in body for name in (*LISTS, *SINGLE)):
        raise Unfit([Fault("", "enrollment_missing", "write an enrollment or enrollments")])
    told = (_enrollment(*each) for each in listed(body, "enrollment", "enrollments"))
    records = newest_of(told, by_id)
    single = "enrollment" in body and len(records) == 1
    return Reading(records, _known(body), single=single)


def _enrollment(pointer: str, record: object) -> Wish | Passed:
    class_id, user_id = text(record, "class", "sourcedId"), text(record, "user", "sourcedId")
    event_id = text(record, "sourcedId") or None
    modified = text(record, "dateLastModified")

    def passed(reason: SkipReason, detail: str) -> Passed:
        return Passed(
            pointer=pointer,
            reason=reason,
            detail=detail,
            class_id=class_id,
            user_id=user_id,
            event_id=event_id,
            occurred_at=timestamp(modified),
        )

    needed = {"class.sourcedId": class_id, "user.sourcedId": user_id, "role": text(record, "role")}
    status = text(record, "status").casefold()
    if empty := [name for name, value in needed.items() if not value]:
        # Of what is gone some senders tell the id alone, and nobody could complete it.
        if status in GONE and event_id and len(empty) == len(needed):
            return passed(SkipReason.WITHDRAWN, f"the status is {status}")
        return passed(SkipReason.UNREADABLE_ROW, f"{', '.join(empty)} is missing")
    role = needed["role"]
    if role.casefold() != STUDENT:
        return passed(*no_student(role))
    if status in GONE:
        return passed(SkipReason.WITHDRAWN, f"the status is {status}")
    if status not in ("", "active"):
        named = f"the status {status} is" if is_plain(status) else "the status is"
        return passed(SkipReason.UNKNOWN_STATUS, f"{named} not active or tobedeleted")
    begin = text(record, "beginDate")
    return Wish(
        pointer=pointer,
        class_id=class_id,
        user_id=user_id,
        span=_span("enrollment", begin, text(record, "endDate")),
        version=modified or begin,
        event_id=event_id,
        occurred_at=timestamp(modified),
    )


def _span(of: str, begin: str, end: str) -> Span:
    """The span of one record: no column is there to tell the order of its days and months."""
    if not begin and not end:
        return ALWAYS
    doubtful = is_ambiguous(begin) or is_ambiguous(end)
    if doubtful and not evidence(begin) | evidence(end):
        return Span(fault="a date could be read day first or month first: write year-month-day")
    return SpanReader(of, ("beginDate", "endDate"), [(begin, end)]).read(begin, end)


def _known(body: Mapping[str, Any]) -> Known:
    """The people and classes that stand in the body; what has no id tells of nobody."""
    people = [_person(record) for _, record in listed(body, "user", "users")]
    sections = [_section(record) for _, record in listed(body, "class", "classes")]
    return Known(
        latest((it.fields.user_id, it) for it in people if it.fields.user_id),
        latest((it.fields.class_id, it) for it in sections if it.fields.class_id),
    )


def _person(record: object) -> Person:
    fields = PersonFields(
        text(record, "sourcedId"), text(record, "email"), text(record, "username")
    )
    gone = text(record, "status").casefold() in GONE
    enabled = text(record, "enabledUser").casefold() not in NO
    return Person(
        fields,
        active=enabled and not gone,
        other_role=_other_role(record),
        changed_at=_changed_at(record),
    )


def _changed_at(record: object) -> datetime | None:
    return timestamp(text(record, "dateLastModified"))


def _other_role(record: object) -> str:
    """What says that the person is no student: `role` of 1.1, or all of the `roles` of 1.2."""
    own = [text(record, "role")]
    roles = record.get("roles") if isinstance(record, Mapping) else None
    given = [text(each, "role") for each in roles] if isinstance(roles, list) else own
    words = {each.casefold() for each in given} - {""}
    if not words or STUDENT in words:
        return ""
    role = min(words)
    return f"users gives {f'the role {role}' if role in OTHERS else 'another role'}"


def _section(record: object) -> Section:
    fields = ClassFields(
        text(record, "sourcedId"),
        text(record, "classCode"),
        text(record, "course", "sourcedId"),
        _first_term(record),
    )
    gone = text(record, "status").casefold() in GONE
    return Section(fields, active=not gone, changed_at=_changed_at(record))


def _first_term(record: object) -> str:
    terms = record.get("terms") if isinstance(record, Mapping) else None
    ids = [text(each, "sourcedId") for each in terms] if isinstance(terms, list) else []
    return min(ids, default="")
