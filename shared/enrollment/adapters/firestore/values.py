"""What a document's fields hold, as Firestore's protobuf values."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

SCALARS = {
    str: "string_value",
    bool: "boolean_value",
    int: "integer_value",
    float: "double_value",
    bytes: "bytes_value",
}
NAMES = frozenset(SCALARS.values())
OTHER = object()


def put(value: Any, what: Any) -> None:
    """Write what is known, and not None, into a protobuf value."""
    kind = SCALARS.get(type(what))
    if kind is not None:
        setattr(value, kind, what)
    elif isinstance(what, StrEnum):
        value.string_value = what.value
    elif isinstance(what, datetime):
        value.timestamp_value.FromDatetime(what)
    elif isinstance(what, tuple):
        value.array_value.SetInParent()  # an empty list is a list too
        for each in what:
            put(value.array_value.values.add(), each)
    elif is_dataclass(what):
        for field in fields(what):
            if (inner := getattr(what, field.name)) is not None:
                put(value.map_value.fields[field.name], inner)
    else:
        raise TypeError(f"a document cannot hold a {type(what).__name__}")


def taken(value: Any) -> Any:
    """What a protobuf value holds; OTHER if it is of a kind that we never write."""
    kind = value.WhichOneof("value_type")
    if kind in NAMES:
        return getattr(value, kind)
    match kind:
        case "timestamp_value":
            return value.timestamp_value.ToDatetime(tzinfo=UTC)
        case "array_value":
            return tuple(taken(each) for each in value.array_value.values)
        case "map_value":
            return {name: taken(each) for name, each in value.map_value.fields.items()}
        case "null_value":
            return None
        case _:
            return OTHER
