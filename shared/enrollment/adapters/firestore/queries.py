"""The parts of a structured query, as Firestore's interface has them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def where(**equal: str) -> dict[str, Any]:
    """The filter of a query: each of these fields has this value."""
    return all_of(
        *(compared(field, "EQUAL", {"string_value": value}) for field, value in equal.items())
    )


def compared(field: str, how: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """One comparison of a filter."""
    return {"field_filter": {"field": {"field_path": field}, "op": how, "value": value}}


def moment(time: datetime) -> dict[str, Any]:
    """A time as a value in a query."""
    return {"timestamp_value": time}


def all_of(*filters: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a query that says what must hold of a document."""
    return {"where": {"composite_filter": {"op": "AND", "filters": list(filters)}}}


def ordered(*fields: str) -> dict[str, Any]:
    """The part of a query that says in which order; ids decide between equals."""
    return {"order_by": [{"field": {"field_path": each}} for each in (*fields, "__name__")]}
