"""Canvas Live Events: an enrollment by Canvas's own ids, which other events explain.

One event, `{"metadata": {"event_name", …}, "body": {…}}`, or a list of them. An enrollment names
neither an address nor an id of the SIS (Canvas data services, event types `enrollment_*`): who
subscribes to `user_*` and `course_section_*` events as well has both told here.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from enrollment.sources.candidates import Person, Section
from enrollment.sources.dates import timestamp
from enrollment.sources.events import Passed, Reading, Wish, objects_in, text
from enrollment.sources.known import Known, latest
from enrollment.sources.newest import by_id, newest_of
from enrollment.sources.roles import no_student
from enrollment.sources.rules import ClassFields, PersonFields, Refusal
from enrollment.sources.skips import SkipReason

ENROLLED = ("active", "invited")
WITHDRAWN = ("deleted", "inactive")
OVER = ("completed",)
NOT_YET = ("creation_pending",)
STUDENT = "studentenrollment"


def read_canvas(body: object) -> Reading:
    """What a body asks for and tells of. Raises Unfit if it holds no event."""
    events = list(objects_in(body))
    records = newest_of((_record(pointer, event) for pointer, event in events), by_id)
    people = latest(
        (text(body, "user_id"), _person(body, changed_at))
        for body, changed_at in _bodies(events, "user")
    )
    sections = latest(
        (text(body, "course_section_id"), _section(body, changed_at))
        for body, changed_at in _bodies(events, "course_section")
    )
    people.pop("", None)
    sections.pop("", None)
    return Reading(records, Known(people, sections), single=len(records) == 1)


def _bodies(
    events: list[tuple[str, Mapping[str, Any]]], about: str
) -> Iterator[tuple[Mapping[str, Any], datetime | None]]:
    """What the events about something say of it, and as of when."""
    for _, event in events:
        if _name(event) in (f"{about}_created", f"{about}_updated"):
            body = event.get("body")
            if isinstance(body, Mapping):
                yield body, timestamp(_updated(event))


def _updated(event: Mapping[str, Any]) -> str:
    return text(event, "body", "updated_at") or text(event, "metadata", "event_time")


def _name(event: Mapping[str, Any]) -> str:
    return text(event, "metadata", "event_name").casefold()


def _record(pointer: str, event: Mapping[str, Any]) -> Wish | Passed:
    body = event.get("body")
    section_id, user_id = text(body, "course_section_id"), text(body, "user_id")
    event_id = text(body, "enrollment_id")
    updated = _updated(event)
    if refusal := _not_wanted(_name(event), body):
        return Passed(
            pointer=pointer,
            reason=refusal.reason,
            detail=refusal.detail,
            class_id=section_id,
            user_id=user_id,
            event_id=event_id,
            occurred_at=timestamp(updated),
        )
    return Wish(
        pointer=pointer,
        class_id=section_id,
        user_id=user_id,
        inner=True,
        version=updated,
        event_id=event_id,
        occurred_at=timestamp(updated),
    )


def _not_wanted(name: str, body: object) -> Refusal | None:
    """Why an event is not the wish to add a student."""
    if not name:  # Canvas writes them in the form of Caliper as well, which holds no such name
        return Refusal(SkipReason.UNREADABLE_ROW, "metadata.event_name is missing")
    if name not in ("enrollment_created", "enrollment_updated"):
        return Refusal(SkipReason.NO_ENROLLMENT, "the event is about something else")
    needed = ("course_section_id", "user_id", "type", "workflow_state")
    if empty := [each for each in needed if not text(body, each)]:
        return Refusal(SkipReason.UNREADABLE_ROW, f"{', '.join(empty)} is missing")
    if text(body, "type").casefold() != STUDENT:
        return no_student(text(body, "type"))
    state = text(body, "workflow_state").casefold()
    if state in ENROLLED:
        return None
    reasons = {
        **dict.fromkeys(WITHDRAWN, SkipReason.WITHDRAWN),
        **dict.fromkeys(OVER, SkipReason.ENDED),
        **dict.fromkeys(NOT_YET, SkipReason.NO_ENROLLMENT),  # it is told again once it is active
    }
    if state in reasons:
        return Refusal(reasons[state], f"the workflow_state is {state}")
    return Refusal(SkipReason.UNKNOWN_STATUS, "the workflow_state is no word of Canvas")


def _person(body: Mapping[str, Any], changed_at: datetime | None) -> Person:
    login, sis_id = text(body, "user_login"), text(body, "user_sis_id")
    fields = PersonFields(sis_id or text(body, "user_id"), text(body, "email"), login)
    gone = text(body, "workflow_state").casefold() in WITHDRAWN
    return Person(fields, active=not gone, changed_at=changed_at)


def _section(body: Mapping[str, Any], changed_at: datetime | None) -> Section:
    fields = ClassFields(
        text(body, "sis_source_id") or text(body, "course_section_id"),
        text(body, "name"),
        text(body, "course_id"),
    )
    gone = text(body, "workflow_state").casefold() in WITHDRAWN
    return Section(fields, active=not gone, changed_at=changed_at)
