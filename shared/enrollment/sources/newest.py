"""Of several records of one enrollment in a delivery, the newest decides."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace

from enrollment.sources.events import Passed, Wish
from enrollment.sources.skips import SkipReason

Record = Wish | Passed
# What cannot be read, or is about something else, says nothing of an enrollment.
SILENT = frozenset({SkipReason.UNREADABLE_ROW, SkipReason.NO_ENROLLMENT})


def by_id(record: Record) -> Hashable:
    """One enrollment by its id, for a format where a student may have several in a class."""
    return (record.event_id, *pair) if (pair := by_pair(record)) else None


def by_pair(record: Record) -> tuple[str, str] | None:
    """One enrollment by its class and its person."""
    return (record.class_id, record.user_id) if record.class_id and record.user_id else None


def newest_of(records: Iterable[Record], key: Callable[[Record], Hashable]) -> list[Record]:
    """The records in their order; what a newer one contradicts asks for nothing any more.

    Their own times tell which is newer, where all of an enrollment's have one, else their order.
    """
    told = list(records)
    of_one: dict[Hashable, list[int]] = {}
    for place, record in enumerate(told):
        is_silent = isinstance(record, Passed) and record.reason in SILENT
        if not is_silent and (name := key(record)):
            of_one.setdefault(name, []).append(place)
    for places in of_one.values():
        newest = told[_newest(told, places)]
        for place in places:
            if not _says_the_same(told[place], newest):
                told[place] = _superseded(told[place], newest.pointer)
    return told


def _newest(told: list[Record], places: list[int]) -> int:
    times = [told[place].occurred_at for place in places]
    moments = [each for each in times if each is not None]
    if len(moments) < len(times):
        return places[-1]
    return max(zip(moments, places, strict=True))[1]


def _says_the_same(record: Record, newest: Record) -> bool:
    return replace(record, pointer="") == replace(newest, pointer="")


def _superseded(record: Record, by: str) -> Passed:
    return Passed(
        pointer=record.pointer,
        reason=SkipReason.SUPERSEDED,
        detail=f"{by} is newer and of the same enrollment",
        class_id=record.class_id,
        user_id=record.user_id,
        event_id=record.event_id,
        occurred_at=record.occurred_at,
    )
