"""The bodies that the doors take and answer, as JSON Schemas of their OpenAPI documents."""

from collections.abc import Collection, Sequence
from typing import Any

from enrollment.outcome import Outcome
from enrollment.problems import TYPE, Kind
from enrollment.reasons import Reason
from enrollment.receipt import Became
from enrollment.sources.events import MOST_RECORDS
from enrollment.sources.native import NativeRequest

Schema = dict[str, Any]


def to(name: str) -> Schema:
    """A reference to one of the schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


def schemas(kinds: Collection[Kind]) -> Schema:
    """All of them by their names; `kinds` are the problems that the door tells of."""
    return {
        **_body(),
        "Told": {"anyOf": [to("One"), to("Many")]},
        "One": _object({**_told(), "duplicate": {"type": "boolean"}}, ["status", "duplicate"]),
        "Many": _many(),
        "Standing": _standing(),
        "Problem": _problem(kinds),
    }


def _body() -> Schema:
    """One request or a batch, by itself or in an envelope: what `read_native` reads, and no more.

    Names that are not known are passed over there, so they are allowed here.
    """
    model = NativeRequest.model_json_schema(ref_template="#/components/schemas/{model}")
    definitions: Schema = model.pop("$defs", {})
    items = {"type": "array", "minItems": 1, "maxItems": MOST_RECORDS, "items": to("Request")}
    enveloped = {"required": ["type", "data"], "properties": {"data": {"type": "object"}}}
    return {
        **definitions,
        "Request": {
            **model,
            "allOf": [_one_of("course_id", "class_id"), _one_of("student", "user_id")],
        },
        "Batch": {
            "type": "object",
            "description": "Each request is answered by itself; 422 if none of them can be done.",
            "properties": {"requests": items},
            "required": ["requests"],
        },
        "Wanted": {
            "anyOf": [{**to("Request"), "not": {"required": ["requests"]}}, to("Batch")],
        },
        "Envelope": {
            "type": "object",
            "description": "As Standard Webhooks advises it.",
            "properties": {"type": {}, "data": {"type": "object", **to("Wanted")}},
            "required": ["type", "data"],
        },
        "Body": {"anyOf": [{**to("Wanted"), "not": enveloped}, to("Envelope")]},
    }


def _one_of(*names: str) -> Schema:
    """One of these names is there; null is as good as left out."""
    given = [{"required": [name], "properties": {name: {"type": "string"}}} for name in names]
    return {"oneOf": given}


def _many() -> Schema:
    told = _object({"pointer": {"type": "string"}, **_told()}, ["pointer", "status"])
    return _object(
        {
            "results": {"type": "array", "items": told},
            **{each.value: {"type": "integer", "minimum": 1} for each in Became},
            "duplicate": {"type": "boolean"},
        },
        ["results", "duplicate"],
    )


def _standing() -> Schema:
    return _object(
        {
            "request_id": {"type": "string"},
            "status": {
                "enum": ["queued", "waiting", "settled", "in_review", "dismissed"],
                "description": (
                    "queued: nothing has worked on it yet. Whoever heard 503 and not of an"
                    " acceptance has to send it again all the same."
                ),
            },
            "outcome": {"enum": [each.value for each in Outcome]},
            "reason": {"enum": [each.value for each in Reason]},
            "sentence": {"type": "string"},
            "next_step": {"type": "string"},
        },
        ["request_id", "status"],
    )


def _problem(kinds: Collection[Kind]) -> Schema:
    fault = _object(
        {
            "pointer": {"type": "string", "description": "RFC 6901"},
            "code": {"type": "string"},
            "detail": {"type": "string"},
        },
        ["pointer", "code", "detail"],
    )
    return _object(
        {
            "type": {"enum": [f"{TYPE}{each.code}" for each in kinds]},
            "title": {"type": "string"},
            "status": {"enum": sorted({each.status for each in kinds})},
            "detail": {"type": "string"},
            "errors": {"type": "array", "items": fault},
        },
        ["type", "title", "status"],
    )


def _told() -> Schema:
    return {
        "status": {"enum": [each.value for each in Became]},
        "request_id": {"type": "string"},
        "status_url": {"type": "string"},
        "reason": {"type": "string"},
        "detail": {"type": "string"},
    }


def _object(properties: Schema, required: Sequence[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }
