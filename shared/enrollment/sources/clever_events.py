"""Clever's events, v3 and before: a section's students, as the difference to those before.

Clever has no event about an enrollment, and pushes none: somebody polls `/events` and posts what is
there, one event or a list, each by itself or in Clever's envelope `{"data": …}`. Addresses and ids
of the SIS stand in events about users and sections (Clever/swagger-api, v3.1-events.yml).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from enrollment.sources.candidates import Person, Section
from enrollment.sources.dates import timestamp
from enrollment.sources.events import Passed, Reading, Wish, objects_in, text
from enrollment.sources.known import Known, latest
from enrollment.sources.newest import by_pair, newest_of
from enrollment.sources.rules import ClassFields, PersonFields
from enrollment.sources.skips import SkipReason

PEOPLE = ("users", "students", "teachers")
STUDENT = "student"


def read_clever(body: object) -> Reading:
    """What a body asks for and tells of. Raises Unfit if it holds no event."""
    events = [_unwrapped(*each) for each in objects_in(body)]
    records: list[Wish | Passed] = []
    people: list[tuple[str, Person]] = []
    sections: list[tuple[str, Section]] = []
    for pointer, event in events:
        about, _, what = text(event, "type").partition(".")
        now, at = _object(event), timestamp(text(event, "created"))
        if about in PEOPLE and text(now, "id"):
            people.append((text(now, "id"), _person(now, about, at, gone=what == "deleted")))
        if about == "sections" and text(now, "id"):
            sections.append((text(now, "id"), _section(now, at, gone=what == "deleted")))
            records += _changes(pointer, event, now, what)
        else:
            records.append(_other(pointer) if about else _nameless(pointer))
    decided = newest_of(records, by_pair)
    return Reading(decided, Known(latest(people), latest(sections)), single=len(records) == 1)


def _unwrapped(pointer: str, event: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    inner = event.get("data")
    if "type" not in event and isinstance(inner, Mapping):
        return f"{pointer}/data", inner
    return pointer, event


def _object(event: Mapping[str, Any]) -> Mapping[str, Any]:
    data = event.get("data")
    found = data.get("object") if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _other(pointer: str) -> Passed:
    return Passed(
        pointer=pointer, reason=SkipReason.NO_ENROLLMENT, detail="no students of a section changed"
    )


def _nameless(pointer: str) -> Passed:
    return Passed(pointer=pointer, reason=SkipReason.UNREADABLE_ROW, detail="type is missing")


def _changes(
    pointer: str, event: Mapping[str, Any], section: Mapping[str, Any], what: str
) -> Iterator[Wish | Passed]:
    """One record for each student who came or went."""
    students = _ids(section.get("students"))
    before = [] if what in ("created", "deleted") else _before(event)
    if before is None:  # the list did not change
        yield _other(pointer)
        return
    now = [] if what == "deleted" else students
    # Sets: a section may hold thousands, and looking through lists would take their square.
    was, is_now = set(before), set(now)
    gone = students if what == "deleted" else [each for each in before if each not in is_now]
    came = [each for each in now if each not in was]
    if not came and not gone:
        yield _other(pointer)
    event_id, section_id = text(event, "id"), text(section, "id")
    created = timestamp(text(event, "created"))
    places = {each: number for number, each in enumerate(students)}
    for each in came:
        yield Wish(
            pointer=f"{pointer}/data/object/students/{places[each]}",
            class_id=section_id,
            user_id=each,
            inner=True,
            version=event_id,
            event_id=event_id,
            occurred_at=created,
        )
    for each in gone:
        yield Passed(
            pointer=pointer,
            reason=SkipReason.WITHDRAWN,
            detail="the student is no longer in the section",
            class_id=section_id,
            user_id=each,
            event_id=event_id,
            occurred_at=created,
        )


def _before(event: Mapping[str, Any]) -> list[str] | None:
    """The students before the change; None if the list is not told to have changed.

    The schema places the previous attributes beside `data`, the prose and clients inside of it.
    """
    data = event.get("data")
    for place in (event, data if isinstance(data, Mapping) else {}):
        previous = place.get("previous_attributes")
        if isinstance(previous, Mapping) and "students" in previous:
            return _ids(previous["students"])
    return None


def _ids(told: object) -> list[str]:
    """Ids without repeats, in their order."""
    texts = [each for each in told if isinstance(each, str)] if isinstance(told, list) else []
    return list(dict.fromkeys(each for each in texts if each))


def _person(
    user: Mapping[str, Any], about: str, changed_at: datetime | None, *, gone: bool
) -> Person:
    fields = PersonFields(
        text(user, "sis_id") or _of_student(user, "sis_id") or text(user, "id"),
        text(user, "email"),
        text(user, "credentials", "district_username"),
    )
    role = _other_role(user, about)
    return Person(fields, active=not gone, other_role=role, changed_at=changed_at)


def _of_student(user: Mapping[str, Any], name: str) -> str:
    """Since v3 what belongs to a role stands below it."""
    return text(user, "roles", STUDENT, name)


def _other_role(user: Mapping[str, Any], about: str) -> str:
    roles = user.get("roles")
    if about == "teachers" or (isinstance(roles, Mapping) and roles and STUDENT not in roles):
        return "users gives another role"
    return ""


def _section(section: Mapping[str, Any], changed_at: datetime | None, *, gone: bool) -> Section:
    fields = ClassFields(
        text(section, "sis_id") or text(section, "id"),
        text(section, "section_number"),
        text(section, "course"),
        text(section, "term_id"),
    )
    return Section(fields, active=not gone, changed_at=changed_at)
