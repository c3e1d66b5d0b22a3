"""Does a request keep the contract? If not, Google's 400 INVALID_ARGUMENT says where."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from infra.fake_classroom.contract import Contract, Method, Schema
from infra.fake_classroom.errors import Refusal, invalid

Json = dict[str, Any]

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}
_QUERY_PATTERNS = {"integer": r"-?\d{1,10}", "boolean": r"true|false"}


def query_of(method: Method, raw: str) -> dict[str, str]:
    """The query parameters, each known to the discovery document and of its type."""
    found = dict(parse_qsl(raw, keep_blank_values=True))
    for name, value in found.items():
        schema = method.query.get(name)
        if schema is None:
            raise Refusal(
                invalid(
                    f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query '
                    f"parameter. Field '{name}' could not be found in request message."
                )
            )
        pattern = _QUERY_PATTERNS.get(schema["type"], "(?s:.*)")
        if not re.fullmatch(pattern, value) or value not in schema.get("enum", [value]):
            kind = "TYPE_ENUM" if "enum" in schema else f"TYPE_{schema['type'].upper()}"
            raise Refusal(invalid(f"Invalid value at '{_snake(name)}' ({kind})", _snake(name)))
    return found


def body_of(contract: Contract, method: Method, raw: bytes) -> Json:
    """The request body as an object that fits the method's schema; {} where none is expected."""
    if method.request is None:
        return {}
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        raise Refusal(invalid("Invalid JSON payload received. Unexpected token.")) from None
    if not isinstance(body, dict):
        raise Refusal(invalid("Invalid JSON payload received. Root element must be a message."))
    wrong = misfit(contract, contract.schemas[method.request], body, _snake(method.request))
    if wrong is not None:
        raise Refusal(invalid(*wrong))
    return {name: value for name, value in body.items() if value is not None}


def misfit(contract: Contract, schema: Schema, value: object, place: str) -> tuple[str, str] | None:
    """Why a value does not fit its schema, and where; None if it does."""
    schema = contract.schemas[schema["$ref"]] if "$ref" in schema else schema
    kind = schema.get("type", "object")
    is_flag = isinstance(value, bool) and kind != "boolean"  # Python counts True as an int
    if not isinstance(value, _TYPES[kind]) or is_flag:
        return f"Invalid value at '{place}' (TYPE_{kind.upper()})", place
    if "enum" in schema and value not in schema["enum"]:
        return f"Invalid value at '{place}' (TYPE_ENUM)", place
    if isinstance(value, dict):
        return _object_misfit(contract, schema, value, place)
    if isinstance(value, list):
        found = (misfit(contract, schema["items"], item, place) for item in value)
        return next(filter(None, found), None)
    return None


def _object_misfit(
    contract: Contract, schema: Schema, value: Json, place: str
) -> tuple[str, str] | None:
    properties = schema.get("properties", {})
    for name, item in value.items():
        if name not in properties:
            return (
                f"Invalid JSON payload received. Unknown name \"{name}\" at '{place}': "
                "Cannot find field."
            ), place
        if item is not None:
            wrong = misfit(contract, properties[name], item, f"{place}.{_snake(name)}")
            if wrong is not None:
                return wrong
    return None


def selected_fields(contract: Contract, method: Method, fields: str) -> frozenset[str]:
    """The top-level names of a `fields=` selector; what is nested below them is kept whole."""
    properties = contract.schemas[method.response]["properties"]
    inner_removed = fields
    while "(" in inner_removed:
        shorter = re.sub(r"\([^()]*\)", "", inner_removed)
        if shorter == inner_removed:
            raise Refusal(invalid(f"Invalid field selection {fields}"))
        inner_removed = shorter
    names = {name.strip().partition("/")[0] for name in inner_removed.split(",")}
    unknown = names - properties.keys() - {"*"}
    if unknown:
        raise Refusal(invalid(f"Invalid field selection {min(unknown)}"))
    return frozenset(properties) if "*" in names else frozenset(names)


def _snake(name: str) -> str:
    """`userId` as the messages write it: `user_id`."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
