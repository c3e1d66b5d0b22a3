"""Dataclasses as fields of a document: what is sent of them, and how they are read again.

The types of a dataclass say how: a field that it gains is stored without another word.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import is_dataclass
from datetime import datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from enrollment.adapters.firestore.documents import Document
from enrollment.ports import DamagedStore

Record = TypeVar("Record")

Read = Callable[[Any], Any]
Readings = Mapping[str, Read]
Unreadable = Callable[[str], None]
NOT_SEEN = object()


def readings(kind: type) -> Readings:
    """How each field of a dataclass is read."""
    return {name: _reading(hint) for name, hint in get_type_hints(kind).items()}


def changes(table: Readings, now: object, seen: object = None) -> dict[str, Any]:
    """The fields in which a record differs from what was seen of it; all if nothing was seen."""
    return {
        name: value
        for name in table
        if (value := getattr(now, name)) != getattr(seen, name, NOT_SEEN)
    }


def read(table: Readings, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are there, as arguments; those of a newer version are left out.

    Raises ValueError or TypeError if one is not what it should be.
    """
    return {
        name: reading(fields[name])
        for name, reading in table.items()
        if fields.get(name) is not None
    }


@contextmanager
def reading_document(name: str) -> Iterator[None]:
    """Raise DamagedStore if a document is not what was written; `name` says which one."""
    try:
        yield
    except (ValueError, TypeError):
        raise DamagedStore(f"{name} cannot be read") from None  # the cause repeats what it read


def readable(
    documents: Iterable[Document], read: Callable[[Document], Record], unreadable: Unreadable | None
) -> Iterator[Record]:
    """What can be read of some documents; `unreadable` is told the id of each that cannot.

    Raises DamagedStore if nobody is there to be told.
    """
    for document in documents:
        try:
            yield read(document)
        except DamagedStore:
            if unreadable is None:
                raise
            unreadable(document.id)


def _reading(hint: Any) -> Read:
    if isinstance(hint, UnionType):  # what is None is absent
        (hint,) = (each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is tuple:
        one = _reading(get_args(hint)[0])
        return lambda what: tuple(one(each) for each in _exactly(what, tuple))
    if is_dataclass(hint):
        table = readings(hint)  # type: ignore[arg-type]  # it is a class, not one of its values
        return lambda what: hint(**read(table, _exactly(what, dict)))  # type: ignore[operator]  # as above
    if issubclass(hint, StrEnum):
        choice: type[StrEnum] = hint
        return choice
    kinds = (float, int) if hint is float else (hint,)
    assert hint in (str, int, bool, float, bytes, datetime)
    return lambda what: _exactly(what, *kinds)


def _exactly(what: Any, *kinds: type) -> Any:
    """The value if it is of one of these kinds; True is no number."""
    if type(what) not in kinds:
        raise TypeError
    return what
